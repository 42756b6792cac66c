"""Rules, made ready; and those that nobody can keep."""

from __future__ import annotations

import pytest

from understudy.core.redaction.checking import check_redaction
from understudy.core.redaction.masks import HIDDEN, holds_mask, text_for
from understudy.core.redaction.rules import (
    NOTHING_HIDDEN,
    Deed,
    Redaction,
    RedactionRule,
    RuleKind,
    told,
)
from understudy.core.redaction.rulings import rulings
from understudy.errors import InvalidInput, Unavailable


def rule(kind: str, match: str, deed: str = "mask") -> RedactionRule:
    return RedactionRule(kind=RuleKind(kind), match=match, deed=Deed(deed))


def test_where_nobody_has_decided_nothing_is_hidden() -> None:
    assert rulings(NOTHING_HIDDEN) is None


def test_rules_are_a_promise_and_secrets_alone_are_none() -> None:
    secrets, rules = (
        rulings(Redaction(secrets=True)),
        rulings(Redaction(rules=(rule("field", "a"),))),
    )
    assert secrets is not None
    assert rules is not None
    assert (secrets.is_strict, rules.is_strict) == (False, True)
    assert (secrets.hidden("AKIA0123456789ABCDEF"), rules.hidden("a@x.test")) == (
        HIDDEN,
        "a@x.test",
    )


def test_a_rule_of_ones_own_decides_on_a_secret() -> None:
    made = rulings(Redaction(secrets=True, rules=(rule("field", "password", "drop"),)))
    assert made is not None
    assert (made.fields.deed("password"), made.fields.deed("api_key")) == (Deed.DROP, Deed.MASK)


def test_what_is_dropped_from_a_text_leaves_nothing() -> None:
    made = rulings(Redaction(rules=(rule("detector", "email", "drop"),)))
    assert made is not None
    assert made.hidden("ask ada@x.test now") == "ask  now"


@pytest.mark.parametrize(
    "unknown",
    [
        RedactionRule(kind="colour", match="red"),  # type: ignore[arg-type]
        RedactionRule(kind=RuleKind.FIELD, match="a", deed="blur"),  # type: ignore[arg-type]
        RedactionRule(kind=RuleKind.DETECTOR, match="faces"),
    ],
)
def test_a_rule_that_a_newer_version_has_made_is_not_passed_over(unknown: RedactionRule) -> None:
    with pytest.raises(Unavailable):
        rulings(Redaction(rules=(unknown,)))


@pytest.mark.parametrize(
    "wrong",
    [
        rule("detector", "faces"),
        rule("field", "*"),
        rule("field", "_-"),
        rule("path", "a..b"),
        rule("path", "**.*"),
    ],
)
def test_a_rule_that_finds_nothing_or_everything_is_refused(wrong: RedactionRule) -> None:
    with pytest.raises(InvalidInput, match=f"No such {wrong.kind} can be hidden"):
        check_redaction(Redaction(rules=(wrong,)))


def test_rules_that_can_be_kept_pass() -> None:
    check_redaction(
        Redaction(rules=(rule("field", "*mail"), rule("path", "a.*.b"), rule("detector", "iban")))
    )


def test_an_entry_has_each_decision() -> None:
    redaction = Redaction(
        secrets=True, rules=(rule("field", "iban", "drop"),), open_routes=("/invoices/{id}",)
    )
    assert list(told(redaction)) == ["mask secrets", "drop field iban", "open /invoices/{id}"]
    assert list(told(NOTHING_HIDDEN)) == []


@pytest.mark.parametrize("back", [HIDDEN, HIDDEN.lower(), HIDDEN.upper(), f"a {HIDDEN}."])
def test_a_mask_is_known_again_in_any_case(back: str) -> None:
    assert holds_mask(back)
    assert not holds_mask("hidden by Understudy")
    assert (text_for(Deed.MASK), text_for(Deed.DROP)) == (HIDDEN, "")


def test_other_names_of_one_answer_are_hidden_in_it_alone() -> None:
    made = rulings(Redaction(rules=(rule("field", "email"),)))
    assert made is not None
    assert made.also({"contact": Deed.DROP}).fields.deed("contact") is Deed.DROP
    assert made.fields.deed("contact") is None
    assert made.also({}) is made
