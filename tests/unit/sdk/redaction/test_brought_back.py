"""What a request would store unseen; the passage's suite has each way in which it comes."""

from __future__ import annotations

import pytest

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.sdk.redaction.brought_back import brings_back

RULES = ruled("field email", "path customer.tax_id")
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "name", ["email", "E-Mail", "user[email]", "user.email", "form-0-email", "a__email", "tax_id"]
)
def test_a_hidden_field_is_known_however_a_form_names_it(name: str) -> None:
    assert brings_back(RULES, FORM, "", f"{name}=1".encode())


@pytest.mark.parametrize("name", ["note", "emails", "email_sent_at", "email[label]", ""])
def test_other_fields_are_not(name: str) -> None:
    assert not brings_back(RULES, FORM, "", f"{name}=1".encode())


@pytest.mark.parametrize("body", [b"{", b"", b"[" * 100_000, b'"email"', b'{"a": "email"}'])
def test_what_names_nothing_saves_nothing(body: bytes) -> None:
    assert not brings_back(RULES, "application/json", "", body)
