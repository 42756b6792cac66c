"""Fields by their names."""

from __future__ import annotations

import pytest

from understudy.core.redaction.names import SECRET_NAMES, FieldNames, normalised
from understudy.core.redaction.rules import Deed


@pytest.mark.parametrize("name", ["api_key", "API-Key", "apiKey", "ApiKey", "api key"])
def test_spellings_of_one_name_are_one(name: str) -> None:
    assert FieldNames({"api_key": Deed.DROP}).deed(name) is Deed.DROP


def test_a_name_within_another_is_another() -> None:
    assert FieldNames({"email": Deed.MASK}).deed("user_email") is None


def test_a_star_stands_for_any_letters() -> None:
    names = FieldNames({"*email": Deed.MASK, "tax*id": Deed.DROP})
    assert [names.deed(name) for name in ("workEmail", "email", "tax_payer_id", "emails")] == [
        Deed.MASK,
        Deed.MASK,
        Deed.DROP,
        None,
    ]
    assert (bool(names), names.wanted) == (True, frozenset({"*email", "tax*id"}))


def test_no_names_find_nothing() -> None:
    names = FieldNames({})
    assert (bool(names), names.wanted, names.deed("email")) == (False, frozenset(), None)


@pytest.mark.parametrize(
    "name", ["csrfmiddlewaretoken", "csrf_token", "authenticity_token", "nonce", "next_page_token"]
)
def test_what_a_page_needs_is_no_secret(name: str) -> None:
    assert normalised(name) not in SECRET_NAMES


def test_secret_names_are_normalised() -> None:
    assert [normalised(name) for name in SECRET_NAMES] == sorted(SECRET_NAMES)
