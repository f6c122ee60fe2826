"""The commands of ``samsyn`` and what each of them takes, in words for whoever runs the house."""

from __future__ import annotations

import argparse
from typing import Any

from samsyn.organisations.import_columns import AGREEMENT, ORGANISATION_COLUMNS, STAFF_COLUMNS, described
from samsyn.site.outside_looks import add_looks

DESCRIPTION = "Run and look after a Samsyn house. Settings come from the environment: see docs/settings.md."

SIGN_IN_NAME = "what the person signs in as"
IMPORTS = (
    ("import-organisations", "units and posts from a CSV file", described(ORGANISATION_COLUMNS)),
    ("import-staff", "staff and their posts from a CSV file", described(STAFF_COLUMNS)),
    ("import-partnership", "what partners have decided from a TOML file", AGREEMENT),
)


def _count(text: str) -> int:
    """A whole number from 1. Raises ArgumentTypeError for anything else."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 up")
    return int(text)


def _port(text: str) -> int:
    """A port. Raises ArgumentTypeError for anything else."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is not a port: a number from 1 to 65535")
    return int(text)


class _Verbs:
    """The commands as they are added; what the list says of one, its own ``--help`` says too."""

    def __init__(self, verbs: Any) -> None:
        self._verbs = verbs

    def add_parser(self, name: str, *, help: str, **more: Any) -> argparse.ArgumentParser:
        """Add a command with the words that say what it does."""
        sentence = help[0].upper() + help[1:] + "."
        added: argparse.ArgumentParser = self._verbs.add_parser(name, help=help, description=sentence, **more)
        return added


def parser() -> argparse.ArgumentParser:
    """What reads the command line."""
    whole = argparse.ArgumentParser(prog="samsyn", description=DESCRIPTION)
    verbs = _Verbs(whole.add_subparsers(dest="verb", required=True, metavar="COMMAND"))
    serve = verbs.add_parser("serve", help="answer web requests")
    serve.add_argument("--port", type=_port, default=8000, help="where it listens (usually 8000)")
    serve.add_argument("--host", default="127.0.0.1", help="the address of this machine to listen on (127.0.0.1)")
    serve.add_argument(
        "--only-the-proxy-reaches-it",
        action="store_true",
        help="say that nothing else reaches the address of --host, as in a container's own network",
    )
    serve.add_argument("--workers", type=_count, default=1, help="how many processes (usually 1)")
    verbs.add_parser("check", help="say whether the house may start, and if not, why")
    verbs.add_parser("migrate", help="bring the database to this version")
    verbs.add_parser("secure-database", help="make the second lock anew: roles, grants and policies (PostgreSQL)")
    verbs.add_parser("collect-static", help="gather style sheets and scripts for the web server")
    add_looks(verbs)
    worker = verbs.add_parser("worker", help="carry out queued tasks (PDF)")
    worker.add_argument("--batch", action="store_true", help="carry out what is due, then stop")
    tick = verbs.add_parser("tick", help="escalate what is overdue and seal the trail; safe to run twice at once")
    tick.add_argument("--every", type=_count, metavar="SECONDS", help="go on, once in so many seconds")
    for verb, words, file in IMPORTS:
        one = verbs.add_parser(
            verb,
            help=f"read {words}; shows a report, and changes only with --apply",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            epilog=file,
        )
        one.add_argument("file", help="the file to read")
        one.add_argument("--apply", action="store_true", help="carry the changes out, all of them or none")
    _add_accounts(verbs)
    _add_trail(verbs)
    _add_retention(verbs)
    village = verbs.add_parser("make-village", help="make the fictional village (demo and tests only)")
    village.add_argument("--children", type=_count, help="add so many more children, quickly, for measuring")
    links = verbs.add_parser("demo-links", help="print one address for each villager (demo only)")
    links.add_argument("--port", type=_port, default=8000, help="where the house listens (usually 8000)")
    provider = verbs.add_parser("provider", help="answer as the village's own OpenID provider (demo and tests only)")
    provider.add_argument("--port", type=_port, default=8001, help="where it listens (usually 8001)")
    manage = verbs.add_parser("manage", help="any other command of Django")
    manage.add_argument("rest", nargs=argparse.REMAINDER, help="the command and what it takes")
    return whole


def _add_trail(verbs: Any) -> None:
    verify = verbs.add_parser("verify-trail", help="say whether the trail is whole, and where it is broken first")
    verify.add_argument("--principal", help="only this one: its reference or its name")
    verify.add_argument("--against", metavar="FILE", help="roots that were written out, or kept by a partner")
    export = verbs.add_parser("export-roots", help="print the trail's signed roots for partners elsewhere")
    export.add_argument("--keys", action="store_true", help="print the public keys instead, to be told in another way")
    roots = verbs.add_parser("import-roots", help="keep the roots of a partner elsewhere, as its witness")
    roots.add_argument("file", help="what export-roots printed there")
    roots.add_argument("--holder", help="the principal that keeps them: its reference or its name")


def _add_retention(verbs: Any) -> None:
    weed = verbs.add_parser("weed", help="show which files are due to be weeded by law; weeds them only with --do")
    how = weed.add_mutually_exclusive_group()
    how.add_argument("--do", action="store_true", help="weed what is due; nothing brings it back")
    how.add_argument("--replay", action="store_true", help="after a restore: weed and revoke again, by the file")
    weed.add_argument("--at-most", type=_count, metavar="N", help="stop after so many files")
    keys = verbs.add_parser("keys", help="tell how the keys of persons stand: how many, wrapped by which, missing")
    do = keys.add_mutually_exclusive_group()
    do.add_argument("--wrap-anew", action="store_true", help="wrap every key with the current master keys")
    do.add_argument("--lost", action="store_true", help="go on without what no key opens; nothing undoes it")
    plan = verbs.add_parser("retention-plan", help="note after how many years an authority's own plan lets files go")
    plan.add_argument("authority", help="its reference or its name")
    plan.add_argument("--years", type=_count, required=True, help="after how many years")
    plan.add_argument("--decision", required=True, help="number or date of the authority's decision")


def _add_accounts(verbs: Any) -> None:
    link = verbs.add_parser("link-sign-in", help="let an account in by a provider's name for the person")
    link.add_argument("sign_in_name", help=SIGN_IN_NAME)
    link.add_argument("provider", help="the provider's word in SAMSYN_PROVIDERS_FILE")
    link.add_argument("subject", help="what the provider calls the person")
    close = verbs.add_parser("close-account", help="end an account's sign-ins at once, and let it in no more")
    close.add_argument("sign_in_name", help=SIGN_IN_NAME)
    password = verbs.add_parser("set-password", help="set the password of an account")
    password.add_argument("sign_in_name", help=SIGN_IN_NAME)
