"""All detectors by the names that rules have for them."""

from __future__ import annotations

from enum import StrEnum

from understudy.core.redaction.detecting.contacts import EMAIL, PHONE
from understudy.core.redaction.detecting.finding import Finding
from understudy.core.redaction.detecting.numbers import CARD, IBAN
from understudy.core.redaction.detecting.tokens import TOKEN


class Detector(StrEnum):
    """A shape of values."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    TOKEN = "token"  # noqa: S105 - the name of a rule


# Longer shapes first: in an account's number stands what may be a card's.
FINDINGS: dict[Detector, Finding] = {
    Detector.TOKEN: TOKEN,
    Detector.EMAIL: EMAIL,
    Detector.IBAN: IBAN,
    Detector.CARD: CARD,
    Detector.PHONE: PHONE,
}
