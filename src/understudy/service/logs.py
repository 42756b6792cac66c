"""Logging of the service's process: JSON lines on standard error, with secrets taken out."""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

import msgspec

from understudy.core.impersonation.tokens import TokenPurpose
from understudy.service.outlet import Outlet

_TOKEN = rf"\b(?:{'|'.join(TokenPurpose)})[A-Za-z0-9_-]{{16,}}"
_CREDENTIALS = r"(?i:(?<=basic )|(?<=bearer ))[A-Za-z0-9._~+/=-]{8,}"
_SECRETS = re.compile(f"{_TOKEN}|{_CREDENTIALS}")
REDACTED = "[redacted]"
_STANDARD_ERROR = 2
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S%z"
# What logging itself notes of a record; all else was given by whoever logged.
_STANDARD = frozenset({*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName"})


class Redacting(logging.Filter):
    """Takes whatever looks like one of our tokens, or like credentials, out of a message.

    Nothing of the kind is logged on purpose: this is for the line that nobody thought of.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record where needed; every record passes."""
        text = record.getMessage()
        redacted = redact(text)
        if redacted != text:
            record.msg, record.args = redacted, ()
        for name in record.__dict__.keys() - _STANDARD:
            value = record.__dict__[name]
            if isinstance(value, str):
                record.__dict__[name] = redact(value)
        # Formatted here, as a trace quotes values, and a formatter further on would not redact
        # them.
        if record.exc_info:
            formatted = logging.Formatter().formatException(record.exc_info)
            record.exc_text, record.exc_info = redact(formatted), None
        return True


class JsonLines(logging.Formatter):
    """One JSON object for each record: when, how bad, who, what, and whatever was given besides."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of ``record``, without its end."""
        line: dict[str, object] = {
            "time": self.formatTime(record, TIME_FORMAT),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in record.__dict__.items():
            if name not in _STANDARD:
                line[name] = value
        if record.exc_text:
            line["exc_info"] = record.exc_text
        return msgspec.json.encode(line, enc_hook=str).decode()


def redact(text: str) -> str:
    """``text`` without tokens and credentials."""
    return _SECRETS.sub(REDACTED, text)


def standard_error() -> Outlet:
    """Standard error, for which nobody waits; lines lost to a reader who does not read are told."""
    return Outlet(_STANDARD_ERROR, notice=_lost)


def set_up_logging(level: str, stream: TextIO | Outlet | None = None) -> None:
    """Send everything at ``level`` and above to ``stream`` (standard error), a line each."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(Redacting())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # uvicorn brings handlers of its own, and an access log that prints query strings.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = name != "uvicorn.access"
    # What it says of starting and stopping is nothing that the announcement does not.
    logging.getLogger("uvicorn.error").setLevel(max(logging.WARNING, root.level))


def _lost(count: int) -> bytes:
    told = {"msg": "%d lines are lost: nobody read standard error", "args": (count,)}
    record = logging.makeLogRecord({"name": __name__, "levelname": "WARNING", **told})
    return JsonLines().format(record).encode() + b"\n"
