"""Cookies that only the app can read, in one session, under one name."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.errors import SetupError
from understudy.sdk.cookie_seal import CookieSeal
from understudy.sdk.secret import Secret

SEAL = CookieSeal(Secret("a key"))


@given(st.binary(max_size=200))
def test_what_was_sealed_is_read_again_and_not_readable_meanwhile(value: bytes) -> None:
    sealed = SEAL.seal(value, session_id="ses_1", name=b"login")
    assert SEAL.open(sealed, session_id="ses_1", name=b"login") == value
    assert len(value) < 4 or value not in sealed


@pytest.mark.parametrize(
    ("session_id", "name", "key"),
    [("ses_2", b"login", "a key"), ("ses_1", b"other", "a key"), ("ses_1", b"login", "another")],
)
def test_what_was_sealed_for_another_session_name_or_app_is_nothing(
    session_id: str, name: bytes, key: str
) -> None:
    sealed = SEAL.seal(b"v", session_id="ses_1", name=b"login")
    assert CookieSeal(Secret(key)).open(sealed, session_id=session_id, name=name) is None


@given(st.binary(max_size=60))
def test_whatever_else_a_browser_sends_is_nothing(junk: bytes) -> None:
    assert SEAL.open(junk, session_id="ses_1", name=b"login") is None


def test_a_missing_library_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)
    with pytest.raises(SetupError, match=r"understudy\[cookies\]"):
        CookieSeal(Secret("a key")).require()
