"""Headers without what is hidden."""

from __future__ import annotations

import pytest

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.sdk.redaction import header_values
from understudy.sdk.redaction.header_values import hidden_in_headers

RULES = ruled("field email", "detector email", "drop field tax_id")
MASK = b"HiddenByUnderstudy"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        (b"X-Email", b"ada", MASK),
        (b"Tax-Id", b"12", b""),
        (b"Location", b"/next?to=a%40x.test&n=1", b"/next?to=" + MASK + b"&n=1"),
        (b"Location", b"/next?%65mail=ada", b"/next?%65mail=" + MASK),
        (b"Location", b"/next?tax+id=12", b"/next?tax+id="),
        (b"X-User-E-Mail", b"ada", MASK),
        (b"X-State", b'{"e\\u006dail":"ada"}', b'{"e\\u006dail":"' + MASK + b'"}'),
        (b"Link", b"<mailto:a@x.test>", b"<mailto:" + MASK + b">"),
        (b"X-Note", b"tea\xe9 \xa0", b"tea\xe9 \xa0"),
        (b"Content-Type", b"text/plain; a@x.test", b"text/plain; a@x.test"),
    ],
)
def test_a_header_is_hidden_by_its_name_or_its_look(
    name: bytes, value: bytes, shown: bytes
) -> None:
    assert hidden_in_headers([(name, value)], RULES) == [(name, shown)]


def test_a_header_in_which_nothing_stands_out_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(header_values, "_shown", lambda name, *_: name)
    headers = [(b"cache-control", b"no-store"), (b"x-note", b"a@x.test"), (b"x-email", b"a")]
    assert [value for _, value in hidden_in_headers(headers, RULES)] == [
        *(b"no-store", b"x-note", b"x-email")
    ]


@pytest.mark.parametrize("name", [b"ETag", b"Content-Digest", b"Signature"])
def test_by_no_header_the_bytes_of_before_can_be_told(name: bytes) -> None:
    assert hidden_in_headers([(name, b"a")], RULES) == []
