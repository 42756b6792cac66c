"""A page without what is hidden in it, as it streams by.

Text, attributes and data in scripts are changed in place; all other bytes stay. What cannot be
understood before it has ended, such as a tag, is held back until it has.
"""

from __future__ import annotations

import html
import re

from understudy.core.redaction.masks import text_for
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.html_labels import Labels
from understudy.sdk.redaction.html_plain import plain
from understudy.sdk.redaction.html_tags import Tag, shown_within
from understudy.sdk.redaction.json_body import hidden_in_json
from understudy.sdk.redaction.script_text import hidden_in_script
from understudy.sdk.redaction.unreadable import Unreadable

MOST_HELD = 1024 * 1024
"""Bytes of one script, tag or text that are held back at most."""
_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*+"""
_RAW = r"(?:script|style|textarea|title|xmp|noembed|noframes)(?=[\s/>])"
_UNIT = re.compile(
    r"(?P<comment><!--(?:-?>|.*?--!?>))"
    r"|(?P<data><!\[CDATA\[.*?\]\]>)"
    rf"|(?P<raw><(?P<element>{_RAW}){_ATTRIBUTES}>)"
    rf"(?P<content>.*?)(?=</(?P=element)(?=[\s/>]))"
    rf"|(?P<tag><[a-zA-Z]{_ATTRIBUTES}>)"
    r"|(?P<other></[^>]*>|<[!?][^>]*>|<(?=[^a-zA-Z/!?]))"
    r"|(?P<text>[^<]+)(?=<)",
    re.DOTALL | re.IGNORECASE,
)


def _whole(name: str) -> str:
    """An element that holds raw text."""
    return rf"<{name}(?=[\s/>]){_ATTRIBUTES}>(?:[^<]|<(?!/{name}[\s/>]))*+</{name}(?=[\s/>])[^>]*+>"


_RUN = re.compile(
    r"(?:[^<]++(?=<)"
    rf"|{_whole('script')}|{_whole('style')}|{_whole('title')}"
    # Not what else holds raw text, nor what labels know of.
    rf"|<(?!t|d[dlt]|script|style|xmp|no)[a-z]{_ATTRIBUTES}>"
    r"|</(?![</ ]*+(?:t|d[dlt]))[^>]*+>"
    r"|<!(?!--|\[CDATA\[)[^>]*+>)++",
    re.IGNORECASE,
)
"""Texts and tags that pass as they are where nothing stands out and labels are idle."""
_SCRIPTS = ("script", "style")
_TAG = re.compile(rf"<[a-zA-Z]{_ATTRIBUTES}>")
_OPEN = re.compile(
    r"<(?:!--|!\[CDATA\[|(?:script|style|textarea|title|xmp|noembed|noframes)(?=[\s/>]))", re.I
)


class HtmlBody:
    """One page in UTF-8."""

    is_whole = False

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings
        self._held = b""
        self._labels = Labels(rulings)
        self._plain = plain(rulings)
        self.has_hidden = False

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now.

        :raises Unreadable: it is not UTF-8, or holds something that does not end.
        """
        self._held += body
        text = self._text(more=more)
        shown, reached = self._shown(text, more=more)
        self.has_hidden = self.has_hidden or shown != text[:reached]
        self._held = text[reached:].encode() + self._held
        if len(self._held) > MOST_HELD:
            raise Unreadable("something that does not end")
        return shown.encode()

    def _text(self, *, more: bool) -> str:
        """All of what is held that is whole letters; the rest stays."""
        try:
            text = self._held.decode()
            self._held = b""
        except UnicodeDecodeError as error:
            # A letter may be cut in two by the end of a part.
            if not more or error.end != len(self._held) or len(self._held) - error.start > 3:  # noqa: PLR2004
                raise Unreadable("not UTF-8") from None
            text = self._held[: error.start].decode()
            self._held = self._held[error.start :]
        return text

    def _shown(self, text: str, *, more: bool) -> tuple[str, int]:
        """What of ``text`` is understood, without what is hidden, and where that ends."""
        parts: list[str] = []
        reached = 0
        places = self._plain.places(text) if self._plain is not None else None
        while True:
            if places is not None and self._labels.are_idle:
                run = _RUN.match(text, reached, places.plain_until(reached))
                if run is not None:
                    parts.append(run.group())
                    reached = run.end()
            unit = _UNIT.match(text, reached)
            if unit is None:
                break
            # What looks like a tag may be the beginning of what is a text as a whole.
            if unit.lastgroup in ("tag", "other") and self._is_open(text, reached):
                break
            end = unit.end()
            is_plain = places is not None and places.is_plain(reached, end)
            parts.append(self._passed(unit) if is_plain else self._hidden(unit))
            reached = end
        if more:
            return "".join(parts), reached
        # What is left has no end: browsers leave it out, or take it for text to the page's end.
        return "".join([*parts, self._rest(text[reached:])]), len(text)

    def _is_open(self, text: str, place: int) -> bool:
        return _OPEN.match(text, place) is not None

    def _rest(self, text: str) -> str:
        if text[:1] != "<":
            return self._of_text(text)
        opening = _TAG.match(text)
        if opening is None:
            shown = Tag(f"{text}>", self._rulings).shown().removesuffix(">")
            return hidden_in_script(shown, self._rulings)
        tag = Tag(opening.group(), self._rulings)
        content = text[opening.end() :]
        if tag.deed is not None:
            return tag.shown() + (text_for(tag.deed) if content else "")
        return tag.shown() + hidden_in_script(content, self._rulings)

    def _passed(self, unit: re.Match[str]) -> str:
        """A piece in which nothing stands out, so that only what labels it can hide it."""
        raw, labels = unit.group(), self._labels
        match unit.lastgroup:
            case "tag":
                tag = Tag(raw, self._rulings, is_plain=True)
                labels.opened(tag)
                return raw if labels.region is None else tag.shown(labels.region)
            case "text":
                deed = labels.deed_of(raw)
                return raw if deed is None else text_for(deed)
            case "other":
                labels.closed(raw)
                return raw
            case "content" if unit.group("element").lower() not in _SCRIPTS:
                return raw if labels.are_idle else self._of_raw(unit)
            case "data":
                return self._hidden(unit)
        return raw

    def _hidden(self, unit: re.Match[str]) -> str:
        raw = unit.group()
        match unit.lastgroup:
            case "text":
                return self._of_text(raw)
            case "data":
                return f"<![CDATA[{self._of_text(raw[9:-3])}]]>"
            case "comment":
                return hidden_in_script(raw, self._rulings)
            case "content":
                return self._of_raw(unit)
            case "tag":
                tag = Tag(raw, self._rulings)
                self._labels.opened(tag)
                return tag.shown(self._labels.region)
        self._labels.closed(raw)
        return self._rulings.hidden(raw)

    def _of_raw(self, unit: re.Match[str]) -> str:
        tag, content = Tag(unit.group("raw"), self._rulings), unit.group("content")
        name = tag.name
        if name == "script":
            return tag.text + self._of_script(tag, content)
        if name == "style":
            return tag.text + content
        if name == "textarea" and tag.deed is not None:
            return tag.shown() + text_for(tag.deed)
        return tag.shown() + self._of_text(content)

    def _of_script(self, tag: Tag, content: str) -> str:
        # What an integrity attribute checks lies in a file of its own.
        if "json" in (tag.value("type") or "").lower():
            try:
                return hidden_in_json(content.encode(), self._rulings).decode()
            except Unreadable:
                pass
        return hidden_in_script(content, self._rulings)

    def _of_text(self, text: str) -> str:
        plain = html.unescape(text) if "&" in text else text
        deed = self._labels.deed_of(plain)
        if deed is not None:
            return text_for(deed)
        shown = shown_within(plain, self._rulings)
        if shown == plain:
            return text
        return html.escape(shown, quote=False) if plain is not text else shown


def hidden_in_page(body: bytes, rulings: Rulings) -> bytes:
    """A whole page, or a piece of one.

    :raises Unreadable: it is not UTF-8, or holds something that does not end.
    """
    shown = HtmlBody(rulings).part(body, more=False)
    return hidden_in_script(shown.decode(), rulings).encode()
