"""The console command ``samsyn``: what somebody who runs the house does, in plain words."""

from __future__ import annotations

import argparse
import io
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from samsyn.organisations.import_columns import AGREEMENT, ORGANISATION_COLUMNS, STAFF_COLUMNS, described
from samsyn.site.outside_looks import LOOKS, add_looks

DESCRIPTION = "Run and look after a Samsyn house. Settings come from the environment: see docs/settings.md."

HOUSE, PROVIDER = "samsyn.site.wsgi:application", "samsyn.site.provider.wsgi:application"
IMPORTS = (
    ("import-organisations", "units and posts from a CSV file", described(ORGANISATION_COLUMNS)),
    ("import-staff", "staff and their posts from a CSV file", described(STAFF_COLUMNS)),
    ("import-partnership", "what partners have decided from a TOML file", AGREEMENT),
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="samsyn", description=DESCRIPTION)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    serve = verbs.add_parser("serve", help="answer web requests")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument(
        "--only-the-proxy-reaches-it",
        action="store_true",
        help="say that nothing else reaches the address of --host, as in a container's own network",
    )
    serve.add_argument("--workers", type=int, default=1)
    verbs.add_parser("check", help="say whether the house may start, and if not, why")
    verbs.add_parser("migrate", help="bring the database to this version")
    verbs.add_parser("secure-database", help="make the second lock anew: roles, grants and policies (PostgreSQL)")
    verbs.add_parser("collect-static", help="gather style sheets and scripts for the web server")
    add_looks(verbs)
    worker = verbs.add_parser("worker", help="carry out queued tasks (PDF)")
    worker.add_argument("--batch", action="store_true", help="carry out what is due, then stop")
    tick = verbs.add_parser("tick", help="escalate what is overdue and seal the trail; safe to run twice at once")
    tick.add_argument("--every", type=int, metavar="SECONDS", help="go on, once in so many seconds")
    for verb, words, file in IMPORTS:
        one = verbs.add_parser(
            verb,
            help=f"read {words}; shows a report, and changes only with --apply",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            epilog=file,
        )
        one.add_argument("file")
        one.add_argument("--apply", action="store_true", help="carry the changes out, all of them or none")
    _add_accounts(verbs)
    _add_trail(verbs)
    _add_retention(verbs)
    village = verbs.add_parser("make-village", help="make the fictional village (demo and tests only)")
    village.add_argument("--children", type=int, help="add so many more children, quickly, for measuring")
    links = verbs.add_parser("demo-links", help="print one address for each villager (demo only)")
    links.add_argument("--port", type=int, default=8000)
    provider = verbs.add_parser("provider", help="answer as the village's own OpenID provider (demo and tests only)")
    provider.add_argument("--port", type=int, default=8001)
    manage = verbs.add_parser("manage", help="any other command of Django")
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    return parser


def _add_trail(verbs: Any) -> None:
    verify = verbs.add_parser("verify-trail", help="say whether the trail is whole, and where it is broken first")
    verify.add_argument("--principal", help="only this one: its reference or its name")
    verify.add_argument("--against", metavar="FILE", help="roots that were written out, or kept by a partner")
    export = verbs.add_parser("export-roots", help="print the trail's signed roots for partners elsewhere")
    export.add_argument("--keys", action="store_true", help="print the public keys instead, to be told in another way")
    roots = verbs.add_parser("import-roots", help="keep the roots of a partner elsewhere, as its witness")
    roots.add_argument("file")
    roots.add_argument("--holder", help="the principal that keeps them: its reference or its name")


def _add_retention(verbs: Any) -> None:
    weed = verbs.add_parser("weed", help="show which files are due to be weeded by law; weeds them only with --do")
    how = weed.add_mutually_exclusive_group()
    how.add_argument("--do", action="store_true", help="weed what is due; nothing brings it back")
    how.add_argument("--replay", action="store_true", help="after a restore: weed and revoke again, by the file")
    weed.add_argument("--at-most", type=int, metavar="N", help="stop after so many files")
    keys = verbs.add_parser("keys", help="tell how the keys of persons stand: how many, wrapped by which, missing")
    do = keys.add_mutually_exclusive_group()
    do.add_argument("--wrap-anew", action="store_true", help="wrap every key with the current master keys")
    do.add_argument("--lost", action="store_true", help="go on without what no key opens; nothing undoes it")
    plan = verbs.add_parser("retention-plan", help="note after how many years an authority's own plan lets files go")
    plan.add_argument("authority", help="its reference or its name")
    plan.add_argument("--years", type=int, required=True)
    plan.add_argument("--decision", required=True, help="number or date of the authority's decision")


