"""Pages without what is hidden in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.html_body import MOST_HELD, HtmlBody
from understudy.sdk.redaction.unreadable import Unreadable

RULES = ruled("field email", "detector email")
MASK = "HiddenByUnderstudy"


def shown(page: str | bytes, rulings: Rulings = RULES, cut: int | None = None) -> str:
    """The page as it goes out, in parts of ``cut`` bytes."""
    raw = page.encode() if isinstance(page, str) else page
    parts = [raw[at : at + cut] for at in range(0, len(raw), cut)] if cut else [raw]
    body = HtmlBody(rulings)
    sent = [body.part(part, more=True) for part in parts]
    return b"".join([*sent, body.part(b"", more=False)]).decode()


@pytest.mark.parametrize(
    ("page", "hidden"),
    [
        ("<p>ask a@x.test &amp; b</p>", f"<p>ask {MASK} &amp; b</p>"),
        ("<p>ada&#64;x.test &lt;</p>", f"<p>{MASK} &lt;</p>"),
        ("<a href='mailto:a@x.test'>m</a>", f"<a href='mailto:{MASK}'>m</a>"),
        ("<title>a@x.test</title>", f"<title>{MASK}</title>"),
        ("<!-- a@x.test -->", f"<!-- {MASK} -->"),
        ("<meta name=email content='ada'>", f"<meta name=email content='{MASK}'>"),
        ('<i data-email="ada">x</i>', f'<i data-email="{MASK}">x</i>'),
        ("<i itemprop=email><b>ada</b></i>ada", f"<i itemprop=email><b>{MASK}</b></i>ada"),
        ("<p itemprop=email>ada<p>ada", f"<p itemprop=email>{MASK}<p>ada"),
        ("<i itemprop=email><i>a</i>b</i>c", f"<i itemprop=email><i>{MASK}</i>{MASK}</i>c"),
        (
            "<dl><dt>E-mail:<dd>ada</dd><dt>Name<dd>ada",
            f"<dl><dt>E-mail:<dd>{MASK}</dd><dt>Name<dd>ada",
        ),
        ("<tr><th>Email</th><td>ada</td></tr>", f"<tr><th>Email</th><td>{MASK}</td></tr>"),
        (
            "<table><tr><th>Id<th>Email<tr><td>1<td>ada</table><table><tr><td>1<td>ada</table>",
            f"<table><tr><th>Id<th>Email<tr><td>1<td>{MASK}</table><table><tr><td>1<td>ada</table>",
        ),
        ("<script>x={email:'ada'}</script>", f"<script>x={{email:'{MASK}'}}</script>"),
        (
            '<script type="application/json">{"email":"ada","n":1.10}</script>',
            f'<script type="application/json">{{"email":"{MASK}","n":1.10}}</script>',
        ),
        (
            '<script type="application/json">{email:"ada"}</script>',
            f'<script type="application/json">{{email:"{MASK}"}}</script>',
        ),
        ("<style>a{b:'a@x.test'}</style>", "<style>a{b:'a@x.test'}</style>"),
        ("a < b a@x.test", f"a < b {MASK}"),
        ("<script>email='ada'", f"<script>email='{MASK}'"),
    ],
)
def test_what_is_hidden_is_so_in_place(page: str, hidden: str) -> None:
    assert shown(page) == hidden


@pytest.mark.parametrize(
    ("tag", "hidden"),
    [
        ('<input name="email">', '<input name="email">'),
        ('<input name="email" value="">', '<input name="email" value="">'),
        ('<input name="email" value="ada">', f'<input name="email" value="{MASK}" disabled>'),
        (
            "<input name=user[email] value=ada />",
            f"<input name=user[email] value={MASK} disabled/>",
        ),
        (
            '<input name="email" value="ada" disabled>',
            f'<input name="email" value="{MASK}" disabled>',
        ),
        ('<input name="note" value="a@x.test">', f'<input name="note" value="{MASK}" disabled>'),
        (
            "<textarea name=email>ada</textarea>",
            f"<textarea name=email disabled>{MASK}</textarea>",
        ),
        (
            '<input type=submit name="email" value="Go">',
            '<input type=submit name="email" value="Go">',
        ),
        ('<input name="csrf_token" value="abc">', '<input name="csrf_token" value="abc">'),
    ],
)
def test_a_hidden_input_cannot_be_sent_back(tag: str, hidden: str) -> None:
    assert shown(tag) == hidden


WORDS = (
    "<p>|</p>|<!--|-->|a@x.test|<script>|</script>|email:|'ada'|\"|'|<|>|&|&#64;|é|ada"
    "|<input name=email value=ada>|<td>|<th>Email</th>|<title>|</title>|<![CDATA[|]]>"
)
PIECES = st.lists(st.sampled_from(WORDS.split("|")), max_size=12)


@settings(max_examples=150, deadline=None)
@given(PIECES, st.integers(1, 9))
def test_any_page_is_hidden_the_same_wherever_it_is_cut(pieces: list[str], cut: int) -> None:
    page = " ".join(pieces)
    assert shown(page, cut=cut) == shown(page)


@settings(max_examples=100, deadline=None)
@given(PIECES)
def test_a_page_without_anything_hidden_is_the_very_same(pieces: list[str]) -> None:
    page = " ".join(pieces)
    assert shown(page, ruled("field nothing_like_it")) == page


def test_a_page_in_another_charset_is_not_passed_on() -> None:
    with pytest.raises(Unreadable):
        shown(b"<p>\xe9</p>")
    with pytest.raises(Unreadable):
        shown(b"<p>tea\xc3")


def test_a_page_whose_parts_do_not_end_is_not_held_for_ever() -> None:
    with pytest.raises(Unreadable):
        shown("<!--" + "a" * MOST_HELD)
