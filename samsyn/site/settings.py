"""The one settings file. Everything that a place of installation decides is read from the environment, typed.

docs/settings.md lists every name; a test keeps the two alike.
"""

from __future__ import annotations

from pathlib import Path

from samsyn.people.providers import Provider, WrongProvider, read_providers
from samsyn.site.content_policy import POLICY
from samsyn.site.environment import Environment, SettingError, database_from_url, field_keys, public_keys
from samsyn.site.logs import logging_settings
from samsyn.site.village_clients import local_providers

env = Environment()
ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "samsyn"

SAMSYN_MODE = env.one_of("SAMSYN_MODE", ("production", "demo", "test"), "production", "What the house is run as.")
DEMO = SAMSYN_MODE == "demo"
DEBUG = env.flag("SAMSYN_DEBUG", False, "Django's debug pages. Start-up refuses them in production.")
SECRET_KEY = env.text("SAMSYN_SECRET_KEY", "", "Signs sessions and forms. Long and random.", secret=True)
SAMSYN_FIELD_KEYS, SAMSYN_FIELD_KEY_CURRENT = field_keys(
    env.text(
        "SAMSYN_FIELD_KEYS",
        "",
        "Keys that seal identity numbers: name:base64 of 32 bytes, newest first, separated by commas.",
        secret=True,
    )
)
SAMSYN_VAULT_KEYS, SAMSYN_VAULT_KEY_CURRENT = field_keys(
    env.text(
        "SAMSYN_VAULT_KEYS",
        "",
        "Keys of the vault of protected persons: name:base64 of 32 bytes, newest first, separated by commas.",
        secret=True,
    ),
    "SAMSYN_VAULT_KEYS",
)
SAMSYN_SEAL_KEYS, SAMSYN_SEAL_KEY_CURRENT = field_keys(
    env.text(
        "SAMSYN_SEAL_KEYS",
        "",
        "Keys that sign the seal of the trail: name:base64 of 32 bytes, newest first, separated by commas.",
        secret=True,
    ),
    "SAMSYN_SEAL_KEYS",
)
SAMSYN_PARTNER_SEAL_KEYS = public_keys(
    env.text(
        "SAMSYN_PARTNER_SEAL_KEYS",
        "",
        "Public keys of partners whose roots are received: principal/name:base64 of 32 bytes, separated by commas.",
    )
)
SAMSYN_ROOTS_PATH = env.text(
    "SAMSYN_ROOTS_PATH",
    "",
    "File, or folder with a file a day, to which each signed root of the trail is added as a line.",
)
SAMSYN_TOMBSTONES_PATH = env.text(
    "SAMSYN_TOMBSTONES_PATH",
    "",
    "File, outside the database and its backups, to which a line is added for whatever is weeded or revoked.",
)
ALLOWED_HOSTS = env.words("SAMSYN_HOSTS", ("localhost", "127.0.0.1") if DEMO else (), "Host names that are answered.")
TLS = env.flag("SAMSYN_TLS", False, "That the house is reached over TLS, as production must be.")
SAMSYN_PROXY_TELLS_ADDRESS = env.flag(
    "SAMSYN_PROXY_TELLS_ADDRESS",
    False,
    "That the proxy writes X-Forwarded-For itself: then tries are counted by who asks, and not by the proxy.",
)
DATABASE_URL = env.text(
    "SAMSYN_DATABASE_URL",
    f"sqlite:///{ROOT / 'var' / 'samsyn.sqlite3'}",
    "postgresql://user:password@host:port/name, or sqlite:///path for a trial with one principal.",
    secret=True,
)
DATABASES = {"default": database_from_url(DATABASE_URL)}
SAMSYN_SIGN_INS = {
    "web": database_from_url(DATABASE_URL),
    "owner": database_from_url(
        env.text(
            "SAMSYN_OWNER_DATABASE_URL",
            "",
            "The same database as its owner, for migrate, past any proxy. Empty: as SAMSYN_DATABASE_URL, for a trial.",
            secret=True,
        )
        or DATABASE_URL,
        straight=True,
    ),
    "house": database_from_url(
        env.text(
            "SAMSYN_HOUSE_DATABASE_URL",
            "",
            "The same database for tick, worker, commands, past any proxy. Empty: as SAMSYN_DATABASE_URL, for a trial.",
            secret=True,
        )
        or DATABASE_URL,
        straight=True,
    ),
}
SAMSYN_LOGINS = {part: SAMSYN_SIGN_INS[part].get("USER", "") for part in ("web", "house")}
SAMSYN_REGISTER_FILE = env.text(
    "SAMSYN_REGISTER_FILE",
    str(ROOT / "var" / "register.csv") if DEMO else "",
    "Path of the register extract (CSV) for exact look-ups.",
)
SAMSYN_REGISTER_URL = env.text("SAMSYN_REGISTER_URL", "", "Base address of the SS 12000 service for exact look-ups.")
SAMSYN_REGISTER_ISSUER = env.text(
    "SAMSYN_REGISTER_ISSUER",
    "",
    "Who gave the temporary numbers of the register that do not tell it: a municipality code or organisation number.",
)
SAMSYN_REGISTER_CERTIFICATE = env.text(
    "SAMSYN_REGISTER_CERTIFICATE", "", "Path of the certificate, with its key, that is shown to the SS 12000 service."
)
SAMSYN_REGISTER_TOKEN = env.text("SAMSYN_REGISTER_TOKEN", "", "Token for the SS 12000 service.", secret=True)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "samsyn.look",
    "samsyn.law",
    "samsyn.trail",
    "samsyn.people",
    "samsyn.organisations",
    "samsyn.notices",
    "samsyn.duties",
    "samsyn.protection",
    "samsyn.reviews",
    "samsyn.sharing",
    "samsyn.circle",
    "samsyn.early_signals",
    "samsyn.plans",
    "samsyn.retention",
    "samsyn.desk",
    "samsyn.portal",
    "samsyn.public",
    "samsyn.site",
]
MIDDLEWARE = [
    "samsyn.site.asked_from.AskedFrom",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "samsyn.site.middleware.NothingStays",
    "samsyn.site.methods.ThreeMethods",
    "samsyn.site.middleware.OneTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "samsyn.site.middleware.WhoseSession",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "samsyn.site.middleware.StillHere",
    "samsyn.site.middleware.OwnLanguage",
    "samsyn.site.middleware.OneCapacity",
    "samsyn.site.middleware.SignInFirst",
    "samsyn.site.middleware.ProvedRecently",
    "samsyn.site.many_children.ManyChildren",
    "samsyn.site.kept_words.NoWordIsLost",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "samsyn.site.urls"
WSGI_APPLICATION = "samsyn.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csrf",
                "samsyn.site.context.every_page",
            ]
        },
    }
]
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if SAMSYN_MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "samsyn.public.own_words.NotOfThePlace", "OPTIONS": {"min_length": 14}},
    {"NAME": "samsyn.people.leaked.NotLeaked"},
]
LOGIN_URL = "public:sign_in"
LOGIN_REDIRECT_URL = "desk:day"
LOGOUT_REDIRECT_URL = "public:signed_out"
SAMSYN_PASSWORDS = env.flag(
    "SAMSYN_PASSWORDS", False, "Also let accounts in by name and password: for a place whose provider is not ready yet."
)
SAMSYN_LEAKED_PASSWORDS_FILE = env.text(
    "SAMSYN_LEAKED_PASSWORDS_FILE", "", "Path of the file of leaked passwords that no account may have: see below."
)
SAMSYN_LOCAL_PROVIDER = env.text(
    "SAMSYN_LOCAL_PROVIDER", "", "Address of the village's own OpenID provider. Demo and tests only."
)
try:
    SAMSYN_PROVIDERS: tuple[Provider, ...] = read_providers(
        env.text("SAMSYN_PROVIDERS_FILE", "", "Path of the TOML file that names the OpenID providers: see below.")
    )
