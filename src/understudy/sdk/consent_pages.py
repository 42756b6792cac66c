"""The user's own pages, without a script: what they agree to, and who was in their account."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from typing import Any, NamedTuple

from understudy.sdk.page_marks import OWN, marked
from understudy.sdk.plain_page import plain_page
from understudy.sdk.visit import Answer

_SCOPES = {"full": "look and change things", "read_only": "look, and change nothing"}


class Links(NamedTuple):
    """Where the pages are, and where the app begins."""

    consent: str
    history: str
    home: str


def consent_page(state: Mapping[str, Any], links: Links) -> Answer:
    """What the user is asked for, and what they agreed to; see the API's ``ConsentStateAnswer``."""
    parts = [_request(one, links) for one in state["requests"]]
    given = state["consents"]
    if given:
        parts.append("".join(f"<p>{_given(one)}</p>" for one in given))
        parts.append(_form(links.consent, {"do": "withdraw"}, "Take it back"))
    elif state["mode"] == "standing":
        days = int(state["standing_days"])
        parts.append(
            f"<p>Support may work in your account only if you agree. For {days} days from now?</p>"
        )
        parts.append(_form(links.consent, {"do": "agree"}, f"Agree for {days} days"))
    elif state["mode"] == "ask" and not parts:
        parts.append(
            "<p>Support asks you here each time, before somebody works in your account."
            " Nobody asks at the moment.</p>"
        )
    elif not parts:
        parts.append("<p>You are asked nothing here.</p>")
    way = f'<a href="{escape(links.history)}">Who accessed my account</a>'
    return plain_page(HTTPStatus.OK, "Support in your account", "".join(parts) + _ways(way, links))


def code_page(code: Mapping[str, Any], links: Links) -> Answer:
    """The code, shown this once, and what it allows."""
    content = (
        f"<p><b>{escape(str(code['code']))}</b></p>"
        "<p>Read it to the person who asked you, if you want them to work in your account as they "
        "asked. It is good for ten minutes and for them alone. It does not tell you who they are, "
        "and nobody needs it to find out who you are.</p>"
    )
    way = f'<a href="{escape(links.consent)}">Back</a>'
    return plain_page(HTTPStatus.OK, "Your support code", content + _ways(way, links))


def history_page(history: Mapping[str, Any], links: Links) -> Answer:
    """Who was in the account; see the API's ``HistoryItem``."""
    parts = [_session(one, links) for one in history["items"]]
    content = "".join(parts) or "<p>Nobody has accessed your account.</p>"
    way = f'<a href="{escape(links.consent)}">What I agree to</a>'
    return plain_page(HTTPStatus.OK, "Who accessed my account", content + _ways(way, links))


def refused_page(status: int, detail: str, links: Links) -> Answer:
    """Nothing was done."""
    return plain_page(status, "This did not work", f"<p>{escape(detail)}</p>" + _ways("", links))


def _request(one: Mapping[str, Any], links: Links) -> str:
    target = {"request_id": str(one["id"])}
    return (
        f"<p><b>{escape(str(one['asked_by']))}</b> asks to work in your account for "
        f"{int(one['minutes'])} minutes: to {_SCOPES.get(str(one['scope']), 'work')}.</p>"
        f"<p class=soft>{escape(str(one['reason']))}</p>"
        f"<p>Do you speak with them? Then they can tell you this number: "
        f"<b>{escape(str(one['digits']))}</b></p>"
        '<div class="row">'
        + _form(links.consent, {"do": "allow", **target}, "Allow")
        + _form(links.consent, {"do": "decline", **target}, "Do not allow")
        + _form(links.consent, {"do": "code", **target}, "Show a code to read out")
        + "</div>"
    )


def _given(one: Mapping[str, Any]) -> str:
    until = escape(str(one["expires_at"])[:10])
    what = _SCOPES.get(str(one["scope"]), "work")
    if one["kind"] == "standing":
        return f"You agreed that support may {what} in your account, until {until}."
    return f"You allowed somebody to {what} in your account."


def _session(one: Mapping[str, Any], links: Links) -> str:
    who = escape(str(one["actor"]["name"] or "Support"))
    target = {"session_id": str(one["session_id"])}
    when = escape(str(one["started_at"])[:16].replace("T", " "))
    actions = one["actions"]
    changed = f" Changes: {int(actions['changes'])}." if actions else ""
    reason = f"<p class=soft>{escape(str(one['reason']))}</p>" if one["reason"] else ""
    live = one["ended_at"] is None
    end = _form(links.history, {"do": "end", **target}, "End it now") if live else ""
    return (
        f"<p><b>{who}</b>, {when} UTC{', now' if live else ''}.{changed}</p>{reason}"
        f'<div class="row">{end}'
        + _form(links.history, {"do": "not_agreed", **target}, "This was not agreed")
        + "</div>"
    )


def _form(action: str, fields: Mapping[str, str], label: str) -> str:
    # Of a browser without a session: its pages are its owner's, also where it has had one.
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return (
        f'<form method="post" action="{escape(marked(action, OWN))}">{hidden}'
        f"<button>{escape(label)}</button></form>"
    )


def _ways(way: str, links: Links) -> str:
    return f'<div class="row">{way}<a href="{escape(links.home)}">Back to the app</a></div>'
