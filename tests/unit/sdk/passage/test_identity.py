"""The subject as one of the app's own users, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.fixtures.impersonation import SESSION
from understudy.sdk.passage.identity import Identity, default_user_id

SUBJECT = SESSION.subject


@dataclass
class User:
    """A user of some app."""

    id: int


@pytest.mark.parametrize(
    "user",
    [None, User(43), {"id": "43"}, {"name": "Ada"}, object(), "42", User(id=None)],  # type: ignore[arg-type]
)
def test_anybody_but_the_subject_is_refused(user: object) -> None:
    assert not Identity(loads=True).is_subject(user, SUBJECT)


@pytest.mark.parametrize("user", [User(42), {"id": 42}, {"id": "42"}])
def test_ids_are_compared_as_text(user: object) -> None:
    assert Identity(loads=True).is_subject(user, SUBJECT)


def test_the_app_may_say_what_a_users_id_is() -> None:
    identity = Identity(lambda user: user.partition("-")[2], loads=True)
    assert identity.is_subject("user-42", SUBJECT)


def test_a_user_without_an_id_is_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert not Identity(loads=True).is_subject(object(), SUBJECT)
    assert "user_id=" in caplog.text


def test_ids_are_found_as_key_or_attribute() -> None:
    assert default_user_id({"id": 1}) == 1
    assert default_user_id(User(1)) == 1
    assert default_user_id("somebody") is None


@pytest.mark.parametrize("user", [None, User(42), {"name": "Ada"}])
def test_nobody_and_the_subject_themself_contradict_nothing(user: object) -> None:
    assert not Identity(loads=False).contradicts(user, SUBJECT)


def test_somebody_else_contradicts() -> None:
    assert Identity(loads=False).contradicts(User(7), SUBJECT)
