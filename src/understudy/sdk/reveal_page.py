"""The page on which an actor asks to see what a rule hides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from http import HTTPStatus

from understudy.core.redaction.lifted import REVEAL_LIFE, Shown
from understudy.core.redaction.rules import RedactionRule
from understudy.sdk.plain_page import plain_page
from understudy.sdk.values import ActiveSession
from understudy.sdk.visit import Answer
from understudy.sdk.wording import subject_text

_MINUTES = int(REVEAL_LIFE.total_seconds() // 60)
_STYLE = """
select, input { display: block; width: 100%; box-sizing: border-box; margin: .25rem 0 0;
  padding: .5rem; font: inherit; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 8px }
"""
_WORDS = {"field": "the field {}", "path": "the field at {}", "detector": "what looks like: {}"}


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the form offers: ``fields`` to be shown, ``addresses`` where, the likeliest first."""

    fields: Sequence[RedactionRule]
    addresses: Sequence[str]
    shown: Sequence[Shown]


def reveal_page(session: ActiveSession, choices: Choices, *, action: str, back: str) -> Answer:
    """Asks which field, where, and why; says so where no field may be shown."""
    return plain_page(
        HTTPStatus.OK,
        "Show a hidden field",
        f"<p>You work as <b>{escape(subject_text(session))}</b>. {_lead(choices)}</p>"
        f"{_now(choices.shown)}{_form(choices, action, back)}"
        f'<div class="row"><a href="{escape(back)}">Back to the app</a></div>',
        ancestors="'none'",
        style=_STYLE,
    ).with_headers(("referrer-policy", "same-origin"))


def not_revealed_page(status: int, detail: str, *, back: str) -> Answer:
    """A field is not shown."""
    return plain_page(
        status,
        "This stays hidden",
        f"<p>{escape(detail)}</p>"
        f'<div class="row"><a class="button" href="{escape(back)}">Back to the app</a></div>',
        ancestors="'none'",
    )


def named(rule: RedactionRule) -> str:
    """``rule`` as a form sends it."""
    return f"{rule.kind} {rule.match}"


def called(kind: str, match: str) -> str:
    """What people call that which a rule hides."""
    return _WORDS[kind].format(match.replace("_", " ") if kind == "detector" else match)


def _lead(choices: Choices) -> str:
    if not choices.fields:
        return "What is hidden from you here may not be shown to anybody who works as a user."
    return (
        "What you ask to see is written into the log, with your reason, before you see it. It is "
        f"shown to you alone, at this one address, for {_MINUTES} minutes. What another rule hides "
        "as well stays hidden."
    )


def _now(shown: Iterable[Shown]) -> str:
    told = "".join(
        f"<li>{escape(called(one.lifted.kind, one.lifted.match))} at "
        f"{escape(one.lifted.path)}, until {_clock(one.until)}</li>"
        for one in shown
    )
    return f"<p>Shown by now:</p><ul>{told}</ul>" if told else ""


def _clock(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%H:%M UTC")


def _form(choices: Choices, action: str, back: str) -> str:
    if not choices.fields:
        return ""
    fields = "".join(
        f'<option value="{escape(named(one))}">{escape(called(one.kind, one.match))}</option>'
        for one in choices.fields
    )
    others = "".join(f'<option value="{escape(one)}"></option>' for one in choices.addresses)
    first = escape(choices.addresses[0] if choices.addresses else "/")
    return (
        f'<form method="post" action="{escape(action)}">'
        f'<input type="hidden" name="back" value="{escape(back)}">'
        f"<label>What to show<select name=field>{fields}</select></label>"
        "<label>At which address of the app<input name=path list=addresses required maxlength=2000 "
        f'autocomplete=off value="{first}"></label>'
        f"<datalist id=addresses>{others}</datalist>"
        "<label>Why do you have to see it?<textarea name=reason required minlength=10 "
        "maxlength=1000 rows=2></textarea></label><button>Show it</button></form>"
    )
