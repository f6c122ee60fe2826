"""Logs hold nothing about a person: no address arguments, no values, no names."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

LONG_NUMBER = re.compile(r"\d{6,8}[-+]?\d{4}")


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
    """Drops request objects and masks what looks like an identity number before a line is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the line through, cleaned."""
        record.__dict__.pop("request", None)
        record.msg = LONG_NUMBER.sub("[number]", record.getMessage())
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = _frames(record.exc_info[1])
            record.exc_info = None
        return True


def _frames(error: BaseException) -> str:
    """Where it went wrong and the kind of error; the message may quote data, so it is left out."""
    places = "".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in traceback.extract_tb(error.__traceback__)
    )
    return f"{type(error).__name__}\n{places}"
