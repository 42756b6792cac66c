"""What is given back of a form: a person's text, and no secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.sdk.typed_text import MAX_BODY, Field, fields_of, is_form

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = 'multipart/form-data; boundary="b1"'


def part(disposition: str, value: bytes) -> bytes:
    return b"--b1\r\nContent-Disposition: " + disposition.encode() + b"\r\n\r\n" + value + b"\r\n"


def test_the_fields_of_a_plain_form() -> None:
    body = b"to=Anna&text=Dear+Mr.+%C3%98re%2C%0D%0Ahello&empty=&blank=++"
    assert fields_of(URLENCODED + "; charset=utf-8", body) == [
        Field("to", "Anna"),
        Field("text", "Dear Mr. Øre,\r\nhello"),
    ]


def test_the_text_fields_of_a_form_with_files() -> None:
    body = b"".join(
        (
            part('form-data; name="text"', "Dear\r\n\r\nØre".encode()),
            part('form-data; name="file"; filename="a.txt"', b"file"),
            part('form-data; name="none"; filename=""', b""),
            part("form-data", b"nameless"),
            b"--b1--\r\n",
        )
    )
    assert fields_of(MULTIPART, body) == [Field("text", "Dear\r\n\r\nØre")]


@pytest.mark.parametrize(
    "name",
    ["password", "new_Passphrase", "pwd", "csrfmiddlewaretoken", "otp", "cvc", "client_secret"],
)
def test_what_is_a_secret_by_its_name_is_left_out(name: str) -> None:
    assert fields_of(URLENCODED, f"{name}=1&text=2".encode()) == [Field("text", "2")]
    assert fields_of(MULTIPART, part(f'form-data; name="{name}"', b"1")) == []


def test_no_more_is_read_than_the_bound() -> None:
    (field,) = fields_of(URLENCODED, b"text=" + b"a" * 2 * MAX_BODY)
    assert len(field.value) == MAX_BODY - len("text=")


@pytest.mark.parametrize("kind", ["application/json", "", "text/plain", "multipart/form-data"])
def test_nothing_else_is_read(kind: str) -> None:
    assert fields_of(kind, b"text=1") == []
    assert is_form(kind) is kind.startswith("multipart")


@given(body=st.binary(max_size=200), kind=st.sampled_from([URLENCODED, MULTIPART]))
def test_whatever_is_sent_nothing_fails(body: bytes, kind: str) -> None:
    assert all(field.value.strip() for field in fields_of(kind, body))
    assert fields_of(kind, b"--b1\r\nContent-Disposition: " + body) is not None
