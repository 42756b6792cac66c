"""What a person typed into a form that was not carried out, for them to copy."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl

MAX_BODY = 65_536
"""Bytes of a form that are read at most."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MOST_FIELDS = 200
# Shown to whoever looks over the shoulder, and of no use a second time.
_HIDDEN = re.compile(r"pass|pwd|secret|token|csrf|otp|\bpin\b|cvv|cvc|card|iban|ssn", re.IGNORECASE)


class Field(NamedTuple):
    """One field of a form."""

    name: str
    value: str


def is_form(content_type: str) -> bool:
    """True where a body can be read here."""
    return content_type.partition(";")[0].strip().lower() in FORMS


def fields_of(content_type: str, body: bytes) -> list[Field]:
    """The text fields of a form, or of its first ``MAX_BODY`` bytes; never raises.

    Files are left out, and so is what by its name is a secret.
    """
    kind = content_type.partition(";")[0].strip().lower()
    body = body[:MAX_BODY]
    if kind == FORMS[0]:
        found = _urlencoded(body)
    elif kind == FORMS[1]:
        found = _multipart(content_type, body)
    else:
        return []
    return [field for field in found if field.value.strip() and not _HIDDEN.search(field.name)]


def _urlencoded(body: bytes) -> list[Field]:
    parts = b"&".join(body.split(b"&")[:_MOST_FIELDS]).decode("latin-1")
    return [Field(*pair) for pair in parse_qsl(parts, keep_blank_values=True, errors="replace")]


def _multipart(content_type: str, body: bytes) -> list[Field]:
    boundary = _parameter(content_type, "content-type", "boundary")
    if not boundary:
        return []
    # The first piece stands before the first boundary; at the end it is closed by two dashes.
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1", "replace"))
    found = (_part(piece) for piece in pieces[1 : _MOST_FIELDS + 1])
    return [field for field in found if field is not None]


def _part(piece: bytes) -> Field | None:
    head, separator, value = piece.partition(b"\r\n\r\n")
    if not separator or piece.startswith(b"--"):
        return None
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, said = line.partition(":")
        if name.strip().lower() == "content-disposition":
            # A file has a name of its own, if but an empty one.
            if "filename" in said.lower():
                return None
            field = _parameter(said, "content-disposition", "name")
            return Field(field, value.decode("utf-8", "replace")) if field else None
    return None


def _parameter(said: str, header: str, name: str) -> str | None:
    # Late, as it brings half of the mail package with it, for a form that was not carried out.
    from email.message import Message

    message = Message()
    message[header] = said.strip().replace("\r", "").replace("\n", "")
    found = message.get_param(name, header=header)
    return found if isinstance(found, str) else None
