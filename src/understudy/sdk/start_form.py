"""What staff send to start an impersonation: JSON of a script, or a form of a page without one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qsl

from understudy.core.impersonation.restrictions import Scope
from understudy.core.text import require_id
from understudy.errors import BodyTooLarge, InvalidInput, MalformedRequest, UnsupportedMediaType
from understudy.sdk.typed_text import Field, fields_of
from understudy.sdk.visit import Visit

MAX_BODY = 16_384
"""Bytes: a reason of the longest is a quarter of it, whatever it is written in."""
_MAX_FIELDS = 50
_MAX_DIGITS = 18
_MAX_ID = 255
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_NAMES = frozenset({"subject_id", "reason", "ticket", "minutes", "scope"})
_TYPED = {"reason": "Reason", "ticket": "Ticket", "minutes": "Minutes"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Whom somebody wants to work as, and why. Who that is, nothing that is sent says."""

    subject_id: str
    reason: str
    ticket: str | None
    minutes: int | None
    scope: Scope | None


def read_wanted(visit: Visit, body: bytes) -> Wanted:
    """What ``body`` asks for; it is read up to one byte more than ``MAX_BODY``.

    :raises UnsupportedMediaType: neither JSON nor a form. A page of another site can send what is
        neither without its browser asking us first.
    :raises BodyTooLarge: longer than that.
    :raises MalformedRequest: cut off, unreadable, or a field is missing, unknown or no such thing.
    """
    kind = (visit.header("content-type") or "").partition(";")[0].strip().lower()
    if kind not in (_JSON, _FORM):
        raise UnsupportedMediaType
    if len(body) > MAX_BODY:
        raise BodyTooLarge
    length = visit.header("content-length")
    # Half a form reads like a whole one, of another user perhaps.
    if (length is None and kind == _FORM) or (length is not None and length != str(len(body))):
        raise MalformedRequest("What was sent did not arrive whole.")
    fields = _read_json(body) if kind == _JSON else _read_form(body)
    return Wanted(
        subject_id=_subject_id(fields.get("subject_id")),
        reason=_text(fields, "reason") or "",
        ticket=_text(fields, "ticket"),
        minutes=_minutes(fields.get("minutes")),
        scope=_scope(_text(fields, "scope")),
    )


def read_typed(visit: Visit, body: bytes) -> list[Field]:
    """What a person typed into a form that started nothing, by what people call it; never raises.

    A script has what it sent.
    """
    found = fields_of(visit.header("content-type") or "", body)
    return [Field(_TYPED[name], value) for name, value in found if name in _TYPED]


def _read_json(body: bytes) -> Mapping[str, object]:
    try:
        fields = json.loads(body, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise MalformedRequest("This is not JSON.") from None
    if not isinstance(fields, dict):
        raise MalformedRequest("This is no JSON object.")
    for name in fields:
        # An actor above all: who it is, the app's own sign-in says.
        if name not in _NAMES:
            _refuse(name[:40], "is not a field of this")
    return fields


def _read_form(body: bytes) -> Mapping[str, object]:
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise MalformedRequest("This form cannot be read.") from None
    # Frameworks add fields of their own, as for their tokens against forgery.
    ours: list[tuple[str, object]] = [pair for pair in pairs if pair[0] in _NAMES]
    return {name: value for name, value in _unique(ours).items() if value != ""}


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise MalformedRequest("A field is there twice.")
    return fields


def _subject_id(value: object) -> str:
    # Many apps number their users.
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not 0 < len(text) <= _MAX_ID:
        _refuse("subject_id", "is the id of a user")
    try:
        require_id(text, "subject_id")
    except InvalidInput as error:
        raise MalformedRequest(error.detail, facts={"field": "subject_id"}) from None
    return text


def _text(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        _refuse(name, "is text")
    return value


def _minutes(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS:
        return int(value)
    if value is not None and type(value) is not int:
        _refuse("minutes", "is a whole number")
    return value if type(value) is int else None


def _scope(value: str | None) -> Scope | None:
    try:
        return None if value is None else Scope(value)
    except ValueError:
        return _refuse("scope", f"is one of {[scope.value for scope in Scope]}")


def _refuse(field: str, what: str) -> NoReturn:
    raise MalformedRequest(f"{field} {what}.", facts={"field": field})
