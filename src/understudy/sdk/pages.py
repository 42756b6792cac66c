"""The SDK's few pages, each of them plain."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from http import HTTPStatus

from understudy.sdk.cache import Ended
from understudy.sdk.plain_page import plain_page, typed_again
from understudy.sdk.typed_text import Field
from understudy.sdk.values import ActiveSession
from understudy.sdk.visit import Answer
from understudy.sdk.wording import cause_text, subject_text


def ended_page(
    ended: Ended, *, undone: bool, home: str, dashboard: str, typed: Iterable[Field] = ()
) -> Answer:
    """The session is over; ``undone`` when the request would have changed something.

    ``typed`` is given back, to be copied.
    """
    consequence = (
        "What you just sent was not carried out: nothing was saved or changed."
        if undone
        else "The page that you asked for was not opened."
    )
    return plain_page(
        HTTPStatus.UNAUTHORIZED,
        "This session is over",
        f"<p>You no longer work as <b>{escape(subject_text(ended.session))}</b>. "
        f"{escape(cause_text(ended.cause))}</p>"
        f"<p>{consequence}</p>{typed_again(typed)}"
        f'<div class="row"><a class="button" href="{escape(home)}">Continue as yourself</a>'
        f'<a href="{escape(dashboard)}">Open Understudy</a></div>',
    )


def gone_page(
    ended: Ended,
    *,
    undone: bool,
    dashboard: str,
    back: str | None = None,
    typed: Iterable[Field] = (),
) -> Answer:
    """The origin of a session that is over, or of none; ``undone``, ``typed`` as in ``ended_page``.

    ``back`` is where in the app it was started, if it was there.
    """
    way = (back, "Back to the app") if back is not None else (dashboard, "Open Understudy")
    consequence = "What you just sent was not carried out: nothing was saved or changed. "
    return plain_page(
        HTTPStatus.GONE,
        "This session is over",
        f"<p>{escape(cause_text(ended.cause))}</p>"
        f"<p>{consequence if undone else ''}This address belonged to it alone, "
        f"and opens nothing any more.</p>{typed_again(typed)}"
        f'<div class="row"><a class="button" href="{escape(way[0])}">{way[1]}</a></div>',
    )


def refused_page(
    status: int,
    detail: str,
    *,
    home: str,
    session: ActiveSession | None = None,
    banner: bytes = b"",
    typed: Iterable[Field] = (),
    offer: tuple[str, str] | None = None,
) -> Answer:
    """Refused while the session, if there is one, goes on; ``typed`` is given back.

    ``offer`` is the address at which the change can be asked for, and the change, packed.
    """
    who = (
        f'<p class="soft">You still work as <b>{escape(subject_text(session))}</b>.</p>'
        if session
        else ""
    )
    title = "Not while impersonating" if status == HTTPStatus.FORBIDDEN else "This did not work"
    undone = "" if status == HTTPStatus.INTERNAL_SERVER_ERROR else " Nothing was changed."
    way = "" if offer else ' class="button"'
    return plain_page(
        status,
        title,
        f"<p>{escape(detail)}{undone}</p>{who}{typed_again(typed)}{_asking(offer)}"
        f'<div class="row"><a{way} href="{escape(home)}">Back to the app</a></div>',
        banner=banner,
    )


def _asking(offer: tuple[str, str] | None) -> str:
    """The form that asks for one change; nothing where nobody can."""
    if offer is None:
        return ""
    address, write = offer
    return (
        f'<form method="post" action="{escape(address)}">'
        f'<input type="hidden" name="write" value="{escape(write)}">'
        "<label>Why has this to be changed for the user? Somebody else decides, about this change "
        "alone.<textarea name=reason required minlength=10 maxlength=1000 rows=2></textarea>"
        "</label><button>Ask for this change</button></form>"
    )


def asked_page(*, back: str, is_allowed: bool = False) -> Answer:
    """A change was asked for, and allowed at once where policies say so."""
    begins = "S" if is_allowed else "Somebody else decides about it. Once it is allowed, s"
    return plain_page(
        HTTPStatus.OK,
        "This change is allowed" if is_allowed else "You asked for this change",
        f"<p>{begins}end the form again as it was, within ten minutes: exactly this change goes "
        "through, once.</p>"
        f'<div class="row"><a class="button" href="{escape(back)}">Back to the app</a></div>',
    )


def not_asked_page(status: int, detail: str, *, back: str) -> Answer:
    """A change could not be asked for."""
    return plain_page(
        status,
        "This was not asked for",
        f"<p>{escape(detail)}</p>"
        f'<div class="row"><a class="button" href="{escape(back)}">Back to the app</a></div>',
    )


def mismatch_page(
    who: str, whose: str | None, *, typed: Iterable[Field], again: str | None, home: str
) -> Answer:
    """A page was not the browser's present user's, and nothing was done.

    ``who`` is whom the browser works as, ``whose`` how the page was opened, None where it does not
    say. ``typed`` is given back; ``again`` is the address that was asked for, of one that only
    reads.
    """
    came = (
        f"It comes from a page that was opened <b>{escape(whose)}</b>."
        if whose
        else "It does not say whose page it comes from. Reload that page, then try again; "
        "a page that cannot run Understudy's script is read only."
    )
    undone = (
        "The page that you asked for was not opened."
        if again
        else "What you just sent was not carried out: nothing was saved or changed."
    )
    way = f'<a class="button" href="{escape(again)}">Open it as {escape(who)}</a>' if again else ""
    return plain_page(
        HTTPStatus.CONFLICT,
        "This page is somebody else's" if whose else "Whose page is this?",
        f"<p>{came} This browser now works as <b>{escape(who)}</b>.</p>"
        f"<p>{undone}</p>{typed_again(typed)}"
        f'<div class="row">{way}<a href="{escape(home)}">Back to the app</a></div>',
    )


def for_whom_page(who: str, *, address: str, home: str) -> Answer:
    """Says for whom it would be done, before an address is read that changes something."""
    return plain_page(
        HTTPStatus.CONFLICT,
        f"Go on as {who}?",
        "<p>Opening this address may change something, and nothing was done yet. "
        f"It will be done for <b>{escape(who)}</b>.</p>"
        f'<div class="row"><a class="button" href="{escape(address)}">Go on as {escape(who)}</a>'
        f'<a href="{escape(home)}">Back to the app</a></div>',
        ancestors="'none'",
    )


def confirm_page(session: ActiveSession | None, *, live: bool, end: str, home: str) -> Answer:
    """Asks whether to end the session; works where the app's own pages may not post a form."""
    if not live:
        title, text = "No session to end", "<p>There is no live session in this browser.</p>"
        button = "Continue as yourself"
    else:
        subject = escape(subject_text(session))
        title = "End this session?"
        text = f"<p>You work as <b>{subject}</b>. Your own sign-in stays as it was.</p>"
        button = "End session"
    return plain_page(
        HTTPStatus.OK,
        title,
        f'{text}<div class="row"><form method="post" action="{escape(end)}">'
        f'<button type="submit">{button}</button></form>'
        f'<a href="{escape(home)}">Back to the app</a></div>',
        ancestors="'none'",
    ).with_headers(("referrer-policy", "same-origin"))


