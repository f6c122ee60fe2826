"""The console command ``samsyn``: what somebody who runs the house does, in plain words."""

from __future__ import annotations

import argparse
import errno
import io
import os
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from samsyn.site.command_line import IMPORTS, parser
from samsyn.site.outside_looks import LOOKS

HOUSE, PROVIDER = "samsyn.site.wsgi:application", "samsyn.site.provider.wsgi:application"


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; give the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.site.settings")
    options = parser().parse_args(arguments)
    if options.verb == "provider":
        os.environ["DJANGO_SETTINGS_MODULE"] = "samsyn.site.provider.settings"
    import django

    django.setup()
    from django.core.management.base import CommandError, SystemCheckError
    from django.db import DatabaseError

    try:
        return _carry_out(options)
    except SystemCheckError as wrong:
        print("Samsyn does not start:\n" + str(wrong), file=sys.stderr)
    except CommandError as wrong:
        print(wrong, file=sys.stderr)
    except DatabaseError as wrong:
        sentence = _why_no_database(wrong)
        if not sentence:
            raise
        print(sentence, file=sys.stderr)
    return 1


def _why_no_database(wrong: Exception) -> str:
    """What to do about a database that cannot be reached or has not this version's tables; "" for other faults."""
    from django.db import DatabaseError, connection

    from samsyn.site.checks import another_version

    connection.close()
    try:
        connection.ensure_connection()
    except DatabaseError:
        told = " ".join(str(wrong).split())
        return f"The database cannot be reached: see that it runs, and that SAMSYN_DATABASE_URL is right. ({told})"
    return " ".join(one.msg for one in another_version())


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
        here = "127.0.0.1"
        return _serve(PROVIDER, here, options.port, 1) if _is_free(here, options.port) else 1
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
    from django.db import connection

    from samsyn.site.checks import another_version

    call_command("check", stdout=io.StringIO())  # says only why it does not start
    connection.ensure_connection()
    if wrong := another_version():  # asked in the demo too: once begun, both go on whatever fails
        print(wrong[0].msg, file=sys.stderr)
        return 1
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
    behind = complete and _is_gathered() and _is_behind_proxy(options.host, closed=options.only_the_proxy_reaches_it)
    return behind and _is_free(options.host, options.port)


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


def _is_free(host: str, port: int) -> bool:
    """Does nobody else listen there? Says so when somebody does.

    The server would share the port with another one of the same user, and each would be given half of the requests: a
    house on a restored copy would take half of what is written.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as wrong:
            why = "another program listens there" if wrong.errno == errno.EADDRINUSE else wrong.strerror or str(wrong)
            print(f"Samsyn does not start: {host} cannot be used with port {port} ({why}).", file=sys.stderr)
            return False
    return True


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
    from django.conf import settings

    from samsyn.common.decision import Refused
    from samsyn.common.viewer import SYSTEM
    from samsyn.people.actions import close_account, link_provider
    from samsyn.people.models import Account

    account = Account.objects.filter(sign_in_name=options.sign_in_name.casefold()).first()
    if account is None:
        print("No account has this sign-in name.", file=sys.stderr)
        return 1
    words = [one.word for one in settings.SAMSYN_PROVIDERS]
    if options.verb == "link-sign-in" and options.provider not in words:
        known = ", ".join(words) or "none"
        print(f"No provider has the word {options.provider}. In SAMSYN_PROVIDERS_FILE: {known}.", file=sys.stderr)
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
