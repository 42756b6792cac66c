"""Numbers by which states know their people, country by country.

What is one python-stdnum says, of the extra ``national-ids``: it knows check digits and dates of
birth. Countries are chosen, since a number of one is any number elsewhere: of bare digits with one
check digit every tenth passes.
"""

from __future__ import annotations

import re
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from understudy.core.redaction.detecting.finding import Finding

_LIBRARY = "stdnum"
# By country: the modules that decide, and how it is written.
_WRITTEN = {
    "au": (("au.tfn",), r"[0-9]{3} ?[0-9]{3} ?[0-9]{3}"),
    "be": (("be.nn",), r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}[- ]?[0-9]{3}[. ]?[0-9]{2}"),
    "br": (("br.cpf",), r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}"),
    "ca": (("ca.sin",), r"[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}"),
    "ch": (("ch.ssn",), r"756\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2}"),
    "de": (("de.idnr",), r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}"),
    "dk": (("dk.cpr",), r"[0-9]{6}-?[0-9]{4}"),
    "es": (
        ("es.dni", "es.nie"),
        r"(?i:[0-9]{8}[- ]?[A-Z]|[XYZ][- ]?[0-9]{7}[- ]?[A-Z])",
    ),
    "fi": (("fi.hetu",), r"(?i:[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Z])"),
    "fr": (
        ("fr.nir",),
        r"(?i:[1-478] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2})",
    ),
    "gb": (("gb.nhs",), r"[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{4}"),
    "in": (("in_.aadhaar",), r"[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}"),
    "it": (("it.codicefiscale",), r"(?i:[A-Z]{6}[0-9L-V]{2}[A-T][0-9L-V]{2}[A-Z][0-9L-V]{3}[A-Z])"),
    "nl": (("nl.bsn",), r"[0-9]{4}[. ]?[0-9]{2}[. ]?[0-9]{3}"),
    "no": (("no.fodselsnummer",), r"[0-9]{6} ?[0-9]{5}"),
    "pl": (("pl.pesel",), r"[0-9]{11}"),
    "se": (("se.personnummer",), r"(?:[0-9]{2})?[0-9]{6}[-+]?[0-9]{4}"),
    "tr": (("tr.tckimlik",), r"[0-9]{11}"),
    # Without a check digit: as it is written, and never as bare digits.
    "us": (("us.ssn",), r"[0-9]{3}-[0-9]{2}-[0-9]{4}"),
    "za": (("za.idnr",), r"[0-9]{6} ?[0-9]{4} ?[0-9]{3}"),
}


def can_be_told() -> bool:
    """Whether what knows these numbers is there."""
    return find_spec(_LIBRARY) is not None


def _is_valid(modules: tuple[str, ...], found: str) -> bool:
    return any(import_module(f"{_LIBRARY}.{one}").is_valid(found) for one in modules)


NATIONAL_IDS = {
    f"national_id_{country}": Finding(
        re.compile(rf"(?<![A-Za-z0-9])(?:{written})(?![A-Za-z0-9])"),
        written,
        partial(_is_valid, modules),
    )
    for country, (modules, written) in _WRITTEN.items()
}
