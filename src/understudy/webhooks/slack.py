"""Messages for Slack, and for whatever takes an incoming webhook of its shape.

What somebody has typed is text there: it mentions nobody and links nowhere of its own. The link
that comes along opens a page, and does nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from understudy.core.notices.event_sets import KINDS
from understudy.core.notices.events import EventType
from understudy.flows.notices.messages import Message, MessageFormat, Rendered
from understudy.webhooks.formats import JSON

_MEANT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""The three characters that mean something in Slack's text."""
_TO_ANSWER = frozenset({EventType.GRANT_REQUESTED, EventType.GLASS_BROKEN})


def _slack(message: Message) -> Rendered:
    body = {"text": "\n".join(_lines(message)), "unfurl_links": False, "unfurl_media": False}
    return Rendered(media_type=JSON, body=msgspec.json.encode(body))


def _lines(message: Message) -> Iterator[str]:
    entry = message.entry
    title = "This is a test." if entry is None else KINDS.of(message.type).title
    yield f"*{_text(title)}* in {_text(message.application.name)}"
    if message.endpoint.personal:
        yield from _people(message)
    if entry is not None:
        place = "approvals" if message.type in _TO_ANSWER else f"audit/{entry.index}"
        yield f"<{message.issuer}/{place}|Open in Understudy>"


def _people(message: Message) -> Iterator[str]:
    said = message.personal
    for word, name in (("Actor", "actor"), ("By", "doer"), ("User", "subject")):
        found = [said.get(f"{name}_{part}") for part in ("name", "email", "id")]
        shown = next((str(one) for one in found if one), None)
        if shown is not None:
            yield f"{word}: {_text(shown)}"
    for word in ("reason", "ticket"):
        if said.get(word):
            yield f"{word.capitalize()}: {_text(str(said[word]))}"


def _text(given: str) -> str:
    """``given`` on one line, as nothing but text."""
    return " ".join(given.split()).translate(_MEANT)


SLACK = MessageFormat(name="slack", render=_slack)
