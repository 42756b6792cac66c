"""What is passed by in a page is what a look at it would leave as it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction import html_body
from understudy.sdk.redaction.html_body import HtmlBody
from understudy.sdk.redaction.html_plain import Plain, plain

RULES = ruled(
    "field tax_id", "field *mail", "drop field Straße", "detector email", "detector phone"
)
OTHERS = ruled("path a.iban", "field k", "detector token", "detector card", "detector iban")
PIECES = [
    *("<table>", "</table>", "<tr>", "</tr>", "<td>", "<TD colspan=2>", "</td>", "</th>", "<dl>"),
    *("<th>", "<th scope=row>", "<dt>", "</dt>", "<dd>", "</dd>", "<p>", "</p>", "<li>"),
    *(
        "Tax ID:",
        "tax",
        "-id",
        "E-Mail",
        "e mail",
        "STRASSE",
        "straße",
        "\u017ftrasse",
        "\u212a",
        "k",
    ),
    *("<tax-id>", "</tax-id>", '<b itemprop="tax_id">', "</b>", '<i data-field="user[tax-id]">'),
    *('<input name="email" value="a">', "<input name=x value='é'>", "<input type=submit name=k>"),
    *("a@x.test", "a&#64;x.test", "+49 30 1234567", "4111 1111 1111 1111", "&lt;", "é", "李", " "),
    *("<script>", "</script>", 'let email = "a"', "{'k': 1}", '{"a":{"iban":"x"}}', "\\u006b:1"),
    *("<script type=application/json>", "<textarea name=k>", "</textarea>", "<title>", "</title>"),
    *("<!-- email: 'a' -->", "<!-- a -->", "<![CDATA[a@x.test]]>", "<![CDATA[a]]>", "<!doctype x>"),
    *(
        '<a href="/p?k=1&b=2">',
        "<a title='{\"k\":1}'>",
        "</a>",
        "<br/>",
        "<",
        "eyJhbGciOi.eyJ",
        "x",
    ),
]


def shown(rulings: Rulings, parts: list[str], *, is_quick: bool) -> str:
    """What goes out of a page that comes in ``parts``."""
    body = HtmlBody(rulings)
    if not is_quick:
        # As without google-re2.
        body._plain = None
    parts_shown = [body.part(part.encode(), more=True) for part in parts]
    return b"".join([*parts_shown, body.part(b"", more=False)]).decode()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), max_size=3))
def test_no_page_is_hidden_otherwise_than_by_a_look_at_all_of_it(parts: list[str]) -> None:
    for rulings in (RULES, OTHERS):
        assert shown(rulings, parts, is_quick=True) == shown(rulings, parts, is_quick=False)


_TABLE = (
    "<table><tr><th>Name</th><th>Tax ID</th></tr><tr><td>{}</td><td>12 345</td></tr></table>"
    "<table><tr><td>Tax ID {}</td><td>67 890</td></tr></table>"
)


@pytest.mark.parametrize(
    ("within", "is_hidden"),
    [
        ("", True),
        ("<p>a</p>", False),
        ("<table><tr><td>a</td><td>b</td></tr></table>", True),
        ("<!-- > <table> -->", True),
        ("<dl><dt>a</dt><dd>b</dd></dl>", True),
        ("<dl><dt>a<dd>b", True),
    ],
)
def test_tables_are_followed_past_what_is_passed_by(within: str, *, is_hidden: bool) -> None:
    page = [_TABLE.format(within, within)]
    hidden = shown(RULES, page, is_quick=True)
    assert hidden == shown(RULES, page, is_quick=False)
    assert "12 345" not in hidden
    assert ("67 890" not in hidden) is is_hidden


@pytest.mark.parametrize(
    ("page", "is_plain"),
    [
        ("<p>a</p>", True),
        ("<p>李 é</p>", True),
        ("<p>TAX _-id</p>", False),
        ("<p>\u017ftra\u00dfe</p>", False),
        ("<p>a\\u0040x</p>", False),
        ("<p>a&#64;x</p>", False),
        ("<p>a@x</p>", False),
    ],
)
def test_whatever_may_stand_for_something_hidden_stands_out(page: str, is_plain: bool) -> None:
    found = plain(RULES)
    assert isinstance(found, Plain)
    assert found.places(page).is_plain(0, len(page)) is is_plain


def test_what_stands_out_at_the_border_of_two_pieces_is_one_of_both() -> None:
    found = plain(RULES)
    assert found is not None
    places = found.places("ab\\\\cd")
    assert [places.is_plain(start, start + 1) for start in range(6)] == [
        *(True, True, False, False, True, True)
    ]


@pytest.mark.parametrize("rule", ["field *", "field größe", "path a.*"])
def test_for_some_rules_all_of_a_page_is_looked_at(rule: str) -> None:
    assert plain(ruled(rule)) is None


def test_what_is_plain_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def look(text: str, rulings: Rulings) -> str:
        looked.append(text)
        return rulings.hidden(text)

    monkeypatch.setattr(html_body, "shown_within", look)
    page = ["<p>one</p><p>a@x.test</p><p>three</p>"]
    assert shown(RULES, page, is_quick=True) == "<p>one</p><p>HiddenByUnderstudy</p><p>three</p>"
    assert "".join(looked) == "a@x.test"
