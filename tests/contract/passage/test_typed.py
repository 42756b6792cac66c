"""What was typed into a form that was not carried out comes back to whoever sent it, to copy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.passage.conftest import House, User
from tests.contract.passage.drivers import Asked, View
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.errors import SessionOver, Unavailable
from understudy.testing import FakeSession

PERSON = {"accept": "text/html", "sec-fetch-dest": "document"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
TYPED = b"text=Dear+%3CAda%3E%2C%0Ahello&password=geheim"
Arranged = Callable[[House, pytest.MonkeyPatch], FakeSession]


def over(house: House, _: pytest.MonkeyPatch) -> FakeSession:
    session = house.open()
    house.gateway.revoke(session.id)
    return session


def over_by_the_time_of_the_intent(house: House, patch: pytest.MonkeyPatch) -> FakeSession:
    def too_late(*args: object, **more: object) -> None:
        raise SessionOver

    patch.setattr(house.gateway, "record", too_late)
    return house.open()


def another_user(house: House, _: pytest.MonkeyPatch) -> FakeSession:
    house.load_user = lambda _: User("7")
    return house.open(subject_id="42")


def service_away(house: House, _: pytest.MonkeyPatch) -> FakeSession:
    session = house.open()
    house.gateway.reachable = False
    return session


def log_away(house: House, patch: pytest.MonkeyPatch) -> FakeSession:
    def away(*args: object, **more: object) -> None:
        raise Unavailable

    patch.setattr(house.gateway, "record", away)
    return house.open()


def read_only(house: House, _: pytest.MonkeyPatch) -> FakeSession:
    return house.open(scope=Scope.READ_ONLY)


def blocked(house: House, _: pytest.MonkeyPatch) -> FakeSession:
    return house.open(
        blocked_actions=[BlockedAction(method="POST", pattern="/letters", label="Letters")]
    )


ARRANGED = {
    over: 401,
    over_by_the_time_of_the_intent: 401,
    another_user: 401,
    service_away: 503,
    log_away: 503,
    read_only: 403,
    blocked: 403,
}


def sent(session: FakeSession, headers: dict[str, str], mark: str | None = None) -> Asked:
    query = f"_understudy_page={mark or session.id}"
    return Asked(method="POST", path="/letters", headers=headers, query=query, body=TYPED)


@pytest.mark.parametrize(("arranged", "status"), ARRANGED.items())
def test_a_person_whose_form_was_not_carried_out_gets_back_what_they_typed(
    house: House, arranged: Arranged, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = arranged(house, monkeypatch)
    got = house.visit(View(), session, sent(session, PERSON | FORM))
    monkeypatch.undo()
    assert (got.status, got.header("cache-control")) == (status, ["no-store"])
    assert "view" not in house.events
    assert b"Dear &lt;Ada&gt;,\nhello</textarea>" in got.body
    assert b"geheim" not in got.body


def test_so_does_whoever_sent_it_from_the_page_of_somebody_else(house: House) -> None:
    session = house.open()
    got = house.visit(View(), session, sent(session, PERSON | FORM, mark="own"))
    assert (got.status, b"hello</textarea>" in got.body) == (409, True)


@pytest.mark.parametrize(
    "headers", [FORM, PERSON, {**FORM, "x-requested-with": "XMLHttpRequest"}], ids=str
)
def test_a_program_and_whatever_is_no_form_gets_nothing_back(
    house: House, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = over(house, monkeypatch)
    got = house.visit(View(), session, sent(session, headers))
    assert (got.status, b"hello" in got.body) == (401, False)


def test_the_log_is_told_of_the_refusal_and_of_nothing_that_was_typed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = read_only(house, monkeypatch)
    house.visit(View(), session, sent(session, PERSON | FORM))
    (action,) = house.actions(session)
    assert (action.rule, action.status) == ("read_only", 403)
    assert "Ada" not in repr(action)
