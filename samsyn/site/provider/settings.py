"""Settings of the village's OpenID provider. It shares look and languages with the house, and nothing else."""

from __future__ import annotations

from samsyn.site import settings as house
from samsyn.site.environment import Environment, database_from_url
from samsyn.site.provider.key import signing_key

env = Environment()
DATABASE = env.text("SAMSYN_PROVIDER_DATABASE", str(house.ROOT / "var" / "provider.sqlite3"), "Path of its database.")
HOUSES = env.words("SAMSYN_PROVIDER_HOUSE", ("http://localhost:8000",), "Addresses of the house that it answers to.")

if house.SAMSYN_MODE == "production":
    raise SystemExit("The village's provider lets anybody be anybody, and never runs in production.")

SECRET_KEY = "provider|" + house.SECRET_KEY  # its own cookies and forms; never those of the house
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
DATABASES = {"default": database_from_url(f"sqlite:///{DATABASE}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DEMO = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.idp.oidc",
    "csp",
    "samsyn.look",
    "samsyn.site.provider.apps.ProviderConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "samsyn.site.provider.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csrf",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "account_login"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "village-provider"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "village-provider-form"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {**house.CONTENT_SECURITY_POLICY["DIRECTIVES"], "form-action": ["'self'", "http://localhost:*"]}
}
# One process with several threads: an authorization code is asked for by the thread that happens to be free.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ACCOUNT_EMAIL_VERIFICATION = "none"
IDP_OIDC_ADAPTER = "samsyn.site.provider.oidc.VillageAdapter"
IDP_OIDC_PRIVATE_KEY = signing_key(f"{DATABASE}.key")
IDP_OIDC_ID_TOKEN_EXPIRES_IN = 300
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60

LANGUAGE_CODE, LANGUAGES, LOCALE_PATHS = house.LANGUAGE_CODE, house.LANGUAGES, house.LOCALE_PATHS
USE_I18N = USE_TZ = True
TIME_ZONE = house.TIME_ZONE
STATIC_URL, STATICFILES_DIRS = house.STATIC_URL, house.STATICFILES_DIRS
WHITENOISE_USE_FINDERS, WHITENOISE_AUTOREFRESH = True, False
LOGGING = house.LOGGING
