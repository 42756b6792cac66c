"""What msgspec finds wrong, as an error of ours."""

from __future__ import annotations

import re

import msgspec

from understudy.errors import InvalidInput

_PLACE = re.compile(r" - at `(?:key in )?\$\.?(?P<place>[^`]*)`$")
_NAMED = re.compile(r"(?:required|unknown) field `(?P<name>[^`]*)`")
_PATTERN = re.compile(r" matching regex '.*'", re.DOTALL)
_LONGEST = 300


def invalid(error: msgspec.ValidationError) -> InvalidInput:
    """The error for a value that does not fit its type; it names the field."""
    message = str(error)
    place = _PLACE.search(message)
    text = message[: place.start()] if place else message
    named = _NAMED.search(text)
    parts = [place["place"] if place else "", named["name"] if named else ""]
    field = ".".join(filter(None, parts))
    text = _PATTERN.sub(" of the documented form", text).replace("`", "")
    detail = f"{text[:_LONGEST]} (at {field[:_LONGEST]})." if field else f"{text[:_LONGEST]}."
    return InvalidInput(detail, facts={"field": field[:_LONGEST] or None})
