"""Card numbers and bank accounts, told from other numbers by their check digits."""

from __future__ import annotations

import re

from understudy.core.redaction.detecting.finding import Finding

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_NO_DIGIT = re.compile(r"[^0-9]")
# The first digits that issuers have, with the lengths of their cards (ISO/IEC 7812).
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}"
    r"|(?:6011|64[4-9]\d|65\d\d|62\d\d|35(?:2[89]|[3-8]\d)|60\d\d|81\d\d)\d{12,15}"
    r"|220[0-4]\d{12}"
    r"|(?:50|5[6-9]|6[0-9])\d{10,17}"
)
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
_REMAINDER = 97


def is_card(found: str) -> bool:
    """Whether some issuer may have given out this number, and its last digit is right (Luhn)."""
    digits = _NO_DIGIT.sub("", found)
    if not _ISSUED.fullmatch(digits):
        return False
    numbers = [int(digit) for digit in reversed(digits)]
    return (sum(numbers[::2]) + sum(_DOUBLED[digit] for digit in numbers[1::2])) % 10 == 0


def is_iban(found: str) -> bool:
    """Whether this is as long as its country's are, with the right check digits (ISO 13616)."""
    text = re.sub(r"[ -]", "", found).upper()
    if _IBAN_LENGTHS.get(text[:2]) != len(text):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % _REMAINDER == 1


CARD = Finding(
    re.compile(r"[2-68](?<![0-9].)(?:[ -]?[0-9]){11,18}(?![0-9])"),
    r"[2-68](?:[ -]?[0-9]){11}",
    is_card,
)
# Each country's own length, so that a word behind the account does not hide it.
IBAN = Finding(
    re.compile(
        r"(?<![A-Za-z0-9])(?=[A-Z]{2}[0-9]{2})(?:"
        + "|".join(
            rf"{country}[0-9]{{2}}(?:[ -]?[A-Z0-9]){{{length - 4}}}"
            for country, length in sorted(_IBAN_LENGTHS.items())
        )
        + r")(?![A-Za-z0-9])",
        re.IGNORECASE,
    ),
    rf"(?i:{'|'.join(sorted(_IBAN_LENGTHS))})[0-9]{{2}}(?:[ -]?[A-Za-z0-9]){{11}}",
    is_iban,
    rough=r"[A-Za-z][A-Za-z][0-9]{2}[ -]?[A-Za-z0-9]",
)
