"""What counts as text, as an address and as a path: one idea of each, at every door."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from understudy.errors import InvalidInput

_NON_JOINER, _JOINER = "\u200c", "\u200d"
_REPLACEMENT = "\ufffd"
_WRITING = ("L", "M")
_PICTURE = ("So", "Sk")
_BREAKS = ("Zl", "Zp")
# Default_Ignorable_Code_Point of Unicode 17, controls of format (Cf) aside.
_IGNORABLE = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2065, 0x2065),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0xE0000, 0xE0FFF),
)


@dataclass(frozen=True, kw_only=True)
class TextFault:
    """A character that is no text, and where it stands; both count from 1."""

    char: str
    line: int
    column: int

    def __str__(self) -> str:
        name = unicodedata.name(self.char, "a control character")
        place = f"character {self.column}" + (f" of line {self.line}" if self.line > 1 else "")
        return f"U+{ord(self.char):04X} ({name}) at {place}"


def fault_in(text: str, *, lines: bool = False, joiners: bool = True) -> TextFault | None:
    """The first character of ``text`` that is none, or None: one rule for every door and field.

    Controls, direction overrides and whatever else is invisible make a log lie to its reader. A
    joiner between two letters is part of how a name is written in Persian, Hindi or Sinhala, and
    between two pictures of how one picture is made of both. ``lines`` allows more than one line.

    NOTE: ids and addresses are read with ``joiners`` off. A joiner is not seen, and would make two
    of what looks like one person.
    """
    # Nearly all of it is printable, which no character of these kinds is.
    if text.isprintable():
        return None
    place = next(_faulty(text, lines=lines, joiners=joiners), None)
    if place is None:
        return None
    line = text.count("\n", 0, place) + 1
    return TextFault(
        char=text[place], line=line, column=place - (text.rfind("\n", 0, place) + 1) + 1
    )


def require_text(
    value: str | None, field: str, *, lines: bool = False, joiners: bool = True
) -> None:
    """Return only if ``value`` is text by the rule of ``fault_in``.

    :raises InvalidInput: naming the character, where it stands, and the field.
    """
    fault = None if value is None else fault_in(value, lines=lines, joiners=joiners)
    if fault is not None:
        raise InvalidInput(f"{field} holds {fault}, which is no text.", facts={"field": field})


def require_id(value: str | None, field: str) -> None:
    """Return only if ``value`` is text in one line, without a joiner that nobody sees.

    :raises InvalidInput: see ``require_text``.
    """
    require_text(value, field, joiners=False)


def is_plain_text(text: str) -> bool:
    """True when ``text`` is text by the rule of ``fault_in``, in one line or several."""
    return fault_in(text, lines=True) is None


def cleaned(text: str, *, joiners: bool = False) -> str:
    """``text`` with a mark in the place of every character that is none by ``fault_in``."""
    if text.isprintable():
        return text
    faulty = frozenset(_faulty(text, lines=True, joiners=joiners))
    return "".join(_REPLACEMENT if place in faulty else char for place, char in enumerate(text))


def as_seen(text: str) -> str:
    """``text`` by what is seen of it: in one form (NFKC), without what nobody sees, trimmed.

    For comparing alone; what is stored is as it was given.
    """
    shown = unicodedata.normalize("NFKC", text)
    if not shown.isascii() or not shown.isprintable():
        shown = "".join(char for char in shown if not _is_invisible(char))
    return shown.strip()


def fold_email(email: str) -> str:
    """The form in which an address is stored, and under which two spellings compare equal."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def is_local_path(value: str) -> bool:
    """True for an absolute path on the same origin: no scheme, host, backslash or control."""
    return (
        value.startswith("/")
        and not value.startswith("//")
        and "\\" not in value
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )


def _is_invisible(char: str) -> bool:
    if unicodedata.category(char) in ("Cc", "Cf"):
        return True
    point = ord(char)
    return any(first <= point <= last for first, last in _IGNORABLE)


def _faulty(text: str, *, lines: bool, joiners: bool) -> Iterator[int]:
    for place, char in enumerate(text):
        kind = unicodedata.category(char)
        if lines and (char == "\n" or kind in _BREAKS):
            continue
        if not kind.startswith("C") and kind not in _BREAKS:
            continue
        if not (joiners and _joins(text, place)):
            yield place


def _joins(text: str, place: int) -> bool:
    if text[place] not in (_NON_JOINER, _JOINER) or not 0 < place < len(text) - 1:
        return False
    before, after = (unicodedata.category(text[place + step]) for step in (-1, 1))
    if before[0] in _WRITING and after[0] in _WRITING:
        return True
    # A picture may end in a mark that chooses how it is drawn.
    drawn = before in _PICTURE or text[place - 1] == "\ufe0f"
    return text[place] == _JOINER and drawn and after in _PICTURE
