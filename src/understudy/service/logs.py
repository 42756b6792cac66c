"""Logging of the service's process: JSON lines on standard error, with secrets taken out."""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

from understudy.core.tokens import TokenPurpose

_TOKEN = rf"\b(?:{'|'.join(TokenPurpose)})[A-Za-z0-9_-]{{16,}}"
_CREDENTIALS = r"(?i:(?<=basic )|(?<=bearer ))[A-Za-z0-9._~+/=-]{8,}"
_SECRETS = re.compile(f"{_TOKEN}|{_CREDENTIALS}")
REDACTED = "[redacted]"


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
        for name, value in record.__dict__.items():
            if isinstance(value, str) and name != "msg":
                record.__dict__[name] = redact(value)
        if record.exc_info:
            formatted = logging.Formatter().formatException(record.exc_info)
            record.exc_text, record.exc_info = redact(formatted), None
        return True


def redact(text: str) -> str:
    """``text`` without tokens and credentials."""
    return _SECRETS.sub(REDACTED, text)


def set_up_logging(level: str, stream: TextIO | None = None) -> None:
    """Send everything at ``level`` and above to ``stream`` (standard error), a line each."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            datefmt="%Y-%m-%dT%H:%M:%S%z",
        )
    )
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
