"""The gateway asks the app's own user table before anybody is served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.rules.world import World, world
from tests.fixtures.refusals import refusal_of
from understudy import AppUser
from understudy.core.ids import SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.people.principals import Status, Subject
from understudy.embedded.gateway import InProcessGateway
from understudy.errors import Refused, SessionOver, TokenInvalid, Unavailable
from understudy.sdk.asks import Ask
from understudy.sdk.secret import Secret
from understudy.sdk.values import Actor, Opened, Presented


def known(made: World) -> Subject:
    """Ada as the directory has her."""
    with made.engine.reading() as reader:
        found = reader.subjects.get(made.application.id, SubjectId("ada"))
    assert found is not None
    return found


class Table:
    """The app's table of one user."""

    def __init__(self, made: World) -> None:
        ada = known(made)
        self.application_id = made.application.id
        self.away = False
        self.ada: AppUser | None = AppUser(
            id="ada",
            email=ada.email,
            name=ada.name,
            roles=ada.roles,
            organization_id=ada.organization_id,
        )

    def get(self, subject_id: str) -> AppUser | None:
        if self.away:
            raise Unavailable
        return self.ada if subject_id == "ada" else None

    def search(self, query: str, limit: int) -> Sequence[AppUser]:
        raise AssertionError("the guard searches for nobody")

    def change(self, **changes: object) -> None:
        assert self.ada is not None
        self.ada = replace(self.ada, **changes)  # type: ignore[arg-type]


class Place:
    def __init__(self, made: World) -> None:
        self.made, self.table = made, Table(made)
        self.port = InProcessGateway(made.engine, made.application.id, users=self.table)

    def presented(self) -> Presented:
        return Presented(token=Secret(self.made.token(self.made.granted())))

    def opened(self) -> Opened:
        return self.port.exchange(self.presented())

    def request(self) -> None:
        actor = Actor(id="kim", email="kim@shop.example", name="Kim")
        self.port.request(Ask(actor=actor, subject_id="ada", reason="she asked for help"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with _place(tmp_path) as made:
        yield made


@contextmanager
def _place(folder: Path) -> Iterator[Place]:
    with world(f"sqlite:///{folder / 'understudy.db'}", folder) as made:
        yield Place(made)


def test_what_is_as_it_was_writes_nothing(place: Place) -> None:
    opened = place.opened()
    before = len(place.made.entries())
    assert place.port.refresh(opened.session_token).session == opened.session
    assert len(place.made.entries()) == before


def test_what_has_changed_is_served(place: Place) -> None:
    opened, before = place.opened(), len(place.made.entries(EventType.SUBJECT_SAVED))
    place.table.change(name="Countess Lovelace")
    again = place.port.refresh(opened.session_token)
    assert again.session.subject.name == "Countess Lovelace"
    assert len(place.made.entries(EventType.SUBJECT_SAVED)) == before + 1


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"protected": True}, EndCause.SUBJECT_PROTECTED),
        ({"disabled": True}, EndCause.SUBJECT_INACTIVE),
    ],
)
def test_a_premise_that_fell_in_the_apps_table_ends_the_session(
    place: Place, changes: dict[str, object], cause: EndCause
) -> None:
    opened, waiting = place.opened(), place.presented()
    place.table.change(**changes)
    with refusal_of(SessionOver, "session_over", cause=cause):
        place.port.refresh(opened.session_token)
    with refusal_of(TokenInvalid, "token_invalid"):
        place.port.exchange(waiting)
    with pytest.raises(Refused):
        place.request()


def test_a_user_whom_the_app_has_no_more_is_deleted(place: Place) -> None:
    opened = place.opened()
    place.table.ada = None
    with pytest.raises(SessionOver):
        place.port.refresh(opened.session_token)
    ada = known(place.made)
    assert (ada.status, ada.name) == (Status.DELETED, None)
    with pytest.raises(Refused):
        place.request()


def test_another_user_than_who_was_asked_for_is_nobody(place: Place) -> None:
    waiting = place.presented()
    place.table.change(id="bob")
    with refusal_of(TokenInvalid, "token_invalid"):
        place.port.exchange(waiting)


def test_nothing_begins_while_the_app_does_not_answer_and_what_has_begun_goes_on(
    place: Place,
) -> None:
    opened, waiting = place.opened(), place.presented()
    place.table.away = True
    assert place.port.refresh(opened.session_token).session == opened.session
    for beginning in (lambda: place.port.exchange(waiting), place.request):
        with pytest.raises(Unavailable):
            beginning()
    place.table.away = False
    # Not used up by having been presented in vain.
    place.port.exchange(waiting)


def test_a_name_that_is_no_text_changes_nothing_of_a_session(place: Place) -> None:
    opened = place.opened()
    place.table.change(name="Ada\u202e")
    assert place.port.refresh(opened.session_token).session == opened.session


def test_a_start_sees_a_user_as_the_app_does(place: Place) -> None:
    place.request()
    place.table.change(protected=True)
    with pytest.raises(Refused):
        place.request()
