"""What is done for one impersonated request, and in which order, whatever drives it."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from tests.contract.passage.conftest import House, User
from tests.contract.passage.drivers import PAGE, Asked, Got, View
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import ForbiddenWhileImpersonating, Unavailable
from understudy.sdk.context import current_impersonation
from understudy.sdk.forbidding import forbid_while_impersonating
from understudy.sdk.held_reads import reading_only, refuse_write
from understudy.sdk.values import Phase

POST = Asked(method="POST")
DOCUMENT = Asked(headers={"accept": "text/html", "sec-fetch-dest": "document"})


def swallowed_refusal() -> None:
    """A forbidden view under a framework that turns its error into an answer."""
    with suppress(ForbiddenWhileImpersonating):
        forbid_while_impersonating()


def swallowed_write() -> None:
    """A write that the database refuses, in a view that gets over it."""
    reading = reading_only()
    assert reading is not None
    refuse_write(reading, "orders")


def code(got: Got) -> str:
    """The stable code of a refusal."""
    assert got.whole
    found: str = json.loads(got.body)["code"]
    return found


def test_a_request_is_asked_about_then_its_user_loaded_then_served_then_recorded(
    house: House,
) -> None:
    session, view = house.open(subject_id="42"), View()
    got = house.visit(view, session)
    (action,) = house.actions(session)
    assert (got.status, got.whole, got.body) == (200, True, PAGE)
    assert house.events == ["asked", "user", "view", "completed"]
    assert view.subjects == ["42", "42"]
    assert (action.phase, action.status, action.path) == (Phase.COMPLETED, 200, "/orders")
    assert action.address == "192.0.2.7"


def test_what_the_service_has_said_is_not_asked_again(house: House) -> None:
    session = house.open()
    house.visit(View(), session)
    house.gateway.wait_for_followers()
    # The stream's first beat makes earlier answers doubtful; this one comes behind it.
    house.visit(View(), session)
    asked = house.events.count("asked")
    house.visit(View(), session)
    assert house.events.count("asked") == asked


def test_the_intent_of_an_unsafe_action_is_in_the_log_before_the_action_begins(
    house: House,
) -> None:
    session = house.open()
    assert house.visit(View(), session, POST).status == 200
    intended, completed = house.actions(session, at_least=2)
    assert house.events == ["asked", "user", "intended", "view", "completed"]
    assert (intended.phase, completed.phase) == (Phase.INTENDED, Phase.COMPLETED)
    assert intended.id == completed.id


def test_nothing_is_begun_that_the_log_does_not_have(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, view = house.open(), View()

    def away(*args: object, **more: object) -> None:
        raise Unavailable

    monkeypatch.setattr(house.gateway, "record", away)
    got = house.visit(view, session, POST)
    monkeypatch.undo()
    assert (got.status, code(got)) == (503, "unavailable")
    assert "view" not in house.events
    # The intent may have arrived all the same: the log is told that nothing came of it.
    assert [(a.phase, a.status) for a in house.actions(session)] == [(Phase.COMPLETED, 503)]


def test_an_end_of_which_the_intent_hears_first_is_answered_as_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.gateway.streaming = False
    session = house.open()
    record = house.gateway.record

    def over_by_then(*args: object, **more: object) -> None:
        house.gateway.revoke(session.id, EndCause.ACTOR_INACTIVE)
        record(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(house.gateway, "record", over_by_then)
    got = house.visit(View(), session, POST)
    assert (got.status, code(got)) == (401, "session_over")
    assert "view" not in house.events


def test_a_blocked_action_is_refused_and_recorded(house: House) -> None:
    rule = BlockedAction(method="POST", pattern="/orders", label="Order")
    session = house.open(blocked_actions=[rule])
    got = house.visit(View(), session, POST)
    (action,) = house.actions(session)
    assert (got.status, code(got)) == (403, "action_blocked")
    assert (action.phase, action.rule, action.status) == (Phase.BLOCKED, "action_blocked", 403)
    assert house.events == ["asked", "blocked"]


def test_a_page_that_was_to_write_is_refused_whatever_its_view_makes_of_it(house: House) -> None:
    session = house.open(scope=Scope.READ_ONLY)
    got = house.visit(View(before=swallowed_write), session)
    assert (got.status, code(got)) == (403, "write_blocked")
    (action,) = house.actions(session)
    assert (action.phase, action.rule, action.table) == (Phase.BLOCKED, "write_blocked", "orders")


def test_a_read_only_session_changes_nothing_by_another_name_either(house: House) -> None:
    session = house.open(scope=Scope.READ_ONLY)
    disguised = Asked(headers={"x-http-method-override": "DELETE"})
    for asked in (POST, disguised):
        got = house.visit(View(), session, asked)
        assert (got.status, code(got)) == (403, "read_only")
    assert "view" not in house.events


def test_a_session_that_is_over_serves_nothing_and_says_why(house: House) -> None:
    session = house.open()
    house.gateway.revoke(session.id, EndCause.REVOKED)
    got = house.visit(View(), session)
    assert (got.status, code(got)) == (401, "session_over")
    assert json.loads(got.body)["cause"] == "revoked"
    assert "view" not in house.events


def test_an_unknown_token_is_never_served_as_the_agent(house: House) -> None:
    cookie = {"cookie": "session=agent; __Host-understudy=uss_nobody"}
    got = house.visit(View(), None, Asked(headers=cookie))
    assert (got.status, code(got)) == (401, "session_over")
    assert "view" not in house.events


def test_without_the_services_word_nothing_is_served(house: House) -> None:
    session = house.open()
    house.gateway.reachable = False
    got = house.visit(View(), session)
    assert (got.status, code(got)) == (503, "unavailable")
    assert got.header("retry-after") == ["1"]
    assert "view" not in house.events


def test_two_identities_in_one_request_are_refused(house: House) -> None:
    got = house.visit(View(), house.open(), Asked(headers={"authorization": "Bearer x"}))
    assert (got.status, code(got)) == (400, "ambiguous_credentials")
    assert house.events == []


def test_two_overlays_in_one_request_are_refused(house: House) -> None:
    cookie = {"cookie": "__Host-understudy=uss_a; __Host-understudy=uss_b"}
    got = house.visit(View(), None, Asked(headers=cookie))
    assert (got.status, code(got)) == (400, "duplicate_cookie")
    assert house.events == []


def test_a_user_who_is_not_the_subject_is_not_served_and_ends_the_session(house: House) -> None:
    for found in (None, User("7")):
        session = house.open(subject_id="42")
        house.load_user = lambda _, found=found: found
        got = house.visit(View(), session, POST)
        assert (got.status, code(got)) == (401, "identity_not_applied")
        assert house.gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED
        assert [action.phase for action in house.actions(session)] == [Phase.BLOCKED]
    assert "view" not in house.events
    assert "intended" not in house.events


def test_an_app_that_settles_on_somebody_else_shows_nothing_and_ends_the_session(
    house: House,
) -> None:
    house.load_user = None
    session, view = house.open(subject_id="42"), View(settles_on=User("7"))
    got = house.visit(view, session)
    assert (got.status, code(got)) == (401, "identity_not_applied")
    assert house.gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED
    assert [action.rule for action in house.actions(session)] == ["identity_not_applied"]


def test_a_forbidden_view_is_refused_and_the_intent_told_so(house: House) -> None:
    session = house.open()
    got = house.visit(View(forbidden=True), session, POST)
    intended, blocked = house.actions(session, at_least=2)
    assert (got.status, code(got)) == (403, "forbidden_while_impersonating")
    assert (intended.id, blocked.phase) == (blocked.id, Phase.BLOCKED)


def test_a_framework_that_makes_an_error_page_of_a_refusal_does_not_get_away_with_it(
    house: House,
) -> None:
    view = View(status=500, parts=(b"Internal Server Error",), before=swallowed_refusal)
    got = house.visit(view, house.open())
    assert (got.status, code(got)) == (403, "forbidden_while_impersonating")


def test_an_error_of_the_app_stays_one_and_is_recorded(house: House) -> None:
    session = house.open()
    got = house.visit(View(fails=True), session)
    assert isinstance(got.error, LookupError)
    assert [action.status for action in house.actions(session)] == [500]
    assert (got.status, json.loads(got.body)["code"]) == (500, "app_failed")
    assert got.header("cache-control") == ["no-store"]
    assert got.header("understudy-impersonation") == ["1"]


def test_an_error_before_a_held_page_has_gone_out_is_recorded_as_one(house: House) -> None:
    def fail() -> None:
        raise LookupError("a bug in the app")

    session = house.open()
    parts = (b"<!doctype html><ht", b"ml><body>hello</body>")
    got = house.visit(View(parts=parts, between=fail), session, DOCUMENT)
    assert isinstance(got.error, LookupError)
    assert (got.status, got.header("cache-control")) == (500, ["no-store"])
    assert b"<understudy-banner" in got.body
    assert b"It may have changed something" in got.body
    assert b"Nothing was changed" not in got.body
    assert [action.status for action in house.actions(session)] == [500]


def test_an_error_behind_the_first_part_keeps_the_status_that_went_out(house: House) -> None:
    def fail() -> None:
        raise LookupError("a bug in the app")

    session = house.open()
    got = house.visit(View(parts=(PAGE, b"more"), between=fail), session)
    assert isinstance(got.error, LookupError)
    assert (got.parts, got.whole) == ([PAGE], False)
    assert [action.status for action in house.actions(session)] == [200]


def test_what_was_read_when_the_session_ended_is_not_shown(house: House) -> None:
    session = house.open()
    house.visit(View(), session)
    house.gateway.wait_for_followers()
    view = View(parts=(b"secrets",), before=lambda: house.gateway.revoke(session.id))
    got = house.visit(view, session)
    assert (got.status, code(got)) == (401, "session_over")
    assert "secrets" not in got.body.decode()


def test_an_action_that_ran_when_the_session_ended_may_tell_how_it_went(house: House) -> None:
    session = house.open()
    house.visit(View(), session)
    house.gateway.wait_for_followers()
    view = View(parts=(b"done",), before=lambda: house.gateway.revoke(session.id))
    assert house.visit(view, session, POST).body == b"done"


def test_nobody_is_impersonated_behind_the_request(house: House) -> None:
    house.visit(View(parts=(PAGE, b"more")), house.open())
    assert current_impersonation() is None
    view = View()
    house.visit(view, None, Asked(headers={"x-understudy-subject": "42"}))
    assert view.subjects == [None, None]
    assert "x-understudy-subject" not in view.request_headers


def test_users_themselves_do_what_is_forbidden_while_others_are_impersonated(house: House) -> None:
    house.visit(View(), house.open())
    got = house.visit(View(forbidden=True), None)
    assert (got.status, got.body, got.error) == (200, PAGE, None)
