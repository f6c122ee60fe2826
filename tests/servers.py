"""The product as a program of its own: the village made once, and a web server on a copy of it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path
from types import MappingProxyType

from tests import environment, worlds

ROOT = Path(__file__).resolve().parent.parent
_SECONDS_TO_START = 60
_PAUSE = 0.05


class ServerFailed(RuntimeError):
    """A program of ours ended or did not answer; the text carries what it printed."""


def samsyn(*arguments: str) -> list[str]:
    """The console command, from this tree."""
    return [sys.executable, "-m", "samsyn.site.command", *arguments]


def demo_environment(database: str, provider: str = "") -> dict[str, str]:
    """What a demo process is started with, on a database by the name that Django calls it."""
    settings = environment.settings_environment("demo", database)
    # The village writes its register beside the demo's own, unless told where.
    settings["SAMSYN_REGISTER_FILE"] = str(environment.folder() / "register.csv")
    settings |= {"SAMSYN_LOCAL_PROVIDER": provider, "SAMSYN_PASSWORDS": "no"}
    return {**os.environ, **settings, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def run(database: str, *arguments: str) -> str:
    """Run one console command to its end. Returns what it printed; raises ServerFailed when it fails."""
    done = subprocess.run(
        samsyn(*arguments), cwd=ROOT, env=demo_environment(database), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ServerFailed(f"samsyn {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def migrated() -> str:
    """An empty house: its tables and no rows, made once in a test run however many processes ask. Returns its name."""
    return _once("migrated", _migrate)


def village() -> str:
    """The database that holds the village, made once in a test run however many processes ask. Returns its name."""
    return _once("village", _make_village)


def make_village_meanwhile() -> Callable[[], None]:
    """Begin to make the village in a process of its own: whoever asks for it waits until it is there.

    Returns what ends that process, if it is still at it.
    """
    command = [sys.executable, "-c", "from tests import servers; servers.village()"]
    quiet = subprocess.DEVNULL
    maker = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=quiet, stderr=quiet)

    def end() -> None:
        maker.terminate()
        maker.wait()

    return end


def _once(what: str, make: Callable[[], str]) -> str:
    with (environment.folder() / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = environment.folder() / f"{what}.made"
        if not made.exists():
            made.write_text(make())
        return made.read_text()


def _migrate() -> str:
    if environment.on_postgresql():
        database = worlds.create_database()
        run(database, "migrate")
        return database
    # A file, which the next run takes too as long as nothing has changed that makes tables.
    kept = ROOT / "build" / "tests" / f"migrated-{_tables_hash()}.sqlite3"
    if not kept.exists():
        database = worlds.create_database()
        run(database, "migrate")
        kept.parent.mkdir(parents=True, exist_ok=True)
        for older in kept.parent.glob("migrated-*.sqlite3"):
            older.unlink(missing_ok=True)
        Path(worlds.copy_database(database, to=f"{kept}.{os.getpid()}")).replace(kept)
    return worlds.copy_database(str(kept))


def _tables_hash() -> str:
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted(ROOT.glob("samsyn/**/migrations/*.py")):
        digest.update(path.read_bytes())
    digest.update((ROOT / "samsyn" / "common" / "triggers.py").read_bytes())
    return digest.hexdigest()[:16]


def _make_village() -> str:
    database = worlds.copy_database(migrated())
    run(database, "make-village")
    return database


def free_port() -> int:
    """A port of this machine that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_pair() -> int:
    """A port that nobody listens on, and neither on the next one, where the demo has its provider."""
    while True:
        port = free_port()
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port + 1))
            return port


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        """Follow nothing: an answer is looked at as it is."""


def get(port: int, path: str, **headers: str) -> HTTPResponse:
    """What the server on a port of this machine answers, redirects not followed. Raises HTTPError for all but 2xx."""
    # No proxy: the address is this machine's own.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
    asked = {name.replace("_", "-"): words for name, words in headers.items()}
    request = urllib.request.Request(f"http://localhost:{port}{path}", headers=asked)
    answer: HTTPResponse = opener.open(request, timeout=_SECONDS_TO_START)
    return answer


def _answers(port: int) -> bool:
    try:
        get(port, "/").close()
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False
    return True


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait for the first answer. Raises ServerFailed, with what it printed, when the program ends or stays silent."""
    for _ in range(int(_SECONDS_TO_START / _PAUSE)):
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(timeout=_PAUSE)
            raise ServerFailed(f"It ended with {code}:\n{log.read_text()}")
        if _answers(port):
            return
    raise ServerFailed(f"It did not answer:\n{log.read_text()}")


@contextmanager
def serving(
    database: str,
    *,
    provider: str = "",
    port: int = 0,
    passwords: bool = False,
    reached_at: str = "",
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[str]:
    """A real web server on a database, for as long as the block runs. Gives its address, without a slash at the end.

    ``provider``: the address of an OpenID provider that runs already. ``reached_at``: where the web signs in to the
    database, when that is not the server itself. ``settings``: more of its environment.
    """
    env = demo_environment(database, provider) | {"SAMSYN_PASSWORDS": "yes" if passwords else "no", **settings}
    env["SAMSYN_DATABASE_URL"] = reached_at or env["SAMSYN_DATABASE_URL"]
    with _answering("serve", port or free_port(), env) as address:
        yield address


@contextmanager
def provider(*houses: str) -> Iterator[str]:
    """The village's OpenID provider as a program of its own, for these houses. Gives its address."""
    port = free_port()
    env = demo_environment(environment.database_name("unused"))
    env["SAMSYN_PROVIDER_DATABASE"] = str(environment.folder() / f"provider-{port}.sqlite3")
    env["SAMSYN_PROVIDER_HOUSE"] = ",".join(houses)
    with _answering("provider", port, env) as address:
        yield address


@contextmanager
def _answering(verb: str, port: int, env: dict[str, str]) -> Iterator[str]:
    log = environment.folder() / f"{verb}-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            samsyn(verb, "--port", str(port)),
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(process, port, log)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
