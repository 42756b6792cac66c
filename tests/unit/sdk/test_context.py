"""Who works as whom, as the app's code sees it."""

from __future__ import annotations

import asyncio
import contextvars

import pytest

from tests.fixtures.impersonation import SESSION
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.context import (
    Impersonation,
    OwnRequest,
    Present,
    as_nobody,
    begun,
    current_impersonation,
    entered,
    left_by_others,
    present_request,
)


def present() -> Present:
    return Present(Impersonation.of(SESSION, user="the user"))


def test_nobody_impersonates_outside_of_a_session() -> None:
    assert current_impersonation() is None


def test_both_people_are_known_inside_of_one() -> None:
    with entered(present()):
        found = current_impersonation()
    assert found is not None
    assert (found.subject.id, found.actor.id, found.user) == ("42", "opr_1", "the user")
    assert (found.session_id, found.scope, found.ticket) == ("ses_1", Scope.FULL, "T-1")
    assert found.organization == SESSION.organization
    assert (found.started_at, found.ends_at) == (SESSION.started_at, SESSION.ends_at)
    assert found.reason == "Cannot see the invoice"


def test_the_context_ends_with_the_request_also_when_that_fails() -> None:
    with pytest.raises(ValueError, match="x"), entered(present()):
        raise ValueError("x")
    assert current_impersonation() is None


def test_the_context_reaches_tasks_and_threads_of_the_request() -> None:
    async def main() -> tuple[object, object]:
        with entered(present()):
            task = asyncio.create_task(asyncio.sleep(0, current_impersonation()))
            return await task, await asyncio.to_thread(current_impersonation)

    in_task, in_thread = asyncio.run(main())
    assert in_task is not None
    assert in_thread is not None


def test_a_task_that_outlives_its_request_is_nobodys() -> None:
    async def outliving(over: asyncio.Event) -> tuple[object, object]:
        before = current_impersonation()
        await over.wait()
        return before, current_impersonation()

    async def main() -> tuple[object, object]:
        over = asyncio.Event()
        with entered(present()):
            task = asyncio.create_task(outliving(over))
            await asyncio.sleep(0)
        over.set()
        return await task

    before, after = asyncio.run(main())
    assert before is not None
    assert after is None


@pytest.mark.parametrize("error", [None, ValueError, asyncio.CancelledError])
def test_a_context_that_a_request_left_behind_is_nobodys(
    error: type[BaseException] | None,
) -> None:
    def request() -> contextvars.Context:
        with entered(present()):
            left.append(contextvars.copy_context())
            if error is not None:
                raise error
        return left[0]

    left: list[contextvars.Context] = []
    if error is None:
        request()
    else:
        with pytest.raises(error):
            request()
    assert left[0].run(current_impersonation) is None


def test_whatever_context_was_found_can_be_left_and_comes_back() -> None:
    with entered(present()):
        with as_nobody():
            assert current_impersonation() is None
        assert current_impersonation() is not None


def test_a_context_is_others_unless_the_request_itself_names_its_impersonation() -> None:
    now = present()
    assert not left_by_others(None)
    with entered(now):
        assert left_by_others(None)
        assert left_by_others(present().impersonation)
        assert not left_by_others(now.impersonation)


def test_two_requests_at_once_do_not_mix() -> None:
    async def request(present: Present | None) -> Impersonation | None:
        if present is None:
            await asyncio.sleep(0)
            return current_impersonation()
        with entered(present):
            await asyncio.sleep(0)
            return current_impersonation()

    async def main() -> tuple[Impersonation | None, Impersonation | None]:
        return await asyncio.gather(request(present()), request(None))

    impersonated, own = asyncio.run(main())
    assert impersonated is not None
    assert own is None


def test_an_impersonation_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Impersonation.of(SESSION).reason = "another"  # type: ignore[misc]


def test_a_request_of_a_users_own_is_known_as_that_until_it_is_over() -> None:
    own = OwnRequest()
    with own:
        assert present_request() is own
        assert current_impersonation() is None
        assert not own.over
        assert not left_by_others(None)
        with entered(present()):
            assert current_impersonation() is not None
        assert present_request() is own
    assert own.over
    assert present_request() is None


@pytest.mark.parametrize("fault", [LookupError, SystemExit, asyncio.CancelledError])
def test_a_users_own_request_whose_call_fails_is_over(fault: type[BaseException]) -> None:
    own = OwnRequest()
    with begun(own):
        assert present_request() is own
    assert (own.over, present_request()) == (False, None)
    with pytest.raises(fault), begun(own):
        raise fault
    assert (own.over, present_request()) == (True, None)
