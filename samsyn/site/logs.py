"""Logs hold nothing about a person: no address arguments, no values, no names. A message is one line."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

from django.http import HttpRequest

LONG_NUMBER = re.compile(r"\d{6,8}[-+]?\d{4}")
_ADDRESS = re.compile(r"(\bhttps?://[^/?#\s]*)[/?#]\S+")
"""What stands after the host in the address of a page: Django tells of the one that a refused form came from."""
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What would begin a line of its own, or turn a terminal: nobody writes a line into the log by what they send."""


def logging_settings(server: str = "") -> dict[str, Any]:
    """Django's LOGGING: warnings and worse, cleaned, a line each, to the process's error output.

    ``server``: "host:port" of a machine that gets them too.
    """
    cleaned = {"filters": ["nothing_personal"], "formatter": "plain"}
    handlers: dict[str, dict[str, Any]] = {"console": {"class": "logging.StreamHandler", **cleaned}}
    if server:
        handlers["elsewhere"] = {"class": "samsyn.site.log_sending.SentElsewhere", "server": server, **cleaned}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"nothing_personal": {"()": "samsyn.site.logs.NothingPersonal"}},
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": "WARNING"},
    }


class NothingPersonal(logging.Filter):
    """Before a line is written: drops request objects, gives the name of a page for its address, which tells of whom
    it was or what somebody typed, and masks what looks like an identity number."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the line through, cleaned."""
        request = record.__dict__.pop("request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            written = {request.path, request.path.encode("unicode_escape").decode("ascii")}  # as Django writes it
            record.args = tuple(_page(request) if str(one) in written else one for one in record.args)
        told = _ADDRESS.sub(r"\1/[address]", LONG_NUMBER.sub("[number]", record.getMessage()))
        record.msg = _BREAKS.sub(" ", told)
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = _frames(record.exc_info[1])
            record.exc_info = None
        return True


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else "[address]"


def _frames(error: BaseException) -> str:
    """Where it went wrong and the kind of error; the message may quote data, so it is left out."""
    places = "".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in traceback.extract_tb(error.__traceback__)
    )
    return f"{type(error).__name__}\n{places}"