except WrongProvider as wrong:
    raise SettingError(str(wrong)) from wrong
if SAMSYN_LOCAL_PROVIDER and SAMSYN_MODE != "production":
    SAMSYN_PROVIDERS += local_providers(SAMSYN_LOCAL_PROVIDER, SECRET_KEY)
# Of allauth: OpenID Connect and passkeys. No account is made, and none is found by an address of e-mail.
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
SOCIALACCOUNT_ADAPTER = "samsyn.public.openid.HouseAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # a whole town hall may come from one address
AXES_USERNAME_FORM_FIELD = "username"  # else nobody is told apart, and one who guesses shuts a whole town hall out
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "samsyn.public.failures.too_many_tries"

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "svenska"), ("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Stockholm"
FORMAT_MODULE_PATH: list[str] = []

STATIC_URL = "/static/"
SAMSYN_STATIC_ROOT = env.text(
    "SAMSYN_STATIC_ROOT",
    str(ROOT / "var" / "static"),
    "Folder where `samsyn collect-static` gathers style sheets, scripts and fonts, and `samsyn serve` finds them.",
)
# Only production gathers its files in one place; elsewhere they are found where they lie.
STATIC_ROOT = SAMSYN_STATIC_ROOT if SAMSYN_MODE == "production" else None
STATICFILES_DIRS = [("ds", ROOT / "build" / "assets")] if (ROOT / "build" / "assets").is_dir() else []
WHITENOISE_USE_FINDERS = SAMSYN_MODE != "production"
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "samsyn.site.gathered.GatheredFiles"
        if SAMSYN_MODE == "production"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

SESSION_ENGINE = "samsyn.people.sessions"
SESSION_COOKIE_NAME = "__Host-samsyn" if TLS else "samsyn"
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SAMSYN_IDLE_SECONDS = 60 * env.whole_number(
    "SAMSYN_SESSION_MINUTES", 30, "How long a session lives without a new page: computers at work are shared."
)
SAMSYN_LONGEST_SECONDS = 3600 * env.whole_number(
    "SAMSYN_SESSION_HOURS", 10, "How long a session lives at most: a working day, and never the next one."
)
SAMSYN_RECENT_SECONDS = 60 * env.whole_number(
    "SAMSYN_RECENT_MINUTES", 15, "How long ago one may have signed in where that must be recent: consent, exports."
)
SAMSYN_BEFORE_SIGN_IN_SECONDS = 900
SAMSYN_LEAVE_FOR = env.text(
    "SAMSYN_LEAVE_FOR", "https://www.smhi.se/", "Where the family's way out in a hurry leads: a page that says nothing."
)
LANGUAGE_COOKIE_NAME = "__Host-samsyn-language" if TLS else "django_language"
CSRF_COOKIE_NAME = "__Host-samsyn-form" if TLS else "samsyn-form"
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "samsyn.public.failures.form_not_ours"
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31536000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "samsyn_cache"}}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = POLICY
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

TASKS = {
    "default": {
        # What is to be made lies in the queue by the transaction that asked for it: never one without the other.
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}
LOGGING = logging_settings(
    env.address("SAMSYN_LOG_SERVER", "host:port of a machine that gets the technical log too: syslog over TLS.")
)
SILENCED_SYSTEM_CHECKS: list[str] = []
