"""The banner as it stands in a page before, or without, its script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path

from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.values import ActiveSession, Actor, Subject

SCRIPT = Path(__file__).parent / "static" / "banner.js"
_NONCE = re.compile(r"'nonce-([A-Za-z0-9+/_=-]{1,200})'")
_SCOPES = {Scope.FULL: "Full access", Scope.READ_ONLY: "Read only"}


@dataclass(frozen=True, kw_only=True, slots=True)
class BannerLinks:
    """Where the banner's parts are, and ``back``, where the actor's own view of the app begins."""

    script: str
    state: str
    events: str
    end: str
    back: str


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

    def render(self, *, server_now: datetime, nonce: str | None) -> bytes:
        """The element, its plain fallback and its script: ASCII, well-formed in HTML and in XML.

        It holds neither style nor inline script, so that it needs nothing of the page's policy.
        """
        nonce_attribute = _ascii(f' nonce="{escape(nonce)}"') if nonce else b""
        clock = _rfc3339(server_now).encode()
        return b"".join(
            (self._before_clock, clock, self._after_clock, nonce_attribute, b' defer=""></script>')
        )


def nonce_in(policies: Iterable[str]) -> str | None:
    """The nonce under which these Content-Security-Policy headers let scripts run, if any."""
    for policy in policies:
        directives = dict(
            (name.lower(), sources)
            for name, _, sources in (part.strip().partition(" ") for part in policy.split(";"))
        )
        for name in ("script-src-elem", "script-src", "default-src"):
            if name in directives:
                found = _NONCE.search(directives[name])
                if found:
                    return found.group(1)
                break
    return None


@cache
def banner_script() -> bytes | None:
    """The banner's script; None where it was not built: then the fallback stays."""
    return SCRIPT.read_bytes() if SCRIPT.is_file() else None


def _attributes(session: ActiveSession, links: BannerLinks) -> Iterable[tuple[str, str]]:
    facts = {
        "data-session": session.id,
        "data-state": links.state,
        "data-events": links.events,
        "data-end": links.end,
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
    }
    return ((name, value) for name, value in facts.items() if value)


def _idle_seconds(session: ActiveSession) -> str:
    """How long it may rest, from the page on that is shown: asking for it was activity."""
    return str(int((session.idle_ends_at - session.last_active_at).total_seconds()))


def _ascii(html: str) -> bytes:
    return html.encode("ascii", "xmlcharrefreplace")


def _fallback(session: ActiveSession, links: BannerLinks) -> str:
    organization = _organization(session)
    where = f" ({escape(organization)})" if organization else ""
    until = session.ends_at.astimezone(UTC).strftime("%H:%M UTC")
    end = escape(links.end)
    return (
        f'<div role="status">You are viewing this app as <b>{escape(_called(session.subject))}</b>'
        f"{where}. {_SCOPES[session.restrictions.scope]}. Ends at {until}."
        f" What you do is recorded as done by <b>{escape(_called(session.actor))}</b>."
        f'<form method="post" action="{end}"><button type="submit">End session</button></form>'
        f'<a href="{end}">Other ways to end</a></div>'
    )


def _called(person: Actor | Subject) -> str:
    return person.name or person.email or person.id


def _organization(session: ActiveSession) -> str | None:
    organization = session.organization
    return (organization.name or organization.id) if organization else None


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
