from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from understudy.core.impersonation.tokens import (
    IdPrefix,
    TokenPurpose,
    derive_token,
    make_id,
    pseudonym,
    token_hash,
)


@given(nonce=st.binary(min_size=32, max_size=32), key=st.binary(min_size=32, max_size=32))
def test_a_token_fits_one_purpose_one_key_and_one_nonce(nonce: bytes, key: bytes) -> None:
    tokens = {derive_token(key, purpose, nonce) for purpose in TokenPurpose}
    assert len(tokens) == len(TokenPurpose)
    assert derive_token(key + b"x", TokenPurpose.SESSION, nonce) not in tokens
    assert all(set(token) <= set(TOKEN_CHARACTERS) for token in tokens)
    assert derive_token(key, TokenPurpose.SESSION, nonce) in tokens


TOKEN_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_ids_say_what_they_name_and_need_no_escaping() -> None:
    identifier = make_id(IdPrefix.SESSION, b"\xff" * 16)
    assert identifier == "ses_" + "_" * 21 + "w"


def test_a_pseudonym_is_stable_and_keeps_its_parts_apart() -> None:
    assert pseudonym(b"k", "a", "bc") == pseudonym(b"k", "a", "bc")
    assert pseudonym(b"k", "a", "bc") != pseudonym(b"k", "ab", "c")
    assert pseudonym(b"k", "a") != pseudonym(b"l", "a")


def test_a_token_hash_is_the_sha_256_of_its_text() -> None:
    assert token_hash("abc").hex().startswith("ba7816bf8f01cfea")
