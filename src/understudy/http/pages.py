"""The few pages that the service writes itself: plain, without scripts, readable by anything."""

from __future__ import annotations

from html import escape
from http import HTTPStatus

from starlette.responses import HTMLResponse

from understudy.http.content_security import page_policy

_STYLE = """
:root { color-scheme: light dark; }
body { font: 17px/1.55 system-ui, sans-serif; max-width: 34rem; margin: 14vh auto; padding: 0 1rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem }
code { font: .95em ui-monospace, monospace }
"""


def message_page(
    *, title: str, paragraphs: tuple[str, ...], nonce: str, status: int = HTTPStatus.OK
) -> HTMLResponse:
    """A page with a heading and paragraphs of plain text."""
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return HTMLResponse(
        document(title=title, body=f"<main><h1>{escape(title)}</h1>{body}</main>", nonce=nonce),
        status_code=status,
        headers=page_headers(nonce),
    )


def moving_on_page(*, url: str, nonce: str) -> HTMLResponse:
    """A page that moves on to ``url`` by itself.

    Not a redirect: the ``form-action`` of the page that posted here covers redirects, and would
    block the launch after it took effect.
    """
    link = escape(url, quote=True)
    body = (
        f"<main><h1>Opening the app…</h1>"
        f'<p>If nothing happens, <a href="{link}" rel="noreferrer">go on by hand</a>.</p></main>'
    )
    headers = page_headers(nonce) | {"refresh": f"0; url={url}", "referrer-policy": "no-referrer"}
    return HTMLResponse(document(title="Opening the app", body=body, nonce=nonce), headers=headers)


def document(*, title: str, body: str, nonce: str, style: str = _STYLE) -> str:
    """A whole HTML document around ``body``, which is HTML already."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Understudy</title>"
        f'<style nonce="{nonce}">{style}</style></head><body>{body}</body></html>'
    )


def page_headers(nonce: str) -> dict[str, str]:
    """What every page says: its policy, and that nobody may keep it."""
    return {"content-security-policy": page_policy(nonce), "cache-control": "no-store"}