def not_ended_page(*, end: str, home: str) -> Answer:
    """End was pressed on a page of another session than the one that goes on."""
    return plain_page(
        HTTPStatus.CONFLICT,
        "Nothing was ended",
        "<p>The page where you pressed End belongs to another session than the one in this "
        "browser, which goes on.</p>"
        f'<div class="row"><a class="button" href="{escape(end)}">See which session goes on</a>'
        f'<a href="{escape(home)}">Back to the app</a></div>',
        ancestors="'none'",
    )


def left_page(target: str, *, to_app: bool) -> Answer:
    """The session has ended; goes on to ``target`` on another site by itself, ``to_app`` or to us.

    Not a redirect: a page's ``form-action`` covers the whole chain, and would stop the browser
    behind a form that has taken effect already.
    """
    return plain_page(
        HTTPStatus.OK,
        "Session ended",
        f'<p>You are yourself again.</p><div class="row">'
        f'<a class="button" href="{escape(target)}">'
        f"{'Back to the app' if to_app else 'Continue to Understudy'}</a></div>",
    ).with_headers(("refresh", f"0; url={target}"))


def launch_failed_page(status: int, detail: str, *, home: str, dashboard: str) -> Answer:
    """A hand-off that did not come about."""
    return plain_page(
        status,
        "The session did not start",
        f"<p>{escape(detail)}</p><p>Nothing was changed. Start it again from Understudy.</p>"
        f'<div class="row"><a class="button" href="{escape(dashboard)}">Open Understudy</a>'
        f'<a href="{escape(home)}">Back to the app</a></div>',
        ancestors="'none'",
    )


def started_page(target: str) -> Answer:
    """A session was started, and is at another origin; goes on to ``target`` by itself."""
    return plain_page(
        HTTPStatus.OK,
        "Starting the session",
        f'<p>It opens at an address of its own.</p><div class="row">'
        f'<a class="button" href="{escape(target)}">Go on</a></div>',
        ancestors="'none'",
    ).with_headers(("refresh", f"0; url={target}"))


def not_started_page(
    status: int, detail: str, *, back: str, in_doubt: bool = False, typed: Iterable[Field] = ()
) -> Answer:
    """Somebody of the app's staff wanted to start a session: there is none, or none they know.

    ``typed`` is given back, to be copied.
    """
    return plain_page(
        status,
        "The session may have started" if in_doubt else "The session did not start",
        f"<p>{escape(detail)}</p>{typed_again(typed)}"
        f'<div class="row"><a class="button" href="{escape(back)}">Back to the app</a></div>',
        ancestors="'none'",
    )
