"""E-mail addresses and telephone numbers in running text."""

from __future__ import annotations

import re

from understudy.core.redaction.detecting.finding import Finding

_LEAST_DIGITS, _MOST_DIGITS = 7, 15
_NO_DIGIT = re.compile(r"[^0-9]+")
# From the front of a run of letters alone, so that a long one is read once. Domains of any kind:
# those that are not public, such as ``.internal``, are people's as well.
EMAIL = Finding(
    re.compile(
        # An apostrophe is one of a name only between letters: else it is a script's quote.
        r"(?<![\w.+%-])(?<![\w.+%-]')[\w.+%-]+(?:'[\w.+%-]+)*+(?:@|%40)[\w-]+(?:\.[\w-]+)+"
    ),
    r"@|%40",
    marks=("@", "%40"),
    is_a_word=True,
)


def _is_phone(found: str) -> bool:
    return _LEAST_DIGITS <= len(_NO_DIGIT.sub("", found)) <= _MOST_DIGITS


# With a plus, as they are written for everybody, or as North America writes its own. Bare digits
# are as often an order's number.
PHONE = Finding(
    re.compile(
        # What may begin one stands first and alone: so most of a text is passed by quickly.
        r"[+(0-9](?:"
        r"(?<=\+)(?<![\w+].)[0-9][0-9 ()./-]{5,20}[0-9](?![0-9])"
        r"|(?<=\()(?<!\w.)[0-9]{3}\) ?[0-9]{3}[-. ][0-9]{4}(?![0-9])"
        r"|(?<=[0-9])(?<![\w-].)[0-9]{2}[-.][0-9]{3}[-.][0-9]{4}(?![\w-])"
        r")"
    ),
    r"\+[0-9]|\([0-9]{3}\)|[0-9]{3}[-.][0-9]{3}[-.]",
    _is_phone,
    rough=r"[+(0-9][0-9][0-9 ()./-]",
)
