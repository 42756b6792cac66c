"""What a user sends from their own page: JSON of a script, or a form of a page without one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from understudy.errors import BodyTooLarge, MalformedRequest, UnsupportedMediaType
from understudy.sdk.user_says import Deed, UserSays
from understudy.sdk.visit import Visit

MAX_BODY = 16_384
_MAX_FIELDS = 50
_MAX_ID = 100
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_TARGETS: Mapping[Deed, str] = {
    Deed.ALLOW: "request_id",
    Deed.DECLINE: "request_id",
    Deed.CODE: "request_id",
    Deed.END: "session_id",
    Deed.NOT_AGREED: "session_id",
}
_FACTS: Mapping[Deed, tuple[str, ...]] = {
    Deed.AGREE: ("days", "scope"),
    Deed.NOT_AGREED: ("note",),
}


def read_said(visit: Visit, body: bytes, *, subject_id: str, among: frozenset[Deed]) -> UserSays:
    """What ``body`` says, which is one of the deeds ``among``; who says it, nothing that is sent
    tells.

    :raises UnsupportedMediaType: neither JSON nor a form. A page of another site can send what is
        neither without its browser asking us first.
    :raises BodyTooLarge: longer than ``MAX_BODY``.
    :raises MalformedRequest: unreadable, or a field is missing or no such thing.
    """
    fields = _fields(visit, body)
    deed = _deed(fields.get("do"), among)
    target = _TARGETS.get(deed)
    facts = {
        name: fields[name] for name in _FACTS.get(deed, ()) if fields.get(name) not in (None, "")
    }
    days = facts.get("days")
    if isinstance(days, str):
        facts["days"] = _whole(days)
    return UserSays(
        subject_id=subject_id,
        deed=deed,
        target=_id(fields.get(target), target) if target else "",
        facts=facts,
    )


def _fields(visit: Visit, body: bytes) -> Mapping[str, Any]:
    kind = (visit.header("content-type") or "").partition(";")[0].strip().lower()
    if kind not in (_JSON, _FORM):
        raise UnsupportedMediaType
    if len(body) > MAX_BODY:
        raise BodyTooLarge
    length = visit.header("content-length")
    if length is not None and length != str(len(body)):
        raise MalformedRequest("What was sent did not arrive whole.")
    try:
        if kind == _FORM:
            text = body.decode("ascii")
            pairs = parse_qsl(text, errors="strict", max_num_fields=_MAX_FIELDS)
            return dict(pairs)
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedRequest("This cannot be read.") from None
    if not isinstance(fields, dict):
        raise MalformedRequest("This is no JSON object.")
    return fields


def _deed(given: object, among: frozenset[Deed]) -> Deed:
    for deed in among:
        if given == deed.value:
            return deed
    raise MalformedRequest(f"do is one of {sorted(among)}.", facts={"field": "do"})


def _id(given: object, name: str) -> str:
    if not isinstance(given, str) or not 0 < len(given) <= _MAX_ID:
        raise MalformedRequest(f"{name} is missing.", facts={"field": name})
    return given


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len("365")):
        raise MalformedRequest("days is a whole number.", facts={"field": "days"})
    return int(text)
