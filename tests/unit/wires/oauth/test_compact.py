from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from understudy.wires.oauth.compact import MAX_LENGTH, read

KEY = OctKey.import_key(b"k" * 32)
TYPES = frozenset({"at+jwt"})


def made(header: dict[str, Any] | None = None, claims: dict[str, Any] | None = None) -> str:
    contents = {"alg": "HS256", "typ": "at+jwt"} | (header or {})
    return jwt.encode(contents, claims or {"sub": "ada"}, KEY)


def raw(header: bytes, claims: bytes, signature: bytes = b"s") -> str:
    parts = (urlsafe_b64encode(part).rstrip(b"=").decode() for part in (header, claims, signature))
    return ".".join(parts)


def test_a_good_one_is_read_and_verified() -> None:
    found = read(made({"kid": "kid_1-A"}), types=TYPES)
    assert found is not None
    assert found.kid == "kid_1-A"
    assert found.verified(KEY, "HS256") == {"sub": "ada"}


def test_a_signature_is_that_of_the_key_and_the_algorithm() -> None:
    found = read(made(), types=TYPES)
    assert found is not None
    assert found.verified(OctKey.import_key(b"o" * 32), "HS256") is None
    assert found.verified(KEY, "HS512") is None


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"])
def test_a_type_is_compared_as_the_standard_has_it(typ: str) -> None:
    assert read(made({"typ": typ}), types=TYPES) is not None


@pytest.mark.parametrize("typ", ["JWT", "logout+jwt", "at+jwt ", "application/application/at+jwt"])
def test_another_type_is_another_thing(typ: str) -> None:
    assert read(made({"typ": typ}), types=TYPES) is None


@pytest.mark.parametrize("name", ["crit", "jku", "x5u", "jwk", "x5c", "x5t", "zip", "cty", "b64"])
def test_a_header_brings_nothing_of_its_own(name: str) -> None:
    header = {"alg": "HS256", "typ": "at+jwt", name: "https://evil.example"}
    assert read(raw(json.dumps(header).encode(), b"{}"), types=TYPES) is None


@pytest.mark.parametrize(
    "text",
    [
        raw(b'{"typ":"at+jwt","typ":"at+jwt"}', b"{}"),
        raw(b'{"typ":"at+jwt"}', b'{"sub":"ada","sub":"bob"}'),
        raw(b'{"typ":"at+jwt"}', b'{"act":{"sub":"a","sub":"b"}}'),
        raw(b'{"typ":"at+jwt"}', b"[]"),
        raw(b'["at+jwt"]', b"{}"),
        raw(b'{"typ":1}', b"{}"),
        raw(b"{}", b"{}"),
        raw(b'{"typ":"at+jwt"}', b'{"exp":NaN}'),
        raw(b'{"typ":"at+jwt"}', b'{"sub":"\xff"}'),
        raw(b'{"typ":"at+jwt"}', b"[" * 20_000 + b"]"),
        raw(b'{"typ":"at+jwt"}', b"[" * 5_000 + b"]"),
        raw(b'{"typ":"at+jwt"}', b"{} {}"),
        raw(b'{"typ":"at+jwt"}', b"{}", b""),
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "a.b.c",
    ],
)
def test_what_two_parsers_might_read_differently_is_not_read(text: str) -> None:
    assert read(text, types=TYPES) is None


def test_base64_has_one_spelling() -> None:
    text = made()
    assert read(text, types=TYPES) is not None
    for other in (text + "=", text + "\n", " " + text, text.replace(".", ".=", 1)):
        assert read(other, types=TYPES) is None
    # The last letter of a 32 byte signature has two bits that mean nothing.
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = text[:-1] + last[last.index(text[-1]) + 1]
    assert read(twin, types=TYPES) is None


def test_a_long_one_is_not_even_looked_at() -> None:
    text = made(claims={"sub": "a" * MAX_LENGTH})
    assert len(text) > MAX_LENGTH
    assert read(text, types=TYPES) is None


@pytest.mark.parametrize("kid", ["", "a" * 65, "a/b", "a\n", 1, None, ["a"]])
def test_a_kid_is_a_short_name_or_nothing(kid: object) -> None:
    header = json.dumps({"alg": "RS256", "typ": "at+jwt", "kid": kid}).encode()
    found = read(raw(header, b"{}"), types=TYPES)
    assert found is not None
    assert found.kid is None


@given(st.text(max_size=200))
def test_no_text_upsets_it(text: str) -> None:
    assert read(text, types=TYPES) is None
