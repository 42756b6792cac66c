"""National ids, country by country."""

from __future__ import annotations

import pytest

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.core.redaction.detecting import national
from understudy.core.redaction.detecting.national import NATIONAL_IDS
from understudy.core.redaction.masks import HIDDEN
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.core.redaction.rulings import Rulings
from understudy.errors import Unavailable
from understudy.sdk.redaction.json_body import hidden_in_json

# As the documentation of each number has them, and another whose check does not hold.
NUMBERS = {
    "au": ("123 456 782", "123 456 783"),
    "be": ("85.07.30-033 28", "85.07.30-033 29"),
    "br": ("390.533.447-05", "390.533.447-06"),
    "ca": ("123-456-782", "123-456-783"),
    "ch": ("756.9217.0769.85", "756.9217.0769.84"),
    "de": ("36 574 261 809", "36 574 261 808"),
    "dk": ("211062-5629", "218962-5629"),
    "es": ("54362315-K", "54362315-Z"),
    "fi": ("131052-308T", "131052-308U"),
    "fr": ("2 95 10 99 126 111 93", "2 95 10 99 126 111 94"),
    "gb": ("943-476-5870", "943-476-5871"),
    "in": ("2341 2341 2346", "2341 2341 2347"),
    "it": ("RCCMNL83S18D969H", "RCCMNL83S18D969G"),
    "nl": ("1112.22.333", "1112.22.334"),
    "no": ("151086 95088", "151086 95077"),
    "pl": ("44051401359", "44051401358"),
    "se": ("880320-0016", "880320-0018"),
    "tr": ("17291716060", "17291716050"),
    "us": ("536-90-4399", "666-00-0000"),
    "za": ("750330 5044 089", "750330 5044 088"),
}


@pytest.mark.parametrize("country", NUMBERS)
def test_a_number_of_that_country_alone_is_hidden(country: str) -> None:
    right, wrong = NUMBERS[country]
    rulings = ruled(f"detector national_id_{country}")
    body = f'{{"a":"id {right}, of","b":"{wrong}","c":"x{right}x"}}'
    shown = f'{{"a":"id {HIDDEN}, of","b":"{wrong}","c":"x{right}x"}}'
    assert hidden_in_json(body.encode(), rulings).decode() == shown


def test_every_country_is_tried() -> None:
    assert set(NATIONAL_IDS) == {f"national_id_{country}" for country in NUMBERS}


def test_without_what_knows_them_no_session_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = RedactionRule(kind=RuleKind.DETECTOR, match="national_id_de")
    other = RedactionRule(kind=RuleKind.DETECTOR, match="email")
    monkeypatch.setattr(national, "_LIBRARY", "no_such_library")
    assert Rulings(Redaction(rules=(other,))).is_strict
    with pytest.raises(Unavailable):
        Rulings(Redaction(rules=(rule,)))
