"""What the detectors find, and what only looks like it."""

from __future__ import annotations

import time

import pytest

from understudy.core.redaction.detecting.detectors import FINDINGS, Detector
from understudy.core.redaction.detecting.numbers import is_card, is_iban

FOUND = {
    Detector.EMAIL: [
        "ada@customer.test",
        "zoë@ex-ample.co.uk",
        "a.b+c@mail.internal",
        "ada%40customer.test",
    ],
    Detector.PHONE: ["+49 30 1234567", "+1 (212) 555-0100", "(212) 555-0100", "212-555-0100"],
    Detector.CARD: [
        "4111 1111 1111 1111",
        "5555555555554444",
        "2223-0031-2200-3222",
        "378282246310005",
        "6011111111111117",
        "30569309025904",
    ],
    Detector.IBAN: [
        "DE89370400440532013000",
        "GB82 WEST 1234 5698 7654 32",
        "no93 8601 1117 947",
    ],
    Detector.TOKEN: [
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2ln",
        "sk" + "_live_0123456789abcdef",
        "ghp" + "_0123456789abcdefghij0123",
        "AKIA" + "0123456789ABCDEF",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ],
}
LEFT = {
    Detector.EMAIL: ["@ada", "ada@", "ada@localhost", "a @ b.c"],
    Detector.PHONE: ["2126", "2026-03-01", "+1234", "1790000000000", "10.0.0.1"],
    Detector.CARD: ["4111111111111112", "9999999999999999", "100000000000007919"],
    Detector.IBAN: ["DE88370400440532013000", "XX89370400440532013000", "DE8937040044"],
    Detector.TOKEN: [
        "Q0Tn8rSk3yq0d8yWk9Vt6D1wYqQmGxXoZ2JvVtUe7YcB5sJp4LhK1rNaFm0iEoPu",
        "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8KuxOJ1vQ8mMn3kTz4pYw2",
        "0b0f6f4e-8d58-4c37-9d7e-0d6a1c2b3e4f",
        "eyJpZCI6MTAwMDAwMDAwMDAwLCJkaXIiOiJhc2MifQ",
        "task_live_0123456789",
    ],
}


@pytest.mark.parametrize(
    ("detector", "text"), [(one, text) for one, texts in FOUND.items() for text in texts]
)
def test_it_is_found_wherever_it_stands(detector: Detector, text: str) -> None:
    for around in ("{}", "see {} there", "({})", '"{}"', "a={}&b=1"):
        assert FINDINGS[detector].hidden(around.format(text), "#") == around.format("#")


def test_a_key_that_is_cut_off_is_hidden_to_its_end() -> None:
    text = "key: -----BEGIN PRIVATE KEY-----\nMIIE"
    assert FINDINGS[Detector.TOKEN].hidden(text, "#") == "key: #"


@pytest.mark.parametrize(
    ("detector", "text"), [(one, text) for one, texts in LEFT.items() for text in texts]
)
def test_what_only_looks_like_it_stays(detector: Detector, text: str) -> None:
    assert FINDINGS[detector].hidden(text, "#") == text


@pytest.mark.parametrize("detector", Detector)
@pytest.mark.parametrize("text", ["a" * 200_000, "4" * 200_000, "+1" * 90_000, "DE89 " * 40_000])
def test_no_text_takes_long(detector: Detector, text: str) -> None:
    begun = time.process_time()
    FINDINGS[detector].hidden(text, "#")
    assert time.process_time() - begun < 2


def test_a_number_of_no_issuer_is_no_card_and_one_of_no_length_no_account() -> None:
    assert not is_card("8999999999999999")
    assert not is_iban("DE89 3704")
