"""What is told of a sample: what would be seen, and which rule hid what."""

from __future__ import annotations

import pytest

from understudy.core.redaction.masks import HIDDEN
from understudy.core.redaction.rules import Deed, Redaction, RedactionRule, RuleKind
from understudy.core.redaction.rulings import rulings
from understudy.sdk.redaction.trial import MOST_LETTERS, MOST_TOLD, Trial, tried

IBAN = RedactionRule(kind=RuleKind.FIELD, match="iban")
MAIL = RedactionRule(kind=RuleKind.DETECTOR, match="email")
STREET = RedactionRule(kind=RuleKind.PATH, match="a.*.b", deed=Deed.DROP)
RULES = Redaction(secrets=True, rules=(IBAN, MAIL, STREET))


def hid(trial: Trial) -> dict[str, tuple[str, ...]]:
    return {one.rule.match if one.rule else "secrets": one.hid for one in trial.by}


def test_json_with_what_each_rule_hid() -> None:
    sample = (
        '{"iban": "GB82", "a": [{"b": {"c": [1, 2]}}], "note": "ask ada@x.test or bob@x.test",'
        ' "api_key": "k1", "n": 1.10}'
    )
    trial = tried(RULES, "json", sample)
    assert trial.shown == (
        f'{{"iban": "{HIDDEN}", "a": [{{"b": null}}], "note": "ask {HIDDEN} or {HIDDEN}",'
        f' "api_key": "{HIDDEN}", "n": 1.10}}'
    )
    assert hid(trial) == {
        "secrets": ("k1",),
        "iban": ("GB82",),
        "email": ("ada@x.test", "bob@x.test"),
        "a.*.b": ('{"c": [1, 2]}',),
    }


@pytest.mark.parametrize(
    ("kind", "sample", "found"),
    [
        ("html", '<input name="iban" value="GB82 1"><p>ada@x.test', ("GB82 1",)),
        ("csv", "id,iban\n1,GB82\n2,GB83\n", ("GB82", "GB83")),
        ("text", "iban: GB82\nask ada@x.test", ("GB82",)),
    ],
)
def test_other_kinds_are_read_as_the_guard_reads_them(
    kind: str, sample: str, found: tuple[str, ...]
) -> None:
    trial = tried(RULES, kind, sample)
    assert hid(trial)["iban"] == found
    assert trial.shown is not None
    assert not any(one in trial.shown for one in found)


def test_what_two_rules_hide_is_told_of_both() -> None:
    found = hid(tried(RULES, "json", '{"iban": "ada@x.test"}'))
    assert (found["iban"], found["email"]) == (("ada@x.test",), ("ada@x.test",))


def test_what_cannot_be_looked_through_is_held_back() -> None:
    assert tried(RULES, "json", '{"iban": ').shown is None


def test_without_rules_all_is_shown() -> None:
    assert tried(Redaction(), "json", "{") == Trial(shown="{", by=())
    assert tried(Redaction(secrets=True), "text", "hello").shown == "hello"


def test_not_all_of_much_is_told() -> None:
    long = "x" * 500
    sample = "[" + ", ".join(f'{{"iban": "{long}{n}"}}' for n in range(50)) + "]"
    (told,) = (one.hid for one in tried(Redaction(rules=(IBAN,)), "json", sample).by)
    assert len(told) == MOST_TOLD
    assert {len(one) for one in told} == {MOST_LETTERS}


def test_a_rule_that_takes_what_only_the_app_has_is_left_out_and_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = RedactionRule(kind=RuleKind.DETECTOR, match="national_id_de")
    monkeypatch.setattr("understudy.core.redaction.rulings.is_ready", lambda _: False)
    rulings.cache_clear()
    trial = tried(Redaction(rules=(IBAN, rule)), "json", '{"iban": "GB82"}')
    rulings.cache_clear()
    assert [(one.can_be_tried, one.hid) for one in trial.by] == [(True, ("GB82",)), (False, ())]
    assert trial.shown == f'{{"iban": "{HIDDEN}"}}'
