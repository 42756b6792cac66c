"""What only the user themself may do, asked for by whom, and from where."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from contextlib import AbstractContextManager
from types import SimpleNamespace

import pytest

from tests.fixtures.impersonation import SESSION
from tests.fixtures.refusals import refusal_of
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk import forbidding
from understudy.sdk.asked_by import PINNED
from understudy.sdk.at_work import AtWork
from understudy.sdk.context import Impersonation, OwnRequest, Present, as_nobody, entered
from understudy.sdk.forbidding import forbid_while_impersonating

ASKED_BY = {"type": "http", PINNED: Impersonation.of(SESSION)}
OWN = {"type": "http", "headers": []}


class Place:
    """Where somebody works as somebody else, while ``busy``."""

    def __init__(self, *, busy: bool = True) -> None:
        self.busy = busy

    def is_busy(self) -> bool:
        return self.busy


@pytest.fixture(autouse=True)
def at_work(monkeypatch: pytest.MonkeyPatch) -> AtWork:
    """Nobody, until a test says so: sessions of other tests are none of its business."""
    at_work = AtWork()
    monkeypatch.setattr(forbidding, "AT_WORK", at_work)
    return at_work


@pytest.fixture
def place(at_work: AtWork) -> Place:
    place = Place()
    at_work.begins(place)
    return place


def present() -> Present:
    return Present(Impersonation.of(SESSION, user="the user"))


def refused() -> AbstractContextManager[object]:
    return refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating")


def test_a_forbidden_view_answers_users_as_ever() -> None:
    @forbid_while_impersonating
    def view(number: int) -> int:
        return number + 1

    assert view(1) == 2


def test_a_forbidden_view_does_not_run_for_an_actor() -> None:
    ran = []

    @forbid_while_impersonating
    def view() -> None:
        ran.append(1)

    now = present()
    with entered(now), pytest.raises(ForbiddenWhileImpersonating) as refused:
        view()
    assert (refused.value.code, refused.value.status) == ("forbidden_while_impersonating", 403)
    assert ran == []
    assert now.forbidden


def test_a_forbidden_async_view_is_still_async() -> None:
    @forbid_while_impersonating
    async def view(number: int) -> int:
        return number + 1

    async def main() -> int:
        with (
            entered(present()),
            refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
        ):
            await view(1)
        return await view(1)

    assert inspect.iscoroutinefunction(view)
    assert asyncio.run(main()) == 2


def test_a_forbidden_view_keeps_its_name_and_signature() -> None:
    @forbid_while_impersonating
    def view(number: int) -> int:
        """Says."""
        return number

    assert (view.__name__, view.__doc__) == ("view", "Says.")
    assert list(inspect.signature(view).parameters) == ["number"]


def test_the_check_can_be_called_by_itself_and_takes_nothing() -> None:
    forbid_while_impersonating()
    assert not inspect.signature(forbid_while_impersonating).parameters
    with (
        entered(present()),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        forbid_while_impersonating()


@forbid_while_impersonating
def view(*args: object, **kwargs: object) -> str:
    """A view that takes anything."""
    return "ran"


def test_what_an_impersonated_request_has_left_running_does_not_run_a_forbidden_view() -> None:
    now = present()
    with entered(now):
        left = contextvars.copy_context()
    with refused():
        left.run(view)
    assert not now.forbidden


def test_work_that_nobody_knows_is_refused_while_somebody_is_impersonated_here(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    with refused():
        view()
    assert [record.action for record in caplog.records] == ["refuse_unknown"]  # type: ignore[attr-defined]
    place.busy = False
    assert view() == "ran"


def test_a_users_own_request_runs_while_somebody_else_is_impersonated(place: Place) -> None:
    with OwnRequest():
        assert view() == "ran"
        left = contextvars.copy_context()
    with refused():
        left.run(view)
    place.busy = False
    assert left.run(view) == "ran"


def test_leaving_a_context_leaves_nothing_known(place: Place) -> None:
    with entered(present()), as_nobody():
        with refused():
            view()
        place.busy = False
        assert view() == "ran"


@pytest.mark.parametrize(
    "request_",
    [
        ASKED_BY,
        SimpleNamespace(scope=ASKED_BY),
        SimpleNamespace(request=SimpleNamespace(scope=ASKED_BY)),
        {"asgi.scope": ASKED_BY},
    ],
)
def test_a_request_among_the_arguments_tells_whose_work_it_is(request_: object) -> None:
    with refused():
        view(1, request_)
    with refused():
        view(event=request_)


@pytest.mark.parametrize("argument", [None, 1, "x", OWN, {PINNED: "made up"}, object()])
def test_other_arguments_tell_nothing(argument: object, place: Place) -> None:
    with refused():
        view(argument)
    place.busy = False
    assert view(argument) == "ran"
