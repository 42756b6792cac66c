"""The page between a link and a session: who will work as whom, and a button.

Mail scanners and previews open links; only a person presses the button.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus

from starlette.responses import HTMLResponse

from understudy.http.pages import document, message_page, page_headers

_STYLE = """
:root { color-scheme: light dark; --line: #d9dde3; --soft: #5b6472; --card: #fff; --page: #f5f6f8;
  --press: #1f4fd8; --pressed: #1a43b8; --warn: #8a4b00; --warned: #fff4e2 }
@media (prefers-color-scheme: dark) { :root { --line: #363b44; --soft: #a3acba; --card: #1b1e24;
  --page: #111317; --press: #6d94ff; --pressed: #8aa9ff; --warn: #ffc47a; --warned: #2c2113 } }
* { box-sizing: border-box }
body { font: 16px/1.55 system-ui, sans-serif; margin: 0; background: var(--page);
  min-height: 100vh; display: grid; place-items: center; padding: 1rem }
main { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  width: 100%; max-width: 32rem; padding: 1.75rem }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .35rem; overflow-wrap: anywhere }
p { margin: 0; color: var(--soft) }
dl { margin: 1.25rem 0; border-top: 1px solid var(--line) }
dl div { display: grid; grid-template-columns: 7.5rem 1fr; gap: .25rem 1rem;
  padding: .6rem 0; border-bottom: 1px solid var(--line) }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line }
dd small { display: block; color: var(--soft); font-size: .875rem }
button { font: inherit; font-weight: 600; width: 100%; padding: .7rem 1rem; border: 0;
  border-radius: 8px; background: var(--press); color: #fff; cursor: pointer }
button:hover { background: var(--pressed) }
button:focus-visible { outline: 3px solid var(--press); outline-offset: 2px }
.note { margin: 1rem 0 0; font-size: .875rem; text-align: center }
.warn { color: var(--warn); background: var(--warned); border-radius: 8px; padding: .6rem .8rem;
  margin: 0 0 1rem; font-size: .9375rem }
@media (prefers-color-scheme: dark) { button { color: #0c1330 } }
@media (max-width: 30rem) { main { padding: 1.25rem } dl div { grid-template-columns: 1fr } }
"""
_GONE = "This link cannot be used"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as a page names them: by name where there is one, with what tells them apart."""

    name: str
    further: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketFacts:
    """What somebody reads before they go on. Texts are as they were given."""

    sign_in_ticket: str = field(repr=False)
    application: str
    subject: Person
    actor: Person
    reason: str
    reason_given: bool
    reference: str | None
    minutes: int
    read_only: bool


def confirm_page(facts: TicketFacts, *, action: str, nonce: str) -> HTMLResponse:
    """The page that asks; its form posts the ticket to ``action`` on the same origin."""
    title = f"Work as {facts.subject.name}?"
    warning = (
        ""
        if facts.reason_given
        else '<p class="warn">Nobody gave a reason for this. It is recorded as such.</p>'
    )
    body = (
        f"<main><h1>{escape(title)}</h1>"
        f"<p>In {escape(facts.application)}, until you end it or time runs out.</p>"
        f"<dl>{_rows(facts)}</dl>{warning}"
        f'<form method="post" action="{escape(action, quote=True)}">'
        f'<input type="hidden" name="ticket" value="{escape(facts.sign_in_ticket, quote=True)}">'
        f"<button>Go on as {escape(facts.subject.name)}</button></form>"
        '<p class="note">Nothing has happened yet. What you do there is recorded under both '
        "names.</p></main>"
    )
    return HTMLResponse(
        document(title=title, body=body, nonce=nonce, style=_STYLE), headers=page_headers(nonce)
    )


def unusable_page(*, nonce: str, status: int = HTTPStatus.GONE) -> HTMLResponse:
    """The page for a link that is used up, withdrawn, expired, or not ours at all."""
    return message_page(
        title=_GONE,
        paragraphs=(
            "It was used already, was withdrawn or has expired, or it is not a link of this "
            "service. Nothing has happened.",
            "Such a link works once. Ask for a new one where you got it.",
        ),
        nonce=nonce,
        status=status,
    )


def homeless_page(*, nonce: str) -> HTMLResponse:
    """The page where nobody has said at which address the app is."""
    return message_page(
        title="The app's address is not known",
        paragraphs=(
            "The application has no redirect URL yet, so there is nowhere to go on to. An admin "
            "can add one in the dashboard, under Settings.",
        ),
        nonce=nonce,
        status=HTTPStatus.CONFLICT,
    )


def _rows(facts: TicketFacts) -> str:
    rows = [
        ("User", _person(facts.subject)),
        ("You act as", _person(facts.actor)),
        ("Reason", escape(facts.reason)),
        ("Ticket", escape(facts.reference) if facts.reference else None),
        ("Time", escape(_span(facts.minutes))),
        ("Access", "Read only" if facts.read_only else "Everything the user may do"),
    ]
    return "".join(f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in rows if text)


def _person(person: Person) -> str:
    further = f"<small>{escape(person.further)}</small>" if person.further else ""
    return f"{escape(person.name)}{further}"


def _span(minutes: int) -> str:
    return "Up to 1 minute" if minutes == 1 else f"Up to {minutes} minutes"
