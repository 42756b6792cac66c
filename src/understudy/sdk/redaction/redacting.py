"""How an answer of the app is looked through on its way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from understudy.core.impersonation.restrictions import opens
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.headers import RawHeaders
from understudy.sdk.redaction.event_body import ENDS, hidden_in_event
from understudy.sdk.redaction.html_body import HtmlBody, hidden_in_page
from understudy.sdk.redaction.json_body import hidden_in_answer
from understudy.sdk.redaction.line_body import LineBody
from understudy.sdk.redaction.media import Medium, medium_of
from understudy.sdk.redaction.mislabelled import Mislabelled
from understudy.sdk.redaction.passing import Part, Passing
from understudy.sdk.redaction.table_body import TableBody
from understudy.sdk.redaction.text_body import hidden_in_text
from understudy.sdk.redaction.unpacking import Unpacked
from understudy.sdk.redaction.unreadable import Unreadable
from understudy.sdk.redaction.whole import WholeBody


class Closed:
    """A body that nobody can look through: it must be none."""

    is_whole = False
    has_hidden = False

    def part(self, body: bytes, *, more: bool) -> bytes:
        """Nothing.

        :raises Unreadable: there is something.
        """
        if body:
            raise Unreadable("a file")
        self.is_whole = not more
        return b""


_MADE: dict[Medium, Callable[[Rulings], Part]] = {
    Medium.JSON: lambda rulings: WholeBody(partial(hidden_in_answer, rulings=rulings)),
    Medium.TEXT: lambda rulings: WholeBody(partial(hidden_in_text, rulings=rulings)),
    Medium.MARKUP: lambda rulings: Mislabelled(
        rulings, HtmlBody(rulings), partial(hidden_in_page, rulings=rulings)
    ),
    Medium.SCRIPT: lambda rulings: Mislabelled(rulings, Passing()),
    Medium.JSON_LINES: lambda rulings: LineBody(partial(hidden_in_answer, rulings=rulings)),
    Medium.EVENTS: lambda rulings: LineBody(partial(hidden_in_event, rulings=rulings), ENDS),
    Medium.TABLE: TableBody,
}


def redacting(
    rulings: Rulings, paths: Iterable[str], status: int, headers: RawHeaders
) -> Part | None:
    """What looks through the body of an answer; None where it goes out as it is. ``paths`` are all
    readings of what was asked for.
    """
    medium, coding = medium_of(status, headers)
    make = _MADE.get(medium)
    if make is not None:
        return make(rulings) if coding is None else Unpacked(coding, make(rulings))
    # A file may hold anything. Where only secrets are looked for, it goes out: nobody has said that
    # anything stands in it.
    is_open = not rulings.is_strict or opens(rulings.redaction.open_routes, paths)
    return Closed() if medium is Medium.FILE and not is_open else None
