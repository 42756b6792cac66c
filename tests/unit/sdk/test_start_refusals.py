"""What staff are told when nothing was started."""

from __future__ import annotations

import logging

import pytest

from understudy.core.rules.chain import RULES
from understudy.errors import (
    InvalidInput,
    MalformedRequest,
    NotFound,
    OutcomeUnknown,
    Refused,
    StorageBusy,
    TokenInvalid,
    TooManyRequests,
    UnderstudyError,
)
from understudy.sdk.staff import SignInRequired
from understudy.sdk.start_refusals import not_started

CONCEALED = not_started(Refused(rule="subject_unknown"))


def test_every_rule_about_a_subject_looks_the_same() -> None:
    about = [one for one in RULES.all if one.concealed or one.code.startswith("subject_")]
    assert len(about) >= 7
    for rule in about:
        assert not_started(Refused(rule.explanation, rule=rule.code)) == CONCEALED


@pytest.mark.parametrize("rule", ["organization_mismatch", "a_rule_of_tomorrow"])
def test_what_may_be_of_a_subject_is_taken_for_it(rule: str) -> None:
    assert not_started(Refused("Somebody is in another tenant.", rule=rule)) == CONCEALED
    assert not_started(TokenInvalid()) == CONCEALED


@pytest.mark.parametrize("rule", ["impersonation_off", "actor_email_is_operators", "nested"])
def test_rules_about_the_asker_are_told(rule: str) -> None:
    told = not_started(Refused("Why.", rule=rule))
    assert (told.status, told.code, told.detail, told.field) == (403, rule, "Why.", None)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFound("no application of that id"), 404, "not_found"),
        (StorageBusy(), 503, "unavailable"),
        (OutcomeUnknown(), 503, "outcome_unknown"),
        (TooManyRequests(), 429, "too_many_requests"),
        (MalformedRequest(facts={"field": "scope"}), 400, "malformed_request"),
        (SignInRequired(), 401, "not_signed_in"),
    ],
)
def test_each_has_a_stable_code(error: UnderstudyError, status: int, code: str) -> None:
    told = not_started(error)
    assert (told.status, told.code) == (status, code)
    assert "application" not in told.detail


def test_what_only_the_service_finds_invalid_is_for_the_apps_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        told = not_started(InvalidInput("actor.email is no address"))
    assert (told.status, told.code) == (400, "malformed_request")
    assert "actor" not in told.detail
    assert "actor.email is no address" in caplog.text
