"""Which rules may be lifted, and what stays hidden meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from understudy.core.redaction.lifted import Lifted
from understudy.core.redaction.masks import HIDDEN
from understudy.core.redaction.reveals import may_be_lifted, without
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind, told
from understudy.core.redaction.rulings import Rulings

IBAN = RedactionRule(kind=RuleKind.FIELD, match="iban", revealable=True)
TAX = RedactionRule(kind=RuleKind.FIELD, match="tax_id")
STREET = RedactionRule(kind=RuleKind.PATH, match="customer.street", revealable=True)
MAIL = RedactionRule(kind=RuleKind.DETECTOR, match="email", revealable=True)
RULES = Redaction(rules=(IBAN, TAX, STREET, MAIL))


def lifted(rule: RedactionRule, path: str = "/customers/7") -> Lifted:
    return Lifted(kind=rule.kind, match=rule.match, path=path)


def test_a_name_is_the_same_however_it_is_spelled() -> None:
    for match in ("iban", "I-Ban", "i_ban"):
        assert may_be_lifted(RULES, Lifted(kind="field", match=match, path="/"))
    assert not may_be_lifted(RULES, Lifted(kind="detector", match="iban", path="/"))


def test_one_rule_that_may_not_be_is_enough() -> None:
    twice = replace(RULES, rules=(*RULES.rules, replace(IBAN, match="IBAN", revealable=False)))
    assert not may_be_lifted(twice, lifted(IBAN))


@pytest.mark.parametrize(
    ("kind", "match"),
    [
        (RuleKind.DETECTOR, "token"),
        (RuleKind.FIELD, "Pass-Word"),
        (RuleKind.PATH, "users.*.api_key"),
    ],
)
def test_a_secret_is_not_lifted_whatever_is_stored(kind: RuleKind, match: str) -> None:
    rule = RedactionRule(kind=kind, match=match, revealable=True)
    assert not may_be_lifted(Redaction(rules=(rule,)), lifted(rule))


def test_what_other_rules_hide_stays_hidden_and_secrets_are_hidden_in_any_case() -> None:
    shown = without(RULES, [lifted(IBAN), lifted(TAX)])
    assert shown == Redaction(secrets=True, rules=(TAX, STREET, MAIL))


def test_what_may_not_be_lifted_changes_nothing() -> None:
    assert without(RULES, [lifted(TAX)]) is RULES


def test_an_address_is_one_with_or_without_its_last_slash() -> None:
    at = lifted(IBAN)
    assert (at.is_at("/customers/7/"), at.is_at("/customers/70")) == (True, False)


def test_rulings_hide_less_and_stay_as_strict() -> None:
    every = Redaction(rules=(IBAN,))
    held_to = Rulings(every, lifted=(lifted(IBAN),))
    assert (held_to.is_strict, held_to.fields.deed("iban")) == (True, None)
    assert held_to.fields.deed("password") is not None
    assert held_to.hidden("ghp_0123456789abcdefghij0123") == HIDDEN


def test_what_is_lifted_is_no_field_that_nobody_may_write() -> None:
    held_to = Rulings(RULES, lifted=(lifted(IBAN), lifted(STREET), lifted(MAIL)))
    for name, is_written, is_revealed in (
        ("iban", False, True),
        ("street", False, True),
        ("tax_id", True, False),
    ):
        assert (held_to.written.deed(name) is not None) is is_written
        assert (held_to.revealed.deed(name) is not None) is is_revealed
    assert held_to.hidden("ada@customer.test") == "ada@customer.test"


def test_other_names_of_one_answer_do_not_take_the_sight_back() -> None:
    held_to = Rulings(RULES, lifted=(lifted(IBAN),)).also({"x": IBAN.deed})
    assert held_to.fields.deed("iban") is None
    assert held_to.fields.deed("x") is not None


def test_an_entry_tells_what_may_be_revealed() -> None:
    assert list(told(Redaction(rules=(IBAN, TAX)))) == [
        "mask field iban (may be revealed)",
        "mask field tax_id",
    ]
