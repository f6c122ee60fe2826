"""A proxy before the tests' PostgreSQL that lends each of its few connections for one transaction, then to the next."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import psycopg

from tests import environment, postgresql, scratch

PORT = 6432
"""Part of the name of the proxy's socket, which lies in a folder of its own: no other proxy is in the way."""
_OFTEN = 200


class NoProxy(RuntimeError):
    """PgBouncer cannot be found or started; the sentence says why and what to do."""


def _program() -> str:
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if found is None:
        raise NoProxy("There is no PgBouncer on this machine: install one (on Debian `apt-get install pgbouncer`).")
    return found


def _written(folder: Path, database: str, connections: int) -> Path:
    """The proxy's settings: as few connections as are asked for, and nothing that makes it more lenient than it is."""
    server = urlsplit(environment.database_url(database, postgresql.WEB))
    where = f"host={unquote(server.hostname or '')} port={server.port or 5432}"
    (folder / "logins").write_text(f'"{postgresql.WEB}" "{server.password or ""}"\n', encoding="utf-8")
    settings = folder / "settings"
    settings.write_text(
        f"[databases]\n{database} = {where}\n"
        f"[pgbouncer]\nlisten_addr =\nlisten_port = {PORT}\nunix_socket_dir = {folder}\nunix_socket_mode = 0777\n"
        f"auth_type = trust\nauth_file = {folder}/logins\n"
        f"pool_mode = transaction\ndefault_pool_size = {connections}\n",
        encoding="utf-8",
    )
    return settings


@contextmanager
def lending(database: str, connections: int) -> Iterator[str]:
    """A proxy with so many connections to a database, for as long as the block runs. Gives the address of the web.

    Raises NoProxy when there is none, or it does not start.
    """
    folder = scratch.make_folder("samsyn-pool-")
    try:
        who, user = dict[str, object](), postgresql.unprivileged()
        settings = _written(folder, database, connections)
        if user is not None:
            who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            for path in (folder, *folder.iterdir()):
                os.chown(path, user.pw_uid, user.pw_gid)
        folder.chmod(0o755)  # the tests sign in through the socket in it, as the server's own user or another
        popen: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen
        with (folder / "log").open("wb") as log:
            proxy = popen(
                [_program(), str(settings)],
                cwd=folder,
                env={"PATH": os.environ.get("PATH", "")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=postgresql.die_with_parent,
                **who,
            )
        try:
            address = f"postgresql://{postgresql.WEB}@{quote(str(folder), safe='')}:{PORT}/{database}"
            _wait_until_it_lends(address, proxy, folder / "log")
            yield address
        finally:
            proxy.kill()  # it keeps nothing that would be lost
            proxy.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_lends(address: str, proxy: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(_OFTEN):
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError:
            try:
                proxy.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        return
    raise NoProxy(f"PgBouncer did not start: {log.read_text()[-500:]}")
