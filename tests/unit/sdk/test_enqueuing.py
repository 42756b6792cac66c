"""What a session may put into a queue."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fixtures.impersonation import SESSION, a_session, restricted
from tests.fixtures.refusals import refusal_of
from understudy.core.impersonation.restrictions import Scope
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.attribution import Attribution, attributed_to
from understudy.sdk.context import Impersonation, OwnRequest, Present, entered
from understudy.sdk.enqueuing import allow_in_read_only, attribution_of_job, loaded
from understudy.sdk.forbidding import forbid_while_impersonating

FOUND = Impersonation.of(SESSION)
SAM = Attribution.of(FOUND)
READING = Impersonation.of(a_session(restrictions=restricted(scope=Scope.READ_ONLY)))


def send_mail() -> None: ...


@forbid_while_impersonating
def delete_account() -> None: ...


@forbid_while_impersonating
async def close_account() -> None: ...


@allow_in_read_only
def warm_cache() -> None: ...


def test_a_job_is_attributed_to_the_session_that_queues_it() -> None:
    assert attribution_of_job(send_mail) is None
    with entered(Present(FOUND)):
        assert attribution_of_job(send_mail) == SAM


def test_a_job_queued_by_a_job_is_attributed_to_who_caused_the_first() -> None:
    with attributed_to(SAM):
        assert attribution_of_job(send_mail) == SAM


@pytest.mark.parametrize("job", [delete_account, close_account])
def test_what_is_forbidden_is_not_queued_in_a_session(job: Callable[[], object]) -> None:
    now = Present(FOUND)
    with (
        entered(now),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        attribution_of_job(job)
    assert now.forbidden


def test_users_queue_for_themselves_what_is_forbidden_to_actors() -> None:
    with OwnRequest():
        assert attribution_of_job(delete_account) is None


def test_a_session_that_may_only_read_queues_nothing() -> None:
    now = Present(READING)
    with (
        entered(now),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        attribution_of_job(send_mail)
    assert now.forbidden


def test_a_job_known_by_its_name_alone_is_not_queued_by_a_session_that_may_only_read() -> None:
    with (
        entered(Present(READING)),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        attribution_of_job(None)


def test_a_session_that_may_only_read_queues_what_is_allowed_there() -> None:
    with entered(Present(READING)):
        assert attribution_of_job(warm_cache) == Attribution.of(READING)


def test_a_job_s_dotted_name_stands_for_what_is_loaded_already() -> None:
    assert loaded(f"{__name__}.send_mail") is send_mail
    assert loaded("understudy.no_such_module.send_mail") is None
    assert loaded("send_mail") is None
    assert loaded(send_mail) is send_mail
