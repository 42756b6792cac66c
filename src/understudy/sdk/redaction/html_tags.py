"""One tag of a page: what its attributes say, and what of them is hidden."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import partial

from understudy.core.redaction.masks import text_for
from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.script_text import hidden_in_script

_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s"'>/=]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+)))?"""
)
_HEAD = re.compile(r"<([^\s/>]+)")
_NAMING_INPUTS = ("id", "type", "aria-label", "placeholder")
_NAMING = ("name", "itemprop", "data-field", "data-name", "data-understudy-field", "autocomplete")
"""Attributes whose text says what stands in the element."""
_VOID = (
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
)
_INPUTS = ("input", "select", "textarea")
# What these say is the page's own, whatever it is called.
_LABELLED = ("submit", "button", "reset", "image")
_VALUES = ("value", "content", "placeholder", "data-value")
Attribute = re.Match[str]


class Tag:
    """A start tag; ``deed`` is what becomes of what the element holds. In one that ``is_plain``
    nothing stands out.
    """

    __slots__ = ("_found", "_head", "_rulings", "deed", "name", "text")

    def __init__(self, text: str, rulings: Rulings, *, is_plain: bool = False) -> None:
        head = _HEAD.match(text)
        self.text = text
        self.name = head.group(1).lower() if head else ""
        self._rulings = rulings
        self._head = head.end() if head else len(text)
        self._found: list[Attribute] | None = None
        self.deed = None if is_plain else self._named()

    @property
    def _attributes(self) -> list[Attribute]:
        if self._found is None:
            self._found = list(_ATTRIBUTE.finditer(self.text, self._head))
        return self._found

    @property
    def is_void(self) -> bool:
        """Whether it holds nothing, so that no tag ends it."""
        return self.name in _VOID or self.text.endswith("/>")

    def value(self, name: str) -> str | None:
        """The text of an attribute."""
        return next(
            (html.unescape(_value(one)) for one in self._attributes if _name(one) == name), None
        )

    def shown(self, within: Deed | None = None) -> str:
        """The tag without what is hidden; an input whose value is hidden cannot be sent back.

        ``within`` is what becomes of all that stands around it.
        """
        shown, is_hidden = self._text_with(partial(self._attribute_shown, within))
        if self.name not in _INPUTS or not is_hidden or self.value("disabled") is not None:
            return shown
        end = -2 if shown.endswith("/>") else -1
        return f"{shown[:end].rstrip()} disabled{shown[end:]}"

    def _named(self) -> Deed | None:
        if (self.value("type") or "").lower() in _LABELLED:
            return None
        # In XML the element says it itself.
        naming = _NAMING + _NAMING_INPUTS if self.name in _INPUTS else _NAMING
        names = (self.name, *(self.value(name) for name in naming))
        deeds = (self._deed(name) for name in names if name)
        return next((deed for deed in deeds if deed is not None), None)

    def _deed(self, name: str) -> Deed | None:
        # As forms spell fields of others: user[email], address-0-street.
        last = next((part for part in reversed(re.split(r"[\[\].]|__|-", name)) if part), name)
        return self._rulings.fields.deed(name) or self._rulings.fields.deed(last)

    def _attribute_shown(self, within: Deed | None, one: Attribute) -> str:
        name, value = _name(one), html.unescape(_value(one))
        own = self._rulings.fields.deed(name.removeprefix("data-"))
        deed = (self.deed or within) if name in _VALUES else own
        if name == "srcdoc":
            from understudy.sdk.redaction.html_body import hidden_in_page

            return hidden_in_page(value.encode("utf-8", "surrogatepass"), self._rulings).decode()
        return text_for(deed) if deed is not None else shown_within(value, self._rulings)

    def _text_with(self, put: Callable[[Attribute], str]) -> tuple[str, bool]:
        # An input without a value hides nothing, and somebody may have to fill it in.
        is_hidden = self.deed is not None and self.name != "input"
        parts, reached = [], 0
        for one in self._attributes:
            raw = _value(one)
            if not raw:
                continue
            shown = put(one)
            if shown != html.unescape(raw):
                group = one.lastgroup or "bare"
                text = html.escape(shown)
                parts += [self.text[reached : one.start(group)], text or _empty(group)]
                reached = one.end(group)
                is_hidden = is_hidden or _name(one) == "value"
        parts.append(self.text[reached:])
        return "".join(parts), is_hidden


def shown_within(text: str, rulings: Rulings) -> str:
    """``text`` of an attribute, which may be JSON, without what is hidden in it."""
    if text.lstrip()[:1] in ("{", "["):
        from understudy.sdk.redaction.json_body import hidden_in_json
        from understudy.sdk.redaction.unreadable import Unreadable

        try:
            return hidden_in_json(text.encode("utf-8", "surrogatepass"), rulings).decode()
        except Unreadable:
            return hidden_in_script(text, rulings)
    return hidden_in_script(text, rulings) if "{" in text else rulings.hidden(text)


def _name(one: Attribute) -> str:
    return one.group("name").lower()


def _value(one: Attribute) -> str:
    return one.group("double") or one.group("single") or one.group("bare") or ""


def _empty(group: str) -> str:
    return '""' if group == "bare" else ""