def _add_accounts(verbs: Any) -> None:
    link = verbs.add_parser("link-sign-in", help="let an account in by a provider's name for the person")
    for name in ("sign_in_name", "provider", "subject"):
        link.add_argument(name)
    close = verbs.add_parser("close-account", help="end an account's sign-ins at once, and let it in no more")
    close.add_argument("sign_in_name")
    password = verbs.add_parser("set-password", help="set the password of an account")
    password.add_argument("sign_in_name")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; give the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.site.settings")
    options = _parser().parse_args(arguments)
    if options.verb == "provider":
        os.environ["DJANGO_SETTINGS_MODULE"] = "samsyn.site.provider.settings"
    import django

    django.setup()
    from django.core.management.base import CommandError, SystemCheckError

    try:
        return _carry_out(options)
    except SystemCheckError as wrong:
        print("Samsyn does not start:\n" + str(wrong), file=sys.stderr)
    except CommandError as wrong:
        print(wrong, file=sys.stderr)
    return 1


def _is_the_house() -> bool:
    """Is this the house itself, and not the provider of the demo, which has a database of its own."""
    from django.apps import apps

    return apps.is_installed("samsyn.people")


def _secure() -> None:
    """Make the second lock anew, in the house."""
    if _is_the_house():
        from samsyn.site.second_lock.install import secure

        secure()


def _part(options: argparse.Namespace) -> str:
    """As whom a command signs in to the database."""
    if (options.verb == "weed" and (options.do or options.replay)) or (options.verb == "keys" and options.lost):
        return "owner"  # nobody else passes what is append-only
    parts = {"migrate": "owner", "secure-database": "owner", "serve": "web", "check": "web"}
    return parts.get(options.verb, "house")


