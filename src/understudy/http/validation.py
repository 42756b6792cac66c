"""What msgspec finds wrong, as an error of ours."""

from __future__ import annotations

import re

import msgspec

from understudy.core.text import TextFault, fault_in
from understudy.errors import InvalidInput

_PLACE = re.compile(r" - at `(?:key in )?\$\.?(?P<place>[^`]*)`$")
_NAMED = re.compile(r"(?:required|unknown) field `(?P<name>[^`]*)`")
_PATTERN = re.compile(r" matching regex '.*'", re.DOTALL)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_LONGEST = 300


def invalid(error: msgspec.ValidationError, given: object = None) -> InvalidInput:
    """The error for a value that does not fit its type; it names the field.

    Where the value in ``given``, which is what was read, holds a character that is no text, it
    names that as well.
    """
    message = str(error)
    place = _PLACE.search(message)
    text = message[: place.start()] if place else message
    named = _NAMED.search(text)
    parts = [place["place"] if place else "", named["name"] if named else ""]
    field = ".".join(filter(None, parts))
    if _PATTERN.search(text):
        fault = _fault(given, place["place"] if place else "")
        form = f" of the documented form: it holds {fault}" if fault else " of the documented form"
        text = _PATTERN.sub(lambda _: form, text)
    text = text.replace("`", "")
    detail = f"{text[:_LONGEST]} (at {field[:_LONGEST]})." if field else f"{text[:_LONGEST]}."
    return InvalidInput(detail, facts={"field": field[:_LONGEST] or None})


def _fault(given: object, place: str) -> TextFault | None:
    """What is no text in the value at ``place``, as msgspec writes it: ``roles[0]``."""
    found = given
    for name, number in _STEP.findall(place):
        if number and isinstance(found, list):
            found = found[int(number)] if int(number) < len(found) else None
        elif isinstance(found, dict):
            found = found.get(name)
    return fault_in(found, joiners=False) if isinstance(found, str) else None
