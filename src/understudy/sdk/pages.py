"""The SDK's few pages: plain, small, without script, each under a strict policy of its own."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from http import HTTPStatus

from understudy.sdk.cache import Ended
from understudy.sdk.values import ActiveSession
from understudy.sdk.visit import Answer
from understudy.sdk.wording import cause_text, subject_text

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1d22; --soft: #5b6270; --paper: #f6f6f4;
  --card: #fff; --line: #dcdcd6; --accent: #b4380a }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececea; --soft: #a3a9b5; --paper: #16171a;
    --card: #1f2125; --line: #34373d; --accent: #ff9a6b }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 30rem; margin: 1.5rem; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.35rem; line-height: 1.3 }
p { margin: 0 0 1rem }
form { margin: 0 }
.soft { color: var(--soft) }
.row { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; margin: 1.5rem 0 0 }
a { color: var(--accent) }
button, .button { font: inherit; font-weight: 600; padding: .55rem 1.1rem; border: 0;
  border-radius: 8px; background: var(--accent); color: var(--card);
  text-decoration: none; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
"""
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {ancestors}"
)
# What the banner needs beside it: its script, and word from the session.
_BANNER_POLICY = "; script-src 'self'; connect-src 'self'"


def ended_page(ended: Ended, *, undone: bool, home: str, dashboard: str) -> Answer:
    """The session is over; ``undone`` when the request would have changed something."""
    consequence = (
        "What you just sent was not carried out: nothing was saved or changed."
        if undone
        else "The page that you asked for was not opened."
    )
    return _page(
        HTTPStatus.UNAUTHORIZED,
        "This session is over",
        f"<p>You no longer work as <b>{escape(subject_text(ended.session))}</b>. "
        f"{escape(cause_text(ended.cause))}</p>"
        f"<p>{consequence}</p>"
        f'<div class="row"><a class="button" href="{escape(home)}">Continue as yourself</a>'
        f'<a href="{escape(dashboard)}">Open Understudy</a></div>',
    )


def refused_page(
    status: int,
    detail: str,
    *,
    home: str,
    session: ActiveSession | None = None,
    banner: bytes = b"",
) -> Answer:
    """A request was refused while the session, if there is one, goes on."""
    who = (
        f'<p class="soft">You still work as <b>{escape(subject_text(session))}</b>.</p>'
        if session
        else ""
    )
    title = "Not while impersonating" if status == HTTPStatus.FORBIDDEN else "This did not work"
    undone = "" if status == HTTPStatus.INTERNAL_SERVER_ERROR else " Nothing was changed."
    return _page(
        status,
        title,
        f"<p>{escape(detail)}{undone}</p>{who}"
        f'<div class="row"><a class="button" href="{escape(home)}">Back to the app</a></div>',
        banner=banner,
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
    return _page(
        HTTPStatus.OK,
        title,
        f'{text}<div class="row"><form method="post" action="{escape(end)}">'
        f'<button type="submit">{button}</button></form>'
        f'<a href="{escape(home)}">Back to the app</a></div>',
        ancestors="'none'",
    ).with_headers(("referrer-policy", "same-origin"))


def left_page(target: str) -> Answer:
    """The session has ended; goes on to ``target`` on another site by itself.

    Not a redirect: a page's ``form-action`` covers the whole chain, and would stop the browser
    behind a form that has taken effect already.
    """
    return _page(
        HTTPStatus.OK,
        "Session ended",
        f'<p>You are yourself again.</p><div class="row">'
        f'<a class="button" href="{escape(target)}">Continue to Understudy</a></div>',
    ).with_headers(("refresh", f"0; url={target}"))


def launch_failed_page(status: int, detail: str, *, home: str, dashboard: str) -> Answer:
    """A hand-off that did not come about."""
    return _page(
        status,
        "The session did not start",
        f"<p>{escape(detail)}</p><p>Nothing was changed. Start it again from Understudy.</p>"
        f'<div class="row"><a class="button" href="{escape(dashboard)}">Open Understudy</a>'
        f'<a href="{escape(home)}">Back to the app</a></div>',
        ancestors="'none'",
    )


def _page(
    status: int, title: str, content: str, *, ancestors: str = "'self'", banner: bytes = b""
) -> Answer:
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
    )
    rest = f"<main><h1>{escape(title)}</h1>{content}</main></body></html>"
    policy = _POLICY.format(ancestors=ancestors) + (_BANNER_POLICY if banner else "")
    return Answer(
        status=status,
        headers=(
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", policy),
        ),
        body=head.encode() + banner + rest.encode(),
    )
