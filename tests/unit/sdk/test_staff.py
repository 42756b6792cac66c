"""What the app says of its own staff."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fixtures.refusals import refusal_of
from tests.unit.sdk.visiting import App
from understudy.errors import NotFound, SetupError
from understudy.sdk.staff import (
    SignInRequired,
    Staff,
    is_permitted,
    read_actor,
    read_home,
    read_staff,
)
from understudy.sdk.values import Actor


class Strange:
    """As fields of some frameworks, it cannot be compared."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        raise ArithmeticError


def nobody(_: object) -> None:
    return None


def test_without_staff_nothing_else_is_set() -> None:
    assert read_staff(None, None, None) is None
    assert read_staff(nobody, None, None) == Staff(staff_of=nobody)
    with refusal_of(SetupError, "setup_error"):
        read_staff(None, lambda *_: True, None)


def test_an_actor_is_one_who_has_a_name_to_be_logged() -> None:
    kim = Actor(id="7", email="kim@app.test", name="Kim")
    assert read_actor(kim) == kim
    grouped = replace(kim, groups=["leads", "billing"])  # type: ignore[arg-type]
    assert read_actor(grouped) == replace(kim, groups=("billing", "leads"))
    for given in (
        Actor(id="x" * 256),
        Actor(id="7", email="a\u200db@x"),
        Actor(id="7", name="\x1b"),
        Actor(id="7", groups=("Billing",)),
        Actor(id="7", groups="billing"),  # type: ignore[arg-type]
        Actor(id="7", groups=None),  # type: ignore[arg-type]
        Actor(id="7", groups=tuple(f"g{number}" for number in range(21))),
    ):
        with refusal_of(NotFound, "not_found"):
            read_actor(given)


def test_a_fresh_sign_in_is_asked_for_at_a_path_of_the_app_alone() -> None:
    assert SignInRequired(at="/login?next=/users").at == "/login?next=/users"
    assert SignInRequired(at="//evil.test").at is None
    for read in (read_actor, is_permitted):
        with pytest.raises(SignInRequired):
            read(SignInRequired())


def test_nothing_is_a_yes_but_true(caplog: pytest.LogCaptureFixture) -> None:
    assert [is_permitted(given) for given in (True, False)] == [True, False]
    assert caplog.records == []
    for told, given in enumerate((1, 0, "no", None, OSError(), Strange()), start=1):
        assert not is_permitted(given)
        assert len(caplog.records) == told


def test_a_home_is_a_path_of_the_app(app: App) -> None:
    homes = ("/a?b=c", "/_understudy/state", "//evil.test", "home", None, OSError(), 7)
    assert [read_home(home, app.routes) for home in homes] == ["/a?b=c", *["/home"] * 6]
