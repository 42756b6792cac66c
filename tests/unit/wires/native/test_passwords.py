from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import InvalidInput
from understudy.wires.native.passwords import (
    hash_password,
    hashed,
    matches,
    password_matches,
    require_good_password,
)

GOOD = "correct horse battery"


@pytest.mark.parametrize("password", ["elevenchars", "aaaaaaaaaaaa", "abcabcabcabc"])
async def test_a_short_or_monotonous_password_is_refused(password: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="password"):
        require_good_password(password)
    with refusal_of(InvalidInput, "invalid_input", field="password"):
        await hashed(password, ())


def test_four_characters_make_twelve_good_enough() -> None:
    require_good_password("wkhpwkhpwkhp")


async def test_what_is_tried_first_is_refused_and_said_to_be_so() -> None:
    with refusal_of(InvalidInput, "invalid_input", field="password") as refused:
        await hashed("password1234", ())
    assert "first that are tried" in refused.value.detail
    address = "ada.lovelace@acme.example"
    with refusal_of(InvalidInput, "invalid_input", field="password"):
        await hashed(address, (address, "Ada"))


async def test_a_password_matches_its_own_hash_only() -> None:
    stored = await hashed(GOOD, ())
    assert stored.startswith("$argon2id$")
    assert await matches(GOOD, stored)
    assert not await matches(GOOD + " ", stored)


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(GOOD) != hash_password(GOOD)


def test_no_password_fits_an_account_that_is_not_there() -> None:
    assert not password_matches("there is no such account", None)
