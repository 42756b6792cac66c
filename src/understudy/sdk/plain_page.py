"""The shape of the SDK's own pages: small, without script, under a strict policy of their own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape

from understudy.sdk.typed_text import Field
from understudy.sdk.visit import Answer

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
label { display: block; margin: 0 0 1rem; font-size: .9rem; color: var(--soft) }
textarea { display: block; width: 100%; box-sizing: border-box; margin: .25rem 0 0; padding: .5rem;
  font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  border-radius: 8px; field-sizing: content; max-height: 20rem }
.soft { color: var(--soft) }
.row { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; margin: 1.5rem 0 0 }
a { color: var(--accent) }
button, .button { font: inherit; font-weight: 600; padding: .55rem 1.1rem; border: 0;
  border-radius: 8px; background: var(--accent); color: var(--card);
  text-decoration: none; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
"""


def _hash(style: str) -> str:
    return b64encode(sha256(style.encode()).digest()).decode()


_STYLE_HASH = _hash(_STYLE)
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {ancestors}"
)
# What the banner needs beside it: its script, and word from the session.
_BANNER_POLICY = "; script-src 'self'; connect-src 'self'"


def plain_page(
    status: int,
    title: str,
    content: str,
    *,
    ancestors: str = "'self'",
    banner: bytes = b"",
    style: str = "",
) -> Answer:
    """A page of ``content``, which is HTML, under its ``title``, which is text.

    ``ancestors`` are those that may frame it. A ``banner`` may run its script. ``style`` is what
    this page needs beside the style of all.
    """
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f"{f'<style>{style}</style>' if style else ''}</head><body>"
    )
    rest = f"<main><h1>{escape(title)}</h1>{content}</main></body></html>"
    policy = _POLICY.format(ancestors=ancestors) + (_BANNER_POLICY if banner else "")
    if style:
        policy = policy.replace("style-src ", f"style-src 'sha256-{_hash(style)}' ")
    return Answer(
        status=status,
        headers=(
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", policy),
        ),
        body=head.encode() + banner + rest.encode(),
    )


def typed_again(fields: Iterable[Field]) -> str:
    """The HTML of what somebody typed, to be copied; nothing where nothing was."""
    shown = "".join(
        f"<label>{escape(name)}<textarea readonly autocomplete=off rows={_rows(value)}>\n"
        f"{escape(value)}</textarea></label>"
        for name, value in fields
    )
    return f"<p>Here is what you typed, to copy:</p>{shown}" if shown else ""


def _rows(text: str) -> int:
    return min(12, 1 + text.count("\n") + len(text) // 60)
