"""Who caused what runs later: told in requests and jobs, and no power to anybody."""

from __future__ import annotations

import contextvars
import json
import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.impersonation import SESSION
from tests.fixtures.refusals import refusal_of
from understudy import as_the_app, current_impersonation
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.attribution import Attribution, attributed_to, current_attribution
from understudy.sdk.context import Impersonation, OwnRequest, Present, entered, present_request
from understudy.sdk.forbidding import forbid_while_impersonating

FOUND = Impersonation.of(SESSION)
SAM = Attribution(
    session_id="ses_1",
    actor_id="opr_1",
    subject_id="42",
    actor_email="sam@support.test",
    actor_name="Sam Support",
)
NOBODY_KNOWN = Attribution(session_id="unreadable", actor_id="unreadable", subject_id="unreadable")
TEXT = st.text(min_size=1)


def test_a_session_is_attributed_to_its_actor() -> None:
    assert current_attribution() is None
    with entered(Present(FOUND)):
        assert current_attribution() == SAM
    assert current_attribution() is None


def test_asking_who_caused_it_is_not_asking_whom_the_app_serves() -> None:
    present = Present(FOUND)
    with entered(present):
        current_attribution()
        assert not present.asked


def test_what_a_request_leaves_running_is_attributed_to_nobody() -> None:
    with entered(Present(FOUND)):
        left = contextvars.copy_context()
    assert left.run(current_attribution) is None


def test_a_job_knows_who_caused_it_and_runs_as_nobody() -> None:
    with entered(Present(FOUND)):
        with attributed_to(SAM):
            assert current_attribution() == SAM
            assert current_impersonation() is None
        assert current_impersonation() is FOUND
    assert current_attribution() is None


def test_a_job_that_nobody_caused_leaves_the_session_its_worker_was_started_in() -> None:
    with entered(Present(FOUND)), attributed_to(None):
        assert (current_attribution(), current_impersonation()) == (None, None)


def test_a_job_that_a_user_s_own_request_runs_at_once_stays_the_user_s_own() -> None:
    own = OwnRequest()
    with own, attributed_to(None):
        assert present_request() is own


def test_an_attributed_job_is_no_user_s_own_wherever_it_runs() -> None:
    with OwnRequest(), attributed_to(SAM):
        assert (current_attribution(), present_request()) == (SAM, None)


def test_jobs_within_jobs_go_back_to_who_caused_the_outer_one() -> None:
    with attributed_to(SAM):
        with attributed_to(None):
            assert current_attribution() is None
        assert current_attribution() == SAM


def test_what_is_forbidden_is_refused_in_a_job_that_a_session_has_caused() -> None:
    @forbid_while_impersonating
    def delete_account() -> str:
        return "deleted"

    with attributed_to(None):
        assert delete_account() == "deleted"
    with (
        attributed_to(SAM),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        delete_account()


def test_an_attributed_job_is_not_the_app_s_own_work() -> None:
    with (
        attributed_to(SAM),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
        as_the_app(),
    ):
        pytest.fail("it ran")


@given(TEXT, TEXT, TEXT, st.none() | TEXT, st.none() | TEXT)
def test_what_was_written_is_read_again(
    session: str, actor: str, subject: str, email: str | None, name: str | None
) -> None:
    one = Attribution(
        session_id=session, actor_id=actor, subject_id=subject, actor_email=email, actor_name=name
    )
    assert Attribution.from_json(json.loads(json.dumps(one.to_json()))) == one


def test_ids_alone_are_read_again() -> None:
    found = Attribution.from_json(SAM.ids())
    assert found == Attribution(session_id="ses_1", actor_id="opr_1", subject_id="42")


def test_nothing_of_a_token_or_a_reason_travels() -> None:
    assert SAM.to_json() == {
        "session_id": "ses_1",
        "actor_id": "opr_1",
        "subject_id": "42",
        "actor_email": "sam@support.test",
        "actor_name": "Sam Support",
    }


def test_an_actor_without_a_name_is_no_less_readable() -> None:
    nameless = replace(SAM, actor_email="", actor_name="")
    assert Attribution.from_json(nameless.to_json()) == replace(
        SAM, actor_email=None, actor_name=None
    )


def test_what_a_later_release_adds_is_ignored() -> None:
    assert Attribution.from_json({**SAM.to_json(), "device": {"id": 1}}) == SAM


@pytest.mark.parametrize(
    "carried",
    [
        "ses_1",
        [],
        {},
        {"session_id": "ses_1"},
        {**SAM.ids(), "actor_id": 7},
        {**SAM.ids(), "subject_id": ""},
    ],
)
def test_what_cannot_be_read_is_still_an_attribution(
    carried: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "understudy"):
        assert Attribution.from_json(carried) == NOBODY_KNOWN
    assert [record.action for record in caplog.records] == ["read_attribution"]  # type: ignore[attr-defined]  # from `extra`


def test_no_attribution_is_none() -> None:
    assert Attribution.from_json(None) is None
