"""Who caused a transaction, as a trigger reads it, with Django's own connections."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.integration.contrib.audited import BY_NOBODY, BY_SAM, Row, make, told

CASES: dict[str, Sequence[Row]] = {
    "next_customer": [("1", *BY_SAM), ("2", *BY_NOBODY), ("3", *BY_NOBODY)],
    "nested": [("1", *BY_SAM), ("2", *BY_SAM)],
    "rolled_back": [("1", *BY_SAM), ("2", *BY_NOBODY)],
    "outside": [("1", *BY_NOBODY)],
    "by_hand": [("1", *BY_SAM), ("2", *BY_SAM), ("3", *BY_NOBODY)],
    "one_after_another": [("1", *BY_SAM), ("2", *BY_SAM), ("3", *BY_NOBODY)],
    "left_open": [
        ("1", *BY_SAM),
        ("2", *BY_NOBODY),
        ("3", *BY_NOBODY),
        ("4", *BY_SAM),
        ("5", *BY_NOBODY),
    ],
    "after_an_error": [("1", *BY_SAM)],
    "nested_without_autocommit": [("1", *BY_SAM)],
}


@pytest.mark.parametrize("case", CASES)
def test_a_trigger_knows_who_caused_a_transaction_and_nobody_outside_of_one(
    case: str, postgres_url: str
) -> None:
    make(postgres_url)
    command = [sys.executable, "-m", "tests.integration.contrib.django_writer"]
    subprocess.run([*command, postgres_url, case], check=True)
    assert told(postgres_url) == CASES[case]
