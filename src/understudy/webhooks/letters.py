"""Messages by e-mail: plain text, and the same as simple HTML.

What somebody has typed is text in both. The one link opens a page, and does nothing more. The
subject names nobody: it is read on screens that others see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from urllib.parse import urlsplit

from understudy.core.notices.event_sets import ALERTS, KINDS
from understudy.core.notices.events import EventType
from understudy.flows.notices.messages import Message, MessageFormat, Rendered

MEDIA_TYPE = "message/rfc822"
_PAGES: Mapping[str, str] = {
    EventType.GRANT_REQUESTED: "approvals",
    EventType.GLASS_BROKEN: "approvals",
}
_TOLD = frozenset({EventType.GRANT_REQUESTED, EventType.GLASS_BROKEN}) | frozenset(
    one for one in ALERTS if one.kind.subscribable
)
_MOST = 200
TRIAL = "A test"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What an e-mail says. ``name`` is the same for each attempt at it, ``link`` opens a page."""

    name: str
    at: datetime
    title: str
    about: str
    facts: Sequence[tuple[str, str]]
    link: str

    @property
    def plain(self) -> str:
        """The text, for those who read no HTML."""
        lines = [f"{self.title}.", "", *(f"{word}: {text}" for word, text in self.facts), ""]
        return "\n".join([*lines, f"Open in Understudy: {self.link}", ""])

    @property
    def html(self) -> str:
        """The same for those who do."""
        title, link = escape(self.title), escape(self.link)
        rows = "".join(
            f'<tr><th align="left">{escape(word)}</th><td>{escape(text)}</td></tr>'
            for word, text in self.facts
        )
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"</head><body><p>{title}.</p><table>{rows}</table>"
            f'<p><a href="{link}">Open in Understudy</a></p></body></html>\n'
        )

    def __bytes__(self) -> bytes:
        """The e-mail but for whom it comes from and goes to: nobody reads who else gets it."""
        made = EmailMessage(policy=SMTP)
        made["Subject"] = f"{self.title}: {self.about}"
        made["Date"] = self.at
        made["Message-ID"] = f"<{self.name}@{urlsplit(self.link).hostname}>"
        # RFC 3834, section 5: nobody's absence is answered to us.
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(self.plain, cte="base64")
        made.add_alternative(self.html, subtype="html", cte="base64")
        return bytes(made)


def trial(name: str, at: datetime, issuer: str) -> Letter:
    """What is sent to see whether anything arrives."""
    return Letter(name=name, at=at, title=TRIAL, about="Understudy", facts=(), link=issuer)


def to_owner(name: str, at: datetime, issuer: str, token: str | None) -> Letter:
    """Tells the owner of an account that somebody got into it by a fresh link.

    With ``token`` its link leads to a page that asks whether it was they. Neither names nor
    addresses are in it: what was sent is kept for admins to see.
    """
    if token is None:
        link, yes, no = issuer, "Ask another admin to confirm it.", "Tell another admin at once."
    else:
        # In the fragment, which browsers send to nobody.
        link = f"{issuer}/taken-over#token={token}"
        yes = no = "Open the link and say so. It works once, for 72 hours."
    return Letter(
        name=name,
        at=at,
        title="Somebody has set a new password for your account by a fresh link",
        about="Understudy",
        facts=(
            ("What ended", "Every sign-in and session of before, and the password that you had"),
            ("If it was you", yes),
            ("If it was somebody else", no),
        ),
        link=link,
    )


def _render(message: Message) -> Rendered:
    entry = message.entry
    letter = Letter(
        # One for all applications that tell of one entry.
        name=message.id if entry is None else f"entry-{entry.index}",
        at=message.at,
        title=TRIAL if entry is None else KINDS.of(message.type).title,
        about=_line(message.application.name),
        facts=tuple(_facts(message)),
        link=_link(message),
    )
    return Rendered(media_type=MEDIA_TYPE, body=bytes(letter), shown=letter.plain)


def _facts(message: Message) -> Iterator[tuple[str, str]]:
    yield "Application", _line(message.application.name)
    said = message.personal if message.endpoint.personal else {}
    for word, name in (("Actor", "actor"), ("By", "doer"), ("User", "subject")):
        found = [said.get(f"{name}_{part}") for part in ("name", "email", "id")]
        shown = next((str(one) for one in found if one), None)
        if shown is not None:
            yield word, _line(shown)
    for word in ("reason", "ticket"):
        if said.get(word):
            yield word.capitalize(), _line(str(said[word]))


def _link(message: Message) -> str:
    if message.entry is None:
        return message.issuer
    page = _PAGES.get(message.type, f"audit/{message.entry.index}")
    return f"{message.issuer}/{page}"


def _line(given: str) -> str:
    """``given`` on one line, and not too long."""
    return " ".join(given.split())[:_MOST]


EMAIL = MessageFormat(
    name="email", render=_render, tellable=_TOLD, default_types=_TOLD, by_mail=True
)
