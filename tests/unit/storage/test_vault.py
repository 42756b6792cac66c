from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from understudy.core.impersonation.tokens import IdPrefix, TokenPurpose, token_hash
from understudy.errors import KeyMismatch, SetupError
from understudy.storage.vault import InstallationKey, InstallationVault

KEY = InstallationKey(bytes(range(32)))
OTHER = InstallationKey(bytes(32))


def vault(key: InstallationKey = KEY) -> InstallationVault:
    return InstallationVault(key, random=os.urandom)


def test_key_text_is_hexadecimal_and_comes_back() -> None:
    assert KEY.to_text() == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    assert InstallationKey.from_text(f" {KEY.to_text()}\n") == KEY


@pytest.mark.parametrize("text", ["", "00", "0" * 63, "0" * 65, "G" * 64, "AB" * 32, "\u0660" * 64])
def test_key_text_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(SetupError) as caught:
        InstallationKey.from_text(text)
    assert caught.value.code == "setup_error"


def test_key_of_another_length_is_refused() -> None:
    with pytest.raises(SetupError, match="32 bytes"):
        InstallationKey(b"short")


def test_nothing_that_prints_shows_the_key() -> None:
    shown = f"{KEY!r} {KEY} {vault()!r} {vars(vault())!r}"
    assert KEY.secret.hex() not in shown
    assert repr(KEY.secret) not in shown
    assert repr(KEY) == "InstallationKey()"


def test_subkeys_differ_from_each_other_and_from_the_key() -> None:
    # What each purpose makes of one and the same message under one key would otherwise agree.
    ours = vault()
    keys = {ours._token_key, ours._pseudonym_key, ours._hash_key, KEY.secret}
    assert len(keys) == 4


def test_subkey_is_the_one_that_rfc_5869_derives() -> None:
    # HKDF-SHA-256 without salt, written out: extract under a zero key, then one block of expand.
    import hmac

    extracted = hmac.digest(bytes(32), KEY.secret, "sha256")
    expected = hmac.digest(extracted, b"understudy/v1/tokens\x01", "sha256")
    assert vault()._token_key == expected


def test_token_is_stable_and_fits_its_purpose_and_key_only() -> None:
    nonce = bytes(32)
    token = vault().derive_token(TokenPurpose.SESSION, nonce)
    assert token == vault().derive_token(TokenPurpose.SESSION, nonce)
    assert token.startswith("uss_")
    other_purpose = vault().derive_token(TokenPurpose.IMPERSONATION, nonce)
    assert other_purpose[4:] != token[4:]
    assert vault(OTHER).derive_token(TokenPurpose.SESSION, nonce) != token


def test_pseudonym_is_stable_and_depends_on_every_part_and_the_key() -> None:
    name = vault().pseudonym("app_1", "agent-7")
    assert name == vault().pseudonym("app_1", "agent-7")
    assert name.startswith(IdPrefix.ACTOR)
    others = {vault().pseudonym("app_2", "agent-7"), vault().pseudonym("app_1", "agent-8")}
    assert name not in others | {vault(OTHER).pseudonym("app_1", "agent-7")}


def test_keyed_hash_depends_on_text_purpose_and_key() -> None:
    hashed = vault().keyed_hash("sign-in", "ada@example.com")
    assert len(hashed) == 32
    assert hashed == vault().keyed_hash("sign-in", "ada@example.com")
    assert hashed != vault().keyed_hash("sign-in", "bob@example.com")
    assert hashed != vault().keyed_hash("invitation", "ada@example.com")
    assert hashed != vault(OTHER).keyed_hash("sign-in", "ada@example.com")


def test_keyed_hash_knows_where_the_purpose_ends() -> None:
    assert vault().keyed_hash("ab", "c") != vault().keyed_hash("a", "bc")


@given(plain=st.binary(max_size=300), purpose=st.text(max_size=20))
def test_what_is_encrypted_opens_again(plain: bytes, purpose: str) -> None:
    assert vault().decrypt(purpose, vault().encrypt(purpose, plain)) == plain


def test_ciphertext_is_new_each_time_and_hides_the_plain_text() -> None:
    first, second = (vault().encrypt("answers", b"secret words") for _ in range(2))
    assert first != second
    assert b"secret" not in first
    assert len(first) == len(b"secret words") + 1 + 12 + 16


def test_secret_does_not_open_under_another_key() -> None:
    sealed = vault().encrypt("answers", b"secret")
    with pytest.raises(KeyMismatch) as caught:
        vault(OTHER).decrypt("answers", sealed)
    assert caught.value.code == "key_mismatch"


def test_secret_does_not_open_for_another_purpose() -> None:
    with refusal_of(KeyMismatch, "key_mismatch"):
        vault().decrypt("keys", vault().encrypt("answers", b"secret"))


def test_secret_with_any_changed_byte_does_not_open() -> None:
    sealed = vault().encrypt("answers", b"secret")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with refusal_of(KeyMismatch, "key_mismatch"):
            vault().decrypt("answers", bytes(changed))


@given(cut=st.integers(min_value=0, max_value=34))
def test_secret_that_was_cut_short_does_not_open(cut: int) -> None:
    sealed = vault().encrypt("answers", b"secret")
    with refusal_of(KeyMismatch, "key_mismatch"):
        vault().decrypt("answers", sealed[:cut])


def test_key_check_recognises_its_key_and_no_other() -> None:
    vault().require_key_check(vault().key_check())
    with pytest.raises(KeyMismatch) as caught:
        vault(OTHER).require_key_check(vault().key_check())
    assert caught.value.code == "key_mismatch"


def test_a_token_hash_names_its_key_and_is_for_one_purpose() -> None:
    one, other = InstallationKey(b"1" * 32), InstallationKey(b"2" * 32)
    mine, rotating = vault(one), InstallationVault(other, random=os.urandom, former=[one])
    found = mine.token_hash(TokenPurpose.SESSION, "uss_x")
    assert len(found) == 32
    assert found[:4] == mine.token_hash(TokenPurpose.INVITATION, "uss_x")[:4]
    assert found[4:] != mine.token_hash(TokenPurpose.INVITATION, "uss_x")[4:]
    assert found == mine.token_hash_of(TokenPurpose.SESSION, token_hash("uss_x"))
    assert list(mine.token_hashes(TokenPurpose.SESSION, "uss_x")) == [found]
    new = rotating.token_hash(TokenPurpose.SESSION, "uss_x")
    assert new[:4] != found[:4]
    assert list(rotating.token_hashes(TokenPurpose.SESSION, "uss_x")) == [new, found]


def test_a_token_hash_is_what_databases_hold() -> None:
    found = vault(InstallationKey(bytes(32))).token_hash(TokenPurpose.SESSION, "uss_x")
    assert found.hex() == "df6e4ed9f754d3c59a0405db4bf26828f7357517a71c1e349de5b8c58d518467"