def _carry_out(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    from samsyn.site.second_lock.logins import sign_in_as

    if _is_the_house():
        sign_in_as(_part(options))
    simple: dict[str, tuple[Any, ...]] = {
        "check": ("check",),
        "migrate": ("migrate", "--verbosity", "0"),
        "set-password": ("changepassword", getattr(options, "sign_in_name", "")),
    }
    if options.verb in simple:
        call_command(*simple[options.verb])
        if options.verb == "migrate":
            call_command("createcachetable", verbosity=0)
            _secure()
        return 0
    if options.verb == "manage":
        from django.core.management import execute_from_command_line

        execute_from_command_line(["samsyn manage", *options.rest])
        return 0
    if options.verb in {verb for verb, _words, _file in IMPORTS}:
        call_command(options.verb.replace("-", "_"), options.file, apply=options.apply)
        return 0
    if options.verb in {"verify-trail", "export-roots", "import-roots"}:
        return _trail(options)
    if options.verb in {"weed", "retention-plan", "keys"}:
        return _retention(options)
    if options.verb == "serve":
        call_command("check")
        return _serve(HOUSE, options.host, options.port, options.workers) if _is_ready(options) else 1
    if options.verb in LOOKS:
        return LOOKS[options.verb](options)
    if options.verb == "collect-static":
        return _collect_static()
    if options.verb == "provider":
        from samsyn.site.provider.prepare import prepare

        prepare()
        return _serve(PROVIDER, "127.0.0.1", options.port, 1)
    if options.verb in {"link-sign-in", "close-account"}:
        return _account(options)
    if options.verb == "secure-database":
        _secure()
        return 0
    if options.verb in {"worker", "tick"}:
        return _beside(options)
    if options.verb == "make-village":
        return _make_village(options.children)
    return _demo_links(options.port)


def _beside(options: argparse.Namespace) -> int:
    """Work beside the web, for as long as it is wanted. What stops the web from starting stops this too."""
    from django.core.management import call_command

    call_command("check", stdout=io.StringIO())  # says only why it does not start
    if options.verb == "tick":
        return _tick(options.every)
    if options.batch:
        call_command("db_worker", "--queue-name", "*", "--batch")
        return 0
    from samsyn.site.worker import work_on

    work_on()
    return 0


def _trail(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    if options.verb == "verify-trail":
        call_command("verify_trail", principal=options.principal, against=options.against)
    elif options.verb == "export-roots":
        call_command("export_roots", keys=options.keys)
    else:
        call_command("import_roots", options.file, holder=options.holder)
    return 0


def _retention(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    if options.verb == "weed":
        call_command("weed", do=options.do, replay=options.replay, at_most=options.at_most)
    elif options.verb == "keys":
        call_command("keys", wrap_anew=options.wrap_anew, lost=options.lost)
    else:
        call_command("retention_plan", options.authority, years=options.years, decision=options.decision)
    return 0


def _is_ready(options: argparse.Namespace) -> bool:
    """May the house answer requests: is all there, and does only a proxy reach it? Says what is missing."""
    # Like a request: the web's login may do nothing by itself, and need not know the house's.
    from samsyn.common.second_lock import reading

    with reading():
        complete = _is_complete()
    return complete and _is_gathered() and _is_behind_proxy(options.host, closed=options.only_the_proxy_reaches_it)


def _is_complete() -> bool:
    """Is there a staffed duty desk, so that every question has somebody who answers? Says so when there is not."""
    from samsyn.organisations.desks import installation_is_complete

    decision = installation_is_complete()
    if not decision:
        print("Samsyn does not start: " + decision.reason % decision.values, file=sys.stderr)
    return bool(decision)


def _is_gathered() -> bool:
    """Are the style sheets of production there? Says so when they are not: no page can be shown without them."""
    from django.conf import settings

    gathered = settings.STATIC_ROOT is None or (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    if not gathered:
        print("Samsyn does not start: run `samsyn collect-static` first. No style sheet is there.", file=sys.stderr)
    return gathered


def _is_behind_proxy(host: str, *, closed: bool) -> bool:
    """In production, does only a proxy that ends TLS reach it? Says so when others may: they could say it is TLS.

    ``closed``: whoever starts it says that nothing else reaches the address.
    """
    from django.conf import settings

    behind = settings.SAMSYN_MODE != "production" or closed or host in {"127.0.0.1", "::1", "localhost"}
    if not behind:
        print(
            "Samsyn does not start: let it listen on 127.0.0.1, behind a proxy that ends TLS, or say "
            "--only-the-proxy-reaches-it when that is so (a container's own network).",
            file=sys.stderr,
        )
    return behind


def _collect_static() -> int:
    from django.conf import settings
    from django.core.management import call_command

    if settings.STATIC_ROOT is None:
        print("Only production gathers its files; elsewhere they are found where they lie.")
        return 0
    if not settings.STATICFILES_DIRS:
        print(
            "The design system is not there: run `./dev check` once in the source tree, which fetches it.",
            file=sys.stderr,
        )
        return 1
    call_command("collectstatic", "--noinput", "--clear", "--verbosity", "0")
    return 0


def _account(options: argparse.Namespace) -> int:
    from samsyn.common.decision import Refused
    from samsyn.common.viewer import SYSTEM
    from samsyn.people.actions import close_account, link_provider
    from samsyn.people.models import Account

    account = Account.objects.filter(sign_in_name=options.sign_in_name.casefold()).first()
    if account is None:
        print("No account has this sign-in name.", file=sys.stderr)
        return 1
    try:
        if options.verb == "close-account":
            close_account(SYSTEM, account)
        else:
            link_provider(SYSTEM, account, options.provider, options.subject)
    except Refused as refused:
        print(refused.decision.reason % refused.decision.values, file=sys.stderr)
        return 1
    return 0


def _serve(application: str, host: str, port: int, workers: int) -> int:
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=min(8, 2 * (os.cpu_count() or 1) + 1),  # more than that only wait for each other
        backpressure=64,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]  # granian reads the word
    ).serve()
    return 0


def _tick(every: int | None) -> int:
    from samsyn.site.tick import NotAllDone, go_on, tick

    if every is not None:
        go_on(every, threading.Event())
        return 0
    try:
        tick()
    except NotAllDone as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


def _make_village(children: int | None) -> int:
    from django.core.management import call_command

    call_command("make_village", children=children)
    return 0


def _demo_links(port: int) -> int:
    from samsyn.public.demo import villagers

    for villager in villagers():
        print(f"{villager.words}: http://localhost:{port}/demo/{villager.slug}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
