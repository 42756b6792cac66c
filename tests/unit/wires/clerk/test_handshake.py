from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fixtures.engine import START
from tests.unit.wires.clerk.values import OPENED
from understudy.storage.vault import InstallationKey, InstallationVault
from understudy.wires.clerk.handshake import (
    COOKIE_PREFIX,
    Nonce,
    Resolved,
    Visit,
    back,
    directives,
    seal,
    target_origin,
    unseal,
    visits,
)

VAULT = InstallationVault(InstallationKey(bytes(32)), random=lambda count: b"r" * count)
VISIT = Visit(sign_in_ticket="usi_1", mark="mark")
ORIGIN = "https://app.example"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_cookies_name_applications_and_visits() -> None:
    header = f"x=1; {COOKIE_PREFIX}app_1={VISIT.cookie}; {COOKIE_PREFIX}app_2=usi_2.m.n"
    assert list(visits(header)) == [
        ("app_1", VISIT),
        ("app_2", Visit(sign_in_ticket="usi_2", mark="m.n")),
    ]


@pytest.mark.parametrize("value", ["", "usi_1", ".", "usi_1.", ".mark"])
def test_half_a_cookie_is_none(value: str) -> None:
    assert list(visits(f"{COOKIE_PREFIX}app_1={value}")) == []
    assert list(visits("")) == []


@pytest.mark.parametrize("visit", [VISIT, None])
def test_a_nonce_opens_within_its_minute(visit: Visit | None) -> None:
    nonce = Nonce(origin=ORIGIN, visit=visit)
    text = seal(VAULT, nonce, now=START)
    assert unseal(VAULT, text, now=START + timedelta(seconds=59)) == nonce
    assert unseal(VAULT, text, now=START + timedelta(seconds=60)) is None
    assert "usi_1" not in text


def test_what_was_not_sealed_here_opens_for_nobody() -> None:
    text = seal(VAULT, Nonce(origin=ORIGIN, visit=VISIT), now=START)
    other = InstallationVault(InstallationKey(b"1" * 32), random=lambda count: b"r" * count)
    assert unseal(other, text, now=START) is None
    for changed in ("", "x", "é", text[:-1], "B" + text[1:], text * 50):
        assert unseal(VAULT, changed, now=START) is None


def test_there_is_one_spelling_of_a_nonce() -> None:
    text = seal(VAULT, Nonce(origin=ORIGIN, visit=VISIT), now=START)
    spellings = [text[:-1] + end for end in ALPHABET if end != text[-1]]
    for spelling in (*spellings, text + "A", text + "=", text[:5] + "!" + text[5:]):
        assert unseal(VAULT, spelling, now=START) is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://app.example/a?b=c#d", ORIGIN),
        ("https://APP.example:443/", ORIGIN),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("", None),
        ("/a", None),
        ("//app.example/", None),
        ("javascript:alert(1)", None),
        ("https://kim@app.example/", None),
        ("https://app.example\\@evil.example/", None),
        ("https://app.example/ x", None),
        ("https://app.example/\n", None),
        ("https://app.example:99999/", None),
        ("https://[::1/", None),
        ("https://äpp.example/", None),
        ("https://app.example/" + "x" * 2_000, None),
    ],
)
def test_where_to_go_back_to_is_a_plain_address(url: str, origin: str | None) -> None:
    assert target_origin(url) == origin


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/", "https://a.example/?__clerk_handshake_nonce=n"),
        ("https://a.example/?x=%2F&y", "https://a.example/?x=%2F&y&__clerk_handshake_nonce=n"),
        ("https://a.example/#f", "https://a.example/?__clerk_handshake_nonce=n#f"),
        (
            "https://a.example/?__clerk_handshake_nonce=old&__clerk_help=1&z=1",
            "https://a.example/?z=1&__clerk_handshake_nonce=n",
        ),
    ],
)
def test_the_nonce_is_added_to_the_address(url: str, expected: str) -> None:
    assert back(url, "n") == expected


def test_cookies_for_the_app_last_as_long_as_the_session() -> None:
    lines = directives(Resolved(origin=ORIGIN, opened=OPENED), "a.b.c")
    uat = int(START.timestamp())
    end = "Sun, 22 Nov 2026 10:00:00 GMT"
    assert lines == [
        f"__client_uat={uat}; Path=/; SameSite=Lax; Expires={end}; Secure",
        f"__session=a.b.c; Path=/; HttpOnly; SameSite=Lax; Expires={end}; Secure",
    ]


def test_nobody_is_signed_out_and_loopback_needs_no_tls() -> None:
    signed_out = directives(Resolved(origin="http://localhost:1", opened=None), None)
    assert signed_out == [
        "__session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
        "__client_uat=0; Path=/; SameSite=Lax",
    ]
    later = replace(OPENED, session=OPENED.session)
    assert directives(Resolved(origin="http://localhost:1", opened=later), None) == signed_out


def test_secrets_are_not_printed() -> None:
    for secret in ("usi_1", "mark'"):
        assert secret not in repr(VISIT)
