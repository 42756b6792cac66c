"""All detectors by the names that rules have for them."""

from __future__ import annotations

from enum import StrEnum

from understudy.core.redaction.detecting.contacts import EMAIL, PHONE
from understudy.core.redaction.detecting.finding import Finding
from understudy.core.redaction.detecting.national import NATIONAL_IDS, can_be_told
from understudy.core.redaction.detecting.numbers import CARD, IBAN
from understudy.core.redaction.detecting.tokens import TOKEN


class Detector(StrEnum):
    """A shape of values."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    TOKEN = "token"  # noqa: S105 - the name of a rule
    NATIONAL_ID_AU = "national_id_au"
    NATIONAL_ID_BE = "national_id_be"
    NATIONAL_ID_BR = "national_id_br"
    NATIONAL_ID_CA = "national_id_ca"
    NATIONAL_ID_CH = "national_id_ch"
    NATIONAL_ID_DE = "national_id_de"
    NATIONAL_ID_DK = "national_id_dk"
    NATIONAL_ID_ES = "national_id_es"
    NATIONAL_ID_FI = "national_id_fi"
    NATIONAL_ID_FR = "national_id_fr"
    NATIONAL_ID_GB = "national_id_gb"
    NATIONAL_ID_IN = "national_id_in"
    NATIONAL_ID_IT = "national_id_it"
    NATIONAL_ID_NL = "national_id_nl"
    NATIONAL_ID_NO = "national_id_no"
    NATIONAL_ID_PL = "national_id_pl"
    NATIONAL_ID_SE = "national_id_se"
    NATIONAL_ID_TR = "national_id_tr"
    NATIONAL_ID_US = "national_id_us"
    NATIONAL_ID_ZA = "national_id_za"


# Longer shapes first: in an account's number stands what may be a card's.
FINDINGS: dict[Detector, Finding] = {
    Detector.TOKEN: TOKEN,
    Detector.EMAIL: EMAIL,
    Detector.IBAN: IBAN,
    **{Detector(name): finding for name, finding in NATIONAL_IDS.items()},
    Detector.CARD: CARD,
    Detector.PHONE: PHONE,
}


def is_ready(detector: Detector) -> bool:
    """Whether this process can tell what ``detector`` looks for."""
    return detector not in NATIONAL_IDS or can_be_told()
