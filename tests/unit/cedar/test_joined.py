"""Joined policies say what those apart say, to whatever is asked."""

from __future__ import annotations

from dataclasses import replace

import cedarpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.cedar.questions import QUESTION, policies
from understudy.cedar.compiled import compiled
from understudy.cedar.judge import CedarJudge
from understudy.cedar.question import asked, entities_of, request_of
from understudy.core.governance.policies import Moment, PolicyQuestion

JUDGE = CedarJudge()
ALL = '@id("everybody") permit (principal, action, resource);\n'
_HEADS = (
    "principal, action, resource",
    'principal in Role::"auditor", action, resource',
    'principal, action == Action::"start", resource == Subject::"ada"',
)
_CONDITIONS = (
    "",
    "when { context.minutes > 20 }",
    "unless { context has ticket }",
    'when { resource.rank > 1 } unless { resource.roles.contains("a") }',
    # For a rank above 0 it errs.
    "when { resource.rank + 9223372036854775807 < 0 }",
    'when { context == {"reason": "x"} }',
)
_FORBIDS = st.lists(st.tuples(st.sampled_from(_HEADS), st.sampled_from(_CONDITIONS)), max_size=8)
_QUESTIONS = st.builds(
    lambda **facts: replace(QUESTION, **facts),
    actor_roles=st.sampled_from([(), ("auditor",)]),
    subject_id=st.sampled_from(["ada", "bob"]),
    subject_roles=st.sampled_from([(), ("a",)]),
    subject_rank=st.sampled_from([0, 1, 2]),
    minutes=st.sampled_from([10, 30]),
    ticket=st.sampled_from([None, "SUP-1"]),
    moment=st.sampled_from(Moment),
)


@given(forbids=_FORBIDS, question=_QUESTIONS)
def test_the_verdict_is_that_of_the_policies_apart(
    forbids: list[tuple[str, str]], question: PolicyQuestion
) -> None:
    text = ALL + "\n".join(
        f'@id("no-{number}") forbid ({head}) {condition};'
        for number, (head, condition) in enumerate(forbids)
    )
    # With everything that is known, and each policy by itself.
    what = asked(question)
    apart = cedarpy.is_authorized(request_of(what), text, entities_of(what.people))
    errors, names = apart.diagnostics.errors, apart.diagnostics.id_annotations_by_reason.values()
    found = JUDGE.judge(policies(text), question)
    assert found.permitted is (apart.allowed and not errors)
    assert (sorted(found.deciding), sorted(found.faults)) == (
        [] if errors else sorted(names),
        sorted(errors),
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (ALL, set()),
        (ALL + "forbid (principal, action, resource) when { context.minutes > 1 };", {"minutes"}),
        (ALL + "forbid (principal, action, resource) unless { context has ticket };", {"ticket"}),
        (ALL + 'forbid (principal, action, resource) when { context == {"a": 1} };', None),
    ],
)
def test_circumstances_that_no_policy_looks_at_are_not_told(
    text: str, names: set[str] | None
) -> None:
    assert compiled(text).looked.circumstances == names
    told = request_of(asked(QUESTION, compiled(text).looked))["context"]
    everything = request_of(asked(QUESTION))["context"]
    assert told.keys() == (everything.keys() if names is None else names)


@pytest.mark.parametrize(
    ("policy", "looks"),
    [
        ("permit (principal, action, resource);", False),
        ('permit (principal, action == Action::"start", resource);', True),
        ('permit (principal, action, resource) when { action in Action::"impersonate" };', True),
    ],
)
def test_a_moment_at_which_no_policy_looks_is_none(policy: str, looks: bool) -> None:
    moments = {asked(replace(QUESTION, moment=one), compiled(policy).looked) for one in Moment}
    assert len(moments) == 1 + looks
