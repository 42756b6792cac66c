"""The banner as it stands in a page before, or without, its script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.page_marks import marked
from understudy.sdk.values import ActiveSession, Actor, Subject

_LAST = b'<a href="'
_READ_ONLY = (
    b"<p data-unmarked=''>This page's policy does not let Understudy's script run, so that nothing "
    b"can be sent from it.</p>" + _LAST
)
_SCOPES = {Scope.FULL: "Full access", Scope.READ_ONLY: "Read only"}


@dataclass(frozen=True, kw_only=True, slots=True)
class BannerLinks:
    """Where the banner's parts are, and ``back``, where the actor's own view of the app begins.
    ``reveal`` is where they ask to see what is hidden.

    Without ``events`` it asks for ``state`` again and again, for as long as its page is looked at.
    """

    script: str
    state: str
    events: str | None
    end: str
    back: str
    reveal: str | None = None


class Banner:
    """One session's banner in one app, rendered but for the clock and a page's nonce."""

    __slots__ = ("_after_clock", "_before_clock", "links")

    def __init__(self, session: ActiveSession, links: BannerLinks) -> None:
        self.links = links
        attributes = " ".join(
            f'{name}="{escape(value)}"' for name, value in _attributes(session, links)
        )
        self._before_clock = _ascii(f'<understudy-banner {attributes} data-server-now="')
        self._after_clock = _ascii(
            f'">{_fallback(session, links)}</understudy-banner><script src="{escape(links.script)}"'
        )

    def render(self, *, server_now: datetime, nonce: str | None, can_write: bool = True) -> bytes:
        """The element, its plain fallback and its script: ASCII, well-formed in HTML and in XML.

        It holds neither style nor inline script, so that it needs nothing of the page's policy.
        Without ``can_write`` it says that nothing can be sent from the page.
        """
        after = self._after_clock if can_write else self._after_clock.replace(_LAST, _READ_ONLY, 1)
        nonce_attribute = _ascii(f' nonce="{escape(nonce)}"') if nonce else b""
        clock = _rfc3339(server_now).encode()
        return b"".join((self._before_clock, clock, after, nonce_attribute, b' defer=""></script>'))


def _attributes(session: ActiveSession, links: BannerLinks) -> Iterable[tuple[str, str]]:
    facts: dict[str, str | None] = {
        "data-session": session.id,
        "data-state": links.state,
        "data-events": links.events,
        "data-end": marked(links.end, session.id),
        "data-actor": _called(session.actor),
        "data-actor-email": session.actor.email,
        "data-subject": _called(session.subject),
        "data-subject-email": session.subject.email,
        "data-organization": _organization(session),
        "data-scope": session.restrictions.scope.value,
        "data-ticket": session.ticket,
        "data-reason": session.reason,
        "data-ends-at": _rfc3339(session.ends_at),
        "data-idle-seconds": _idle_seconds(session),
        "data-return": links.back,
        "data-reveal": _reveal(session, links),
    }
    return ((name, value) for name, value in facts.items() if value)


def _reveal(session: ActiveSession, links: BannerLinks) -> str | None:
    """Where to ask for a sight, in a session in which something may be shown."""
    rules = session.restrictions.redaction.rules
    if links.reveal is None or not any(rule.revealable for rule in rules):
        return None
    return marked(links.reveal, session.id)


def _idle_seconds(session: ActiveSession) -> str:
    """How long it may rest, from the page on that is shown: asking for it was activity."""
    return str(int((session.idle_ends_at - session.last_active_at).total_seconds()))


def _ascii(html: str) -> bytes:
    return html.encode("ascii", "xmlcharrefreplace")


def _fallback(session: ActiveSession, links: BannerLinks) -> str:
    organization = _organization(session)
    where = f" ({escape(organization)})" if organization else ""
    until = session.ends_at.astimezone(UTC).strftime("%H:%M UTC")
    # It names its session, so that no page ends another one that was launched meanwhile.
    end = escape(marked(links.end, session.id))
    reveal = _reveal(session, links)
    show = f' <a href="{escape(reveal)}">Hidden fields</a>' if reveal else ""
    return (
        f'<div role="status">You are viewing this app as <b>{escape(_called(session.subject))}</b>'
        f"{where}. {_SCOPES[session.restrictions.scope]}. Ends at {until}."
        f" What you do is recorded as done by <b>{escape(_called(session.actor))}</b>."
        f'<form method="post" action="{end}"><button type="submit">End session</button></form>'
        f'<a href="{end}">Other ways to end</a>{show}</div>'
    )


def _called(person: Actor | Subject) -> str:
    return person.name or person.email or person.id


def _organization(session: ActiveSession) -> str | None:
    organization = session.organization
    return (organization.name or organization.id) if organization else None


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
