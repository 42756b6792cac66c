"""The three gateways are one port: whatever an app asks, it hears the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.gateways.places import HIDDEN, RULE, Place
from understudy.core.governance.unlocks import Write
from understudy.core.impersonation.restrictions import Restrictions, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.redaction.lifted import Lifted, Shown
from understudy.errors import (
    Conflict,
    IdempotencyConflict,
    NotFound,
    Refused,
    SessionOver,
    TokenInvalid,
    UnderstudyError,
)
from understudy.sdk.asks import Ask
from understudy.sdk.cleaning import clean_action
from understudy.sdk.problems import cause_of
from understudy.sdk.secret import Secret
from understudy.sdk.unlock.values import Spent
from understudy.sdk.user_says import Deed, UserSays
from understudy.sdk.values import (
    Actor,
    Beat,
    Opened,
    Phase,
    Presented,
    RecordedAction,
    SessionClosed,
    Wire,
)

MINUTE = timedelta(minutes=1)
ATTEMPT = Secret("A" * 22)
OTHER_WIRES = [Wire.STYTCH, Wire.CLERK]


def action(place: Place, phase: Phase = Phase.COMPLETED) -> RecordedAction:
    return RecordedAction("action-1", phase, place.clock(), "POST", "/orders")


def ask(subject_id: str = "ada", **changes: Any) -> Ask:
    """What Kim of the app's staff asks for."""
    kim = Actor(id="staff-7", email="kim@app.example", name="Kim")
    ready = Ask(actor=kim, subject_id=subject_id, reason=" Cannot see the invoice ")
    return replace(ready, **changes)


def refused_by(place: Place, asked: Ask) -> str:
    """The rule that says no."""
    with pytest.raises(Refused) as error:
        place.gateway.request(asked)
    assert error.value.code == "refused"
    return error.value.rule


def refused(place: Place, presented: Presented) -> None:
    with pytest.raises(TokenInvalid) as error:
        place.gateway.exchange(presented)
    assert error.value.code == "token_invalid"


def over(place: Place, opened: Opened) -> EndCause | None:
    """Why a refresh is refused."""
    with pytest.raises(SessionOver) as error:
        place.gateway.refresh(opened.session_token)
    assert error.value.code == "session_over"
    return cause_of(error.value)


def test_a_token_is_exchanged_for_a_session_with_its_limits(place: Place) -> None:
    opened = place.gateway.exchange(place.token(minutes=20))
    session = opened.session
    assert (session.subject.id, session.started_at) == ("ada", place.clock())
    assert session.restrictions == Restrictions(
        scope=Scope.FULL, blocked_actions=(RULE,), redaction=HIDDEN, unlocks=True
    )
    assert opened.server_time == place.clock()
    assert opened.remaining == 20 * MINUTE
    assert opened.idle_remaining == opened.idle_limit == 10 * MINUTE
    assert opened.lease == opened.lease_expires_at - opened.server_time == 5 * MINUTE


def test_the_scope_travels_with_the_session(place: Place) -> None:
    opened = place.gateway.exchange(place.token(scope=Scope.READ_ONLY))
    assert opened.session.restrictions.scope is Scope.READ_ONLY


def test_the_origin_travels_with_the_session(place: Place) -> None:
    assert place.gateway.exchange(place.token()).session.origin is None
    presented, origin = place.elsewhere()
    opened = place.gateway.exchange(presented)
    again = place.gateway.refresh(opened.session_token)
    assert opened.session.origin == again.session.origin == origin


def test_a_refresh_tells_the_same_and_prolongs_nothing(place: Place) -> None:
    opened = place.gateway.exchange(place.token())
    place.clock.forward(minutes=3)
    again = place.gateway.refresh(opened.session_token)
    assert (again.session, again.session_token) == (opened.session, opened.session_token)
    assert again.remaining == 27 * MINUTE
    assert again.idle_remaining == 7 * MINUTE


def test_near_the_end_neither_lease_nor_idle_limit_reach_beyond_it(place: Place) -> None:
    opened = place.gateway.exchange(place.token(minutes=4))
    assert opened.idle_remaining == opened.idle_limit == opened.lease == 4 * MINUTE


def test_an_action_puts_the_idle_end_off_and_never_the_end(place: Place) -> None:
    opened = place.gateway.exchange(place.token(minutes=20))
    place.clock.forward(minutes=9)
    place.gateway.record(opened.session.id, [action(place)], key="1")
    again = place.gateway.refresh(opened.session_token)
    assert again.session.last_active_at == place.clock()
    assert again.idle_remaining == 10 * MINUTE
    place.clock.forward(minutes=9)
    place.gateway.record(opened.session.id, [action(place)], key="2")
    assert place.gateway.refresh(opened.session_token).idle_remaining == 2 * MINUTE


def test_a_token_is_exchanged_once_and_a_second_use_ends_the_session(place: Place) -> None:
    token = place.token()
    opened = place.gateway.exchange(token)
    refused(place, token)
    assert over(place, opened) is EndCause.TOKEN_REPLAYED


@pytest.mark.parametrize("kind", ["token", "code", "stytch", "clerk"])
def test_the_same_attempt_gets_the_same_session_for_a_minute(place: Place, kind: str) -> None:
    token = _attempted(place, kind)
    opened = place.gateway.exchange(token)
    place.clock.forward(seconds=59)
    again = place.gateway.exchange(token)
    assert (again.session_token, again.session.id) == (opened.session_token, opened.session.id)
    assert again.session.ends_at == opened.session.ends_at
    place.clock.forward(seconds=1)
    refused(place, token)


@pytest.mark.parametrize(
    "other",
    [
        {"attempt": Secret("B" * 22)},
        {"attempt": None},
        {"wire": Wire.STYTCH},
        {"code_verifier": Secret("x" * 43)},
        {"code_verifier": None, "redirect_uri": None},
        {"redirect_uri": "https://app.example/elsewhere"},
    ],
)
def test_anything_else_is_a_second_use_whoever_names_the_attempt(
    place: Place, other: dict[str, Any]
) -> None:
    token = _attempted(place, "code")
    opened = place.gateway.exchange(token)
    refused(place, replace(token, **other))
    assert over(place, opened) is EndCause.TOKEN_REPLAYED


def test_an_attempt_at_what_was_exchanged_without_one_is_a_second_use(place: Place) -> None:
    token = place.token()
    opened = place.gateway.exchange(token)
    refused(place, replace(token, attempt=ATTEMPT))
    assert over(place, opened) is EndCause.TOKEN_REPLAYED


def test_an_attempt_brings_no_session_back(place: Place) -> None:
    token = _attempted(place, "token")
    opened = place.gateway.exchange(token)
    place.end(opened, EndCause.REVOKED)
    refused(place, token)
    assert over(place, opened) is EndCause.REVOKED


def _attempted(place: Place, kind: str) -> Presented:
    """What is presented under a name; on another wire where ``kind`` is one."""
    if kind == "code":
        return replace(place.code(), attempt=ATTEMPT)
    return replace(
        place.token(wire=Wire.NATIVE if kind == "token" else Wire(kind)), attempt=ATTEMPT
    )


def test_what_staff_ask_for_becomes_a_session_in_their_name(place: Place) -> None:
    asked = ask(minutes=20, ticket=" T-1 ", scope=Scope.READ_ONLY)
    granted = place.gateway.request(asked)
    opened = place.gateway.exchange(Presented(token=granted.token))
    session = opened.session
    assert session.actor == asked.actor
    assert (session.subject.id, session.grant_id) == ("ada", granted.grant_id)
    assert (session.reason, session.ticket) == ("Cannot see the invoice", "T-1")
    assert session.restrictions.scope is Scope.READ_ONLY
    assert opened.remaining == 20 * MINUTE
    refused(place, Presented(token=granted.token))


def test_what_is_not_asked_for_is_as_the_application_sets_it(place: Place) -> None:
    granted = place.gateway.request(ask(actor=Actor(id="staff-7")))
    opened = place.gateway.exchange(Presented(token=granted.token))
    assert opened.session.actor == Actor(id="staff-7", email=None, name=None)
    assert (opened.session.ticket, opened.remaining) == (None, 30 * MINUTE)
    assert (opened.session.restrictions.scope, granted.origin) == (Scope.FULL, None)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"subject_id": "nobody"}, "subject_unknown"),
        ({"subject_id": "vip"}, "subject_protected"),
        ({"subject_id": "boss"}, "subject_outranks"),
        ({"subject_id": "gone"}, "subject_inactive"),
        ({"actor": Actor(id="ada")}, "subject_is_actor"),
        ({"actor": Actor(id="7", email="ADA@acme.example")}, "subject_is_actor"),
        ({"reason": "  "}, "reason_missing"),
        ({"reason": "too short"}, "reason_too_short"),
        ({"reason": "x" * 1001}, "reason_too_long"),
        ({"reason": "Cannot see\x07the invoice"}, "reason_not_text"),
        ({"ticket": "x" * 201}, "ticket_too_long"),
        ({"minutes": 0}, "minutes_out_of_range"),
        ({"minutes": 61}, "minutes_out_of_range"),
    ],
)
def test_what_staff_ask_for_is_judged_by_the_rules(
    place: Place, changes: dict[str, Any], rule: str
) -> None:
    assert refused_by(place, ask(**changes)) == rule


def test_nobody_asks_in_the_name_of_a_user_who_is_being_impersonated(place: Place) -> None:
    place.gateway.exchange(place.token())
    assert refused_by(place, ask("bob", actor=Actor(id="ada"))) == "nested"


def test_the_origin_of_what_staff_ask_for_is_told_with_its_token(place: Place) -> None:
    place.live_elsewhere()
    granted = place.gateway.request(ask())
    opened = place.gateway.exchange(Presented(token=granted.token))
    assert granted.origin is not None
    assert opened.session.origin == granted.origin


@pytest.mark.parametrize("wire", OTHER_WIRES)
def test_on_the_other_wires_a_second_use_is_refused_alone(place: Place, wire: Wire) -> None:
    token = place.token(wire=wire)
    opened = place.gateway.exchange(token)
    refused(place, token)
    assert place.gateway.refresh(opened.session_token).session == opened.session


@pytest.mark.parametrize("wire", Wire)
def test_a_token_is_taken_on_its_own_wire_alone_and_not_used_up_elsewhere(
    place: Place, wire: Wire
) -> None:
    token = place.token(wire=wire)
    for other in set(Wire) - {wire}:
        refused(place, replace(token, wire=other))
    assert place.gateway.exchange(token).session.subject.id == "ada"


def test_a_code_is_taken_with_what_it_is_bound_to(place: Place) -> None:
    assert place.gateway.exchange(place.code()).session.subject.id == "ada"


@pytest.mark.parametrize(
    "wrong", [{"code_verifier": Secret("w" * 43)}, {"redirect_uri": "https://elsewhere.example/"}]
)
def test_a_code_that_was_stolen_is_used_up(place: Place, wrong: dict[str, object]) -> None:
    code = place.code()
    refused(place, replace(code, **wrong))  # type: ignore[arg-type]
    refused(place, code)


def test_a_code_without_its_verifier_is_no_code_and_not_used_up(place: Place) -> None:
    code = place.code()
    refused(place, Presented(token=code.token))
    assert place.gateway.exchange(code).session.subject.id == "ada"


@pytest.mark.parametrize(("wire", "seconds"), [(Wire.NATIVE, 60), (Wire.STYTCH, 300)])
def test_a_token_is_dead_at_its_very_end(place: Place, wire: Wire, seconds: int) -> None:
    late, in_time = place.token(wire=wire), place.token(wire=wire)
    place.clock.forward(seconds=seconds - 1)
    assert place.gateway.exchange(in_time).session.subject.id == "ada"
    place.clock.forward(seconds=1)
    refused(place, late)


def test_an_unknown_token_is_refused(place: Place) -> None:
    refused(place, Presented(token=Secret("usi_unknown")))
    with pytest.raises(TokenInvalid) as error:
        place.gateway.refresh(Secret("uss_unknown"))
    assert error.value.code == "token_invalid"


@pytest.mark.parametrize("cause", EndCause)
def test_a_session_that_is_over_says_why(place: Place, cause: EndCause) -> None:
    opened = place.gateway.exchange(place.token())
    place.end(opened, cause)
    assert over(place, opened) is cause


@pytest.mark.parametrize(("minutes", "cause"), [(9, EndCause.TIME_LIMIT), (30, EndCause.IDLE)])
def test_a_limit_ends_a_session_at_its_very_second(
    place: Place, minutes: int, cause: EndCause
) -> None:
    opened = place.gateway.exchange(place.token(minutes=minutes))
    limit = min(minutes, 10)
    place.clock.forward(minutes=limit, seconds=-1)
    assert place.gateway.refresh(opened.session_token).session.id == opened.session.id
    place.clock.forward(seconds=1)
    assert over(place, opened) is cause


def test_the_first_end_counts(place: Place) -> None:
    opened = place.gateway.exchange(place.token())
    place.gateway.end(opened.session.id, EndCause.ENDED_BY_ACTOR)
    place.gateway.end(opened.session.id, EndCause.IDENTITY_NOT_APPLIED)
    assert over(place, opened) is EndCause.ENDED_BY_ACTOR


def test_ending_what_nobody_knows_is_harmless(place: Place) -> None:
    place.gateway.end("ses_unknown", EndCause.ENDED_BY_ACTOR)


def test_a_batch_that_comes_again_is_written_once(place: Place) -> None:
    opened = place.gateway.exchange(place.token())
    batch = [action(place, Phase.INTENDED), action(place)]
    for _ in range(2):
        place.gateway.record(opened.session.id, batch, key="same")
    place.gateway.record(opened.session.id, [action(place, Phase.BLOCKED)], key="other")
    assert place.recorded(opened) == ["intended", "completed", "blocked"]


def test_parts_of_what_was_written_as_a_whole_are_not_written_again(place: Place) -> None:
    opened = place.gateway.exchange(place.token())
    batch = [action(place, Phase.BLOCKED), action(place)]
    place.gateway.record(opened.session.id, batch, key="whole")
    for number, part in enumerate(batch):
        place.gateway.record(opened.session.id, [part], key=f"whole;part={number}")
    place.gateway.record(opened.session.id, batch[:1], key="whole;part=0;part=0")
    assert place.recorded(opened) == ["blocked", "completed"]


def test_what_was_written_in_parts_is_not_written_as_a_whole(place: Place) -> None:
    opened = place.gateway.exchange(place.token())
    batch = [action(place, Phase.BLOCKED), action(place)]
    place.gateway.record(opened.session.id, batch[:1], key="whole;part=0")
    with pytest.raises(IdempotencyConflict) as error:
        place.gateway.record(opened.session.id, batch, key="whole")
    assert error.value.code == "idempotency_conflict"
    place.gateway.record(opened.session.id, batch[1:], key="whole;part=1")
    assert place.recorded(opened) == ["blocked", "completed"]


def test_a_key_stands_for_one_batch(place: Place) -> None:
    opened = place.gateway.exchange(place.token())
    place.gateway.record(opened.session.id, [action(place)], key="same")
    with pytest.raises(IdempotencyConflict) as error:
        place.gateway.record(opened.session.id, [action(place, Phase.BLOCKED)], key="same")
    assert error.value.code == "idempotency_conflict"


@pytest.mark.parametrize("how", ["ended", "too long"])
def test_nothing_begins_in_a_session_that_is_over_and_what_was_done_is_written(
    place: Place, how: str
) -> None:
    opened = place.gateway.exchange(place.token())
    if how == "ended":
        place.gateway.end(opened.session.id, EndCause.ENDED_BY_ACTOR)
    else:
        place.clock.forward(minutes=10)
    with pytest.raises(SessionOver) as error:
        place.gateway.record(opened.session.id, [action(place, Phase.INTENDED)], key="1")
    assert error.value.code == "session_over"
    assert cause_of(error.value) is (EndCause.ENDED_BY_ACTOR if how == "ended" else EndCause.IDLE)
    place.gateway.record(opened.session.id, [action(place)], key="2")
    assert place.recorded(opened) == ["completed"]


def test_nothing_is_recorded_in_a_session_that_nobody_knows(place: Place) -> None:
    with pytest.raises(NotFound) as error:
        place.gateway.record("ses_unknown", [action(place)], key="1")
    assert error.value.code == "not_found"


def test_news_begin_with_a_beat_and_tell_of_an_end_and_its_cause(place: Place) -> None:
    opened = place.gateway.exchange(place.token())
    news = place.gateway.follow(None)
    first = next(news)
    place.end(opened, EndCause.REVOKED)
    told = next(found for found in news if not isinstance(found, Beat))
    news.close()  # type: ignore[attr-defined]
    assert isinstance(first, Beat)
    assert isinstance(told, SessionClosed)
    assert (told.session_id, told.cause) == (opened.session.id, EndCause.REVOKED)
    assert told.event_id is not None


def test_refusals_are_errors_of_our_own_tree(place: Place) -> None:
    for call in (
        lambda: place.gateway.refresh(Secret("uss_unknown")),
        lambda: place.gateway.record("ses_unknown", [action(place)], key="1"),
    ):
        with pytest.raises(UnderstudyError):
            call()


def test_what_a_browser_made_up_is_recorded_by_every_gateway_once_it_is_cleaned(
    place: Place,
) -> None:
    opened = place.gateway.exchange(place.token())
    odd = [
        clean_action(action(place)._replace(id=f"action-{number}", method=method, path=path))
        for number, (method, path) in enumerate(
            [("GET", "/x\x00"), ("M" * 40, "/"), ("GET", "/" + "\ud800" * 3000), ("GET", "")]
        )
    ]
    place.gateway.record(opened.session.id, odd, key="odd")
    place.gateway.record(opened.session.id, odd, key="odd")
    assert place.gateway.refresh(opened.session_token).session.id == opened.session.id


def test_one_change_that_was_allowed_is_spent_once(place: Place) -> None:
    opened = place.gateway.exchange(place.token(scope=Scope.READ_ONLY))
    session_id = opened.session.id
    write = Write(method="POST", host="app.example", path="/plan", media_type="")
    asked = place.gateway.ask_unlock(session_id, write, reason="The customer wants it so")
    assert asked.status == "asked"
    assert place.gateway.spend(session_id, write) == Spent(spent=False)
    place.allow(opened, asked, write)
    assert not place.gateway.spend(session_id, replace(write, path="/other")).spent
    assert place.gateway.spend(session_id, write) == Spent(spent=True)
    assert not place.gateway.spend(session_id, write).spent
    place.end(opened, EndCause.REVOKED)
    with pytest.raises(SessionOver):
        place.gateway.spend(session_id, write)


def says(deed: Deed, target: str = "", **facts: object) -> UserSays:
    return UserSays(subject_id="ada", deed=deed, target=target, facts=facts)


def test_a_user_looks_at_what_they_are_asked_and_at_who_was_there(place: Place) -> None:
    state = place.gateway.tell(says(Deed.STATE))
    assert (state["mode"], state["consents"], state["requests"]) == ("off", [], [])
    assert place.gateway.tell(says(Deed.HISTORY))["items"] == []


@pytest.mark.parametrize("deed", [Deed.ALLOW, Deed.DECLINE, Deed.CODE])
def test_a_user_answers_what_they_are_asked_alone(place: Place, deed: Deed) -> None:
    with pytest.raises(NotFound) as error:
        place.gateway.tell(says(deed, "csr_none"))
    assert error.value.code == "not_found"


def test_a_user_agrees_where_that_is_asked_for_and_takes_back_anywhere(place: Place) -> None:
    with pytest.raises(Conflict) as error:
        place.gateway.tell(says(Deed.AGREE, days=3, scope="read_only"))
    assert error.value.code == "conflict"
    assert "consents" in place.gateway.tell(says(Deed.WITHDRAW))


LIFTED = Lifted(kind="field", match="iban", path="/customers/7")


def test_what_is_revealed_is_told_with_the_session_until_its_time(place: Place) -> None:
    opened = place.gateway.exchange(place.token())
    assert opened.session.restrictions.reveals == ()
    shown = place.gateway.reveal(opened.session.id, LIFTED, reason="The customer reads it out")
    assert shown == Shown(lifted=LIFTED, until=place.clock() + 10 * MINUTE)
    again = place.gateway.refresh(opened.session_token)
    assert again.session.restrictions.reveals == (shown,)


def test_what_may_not_be_revealed_is_refused_by_its_rule(place: Place) -> None:
    opened = place.gateway.exchange(place.token())
    hidden = replace(LIFTED, kind="path", match="a.*.b")
    with pytest.raises(Refused) as refused:
        place.gateway.reveal(opened.session.id, hidden, reason="The customer reads it out")
    assert refused.value.facts["rule"] == "reveal_not_allowed"
    place.end(opened, EndCause.REVOKED)
    with pytest.raises(SessionOver):
        place.gateway.reveal(opened.session.id, LIFTED, reason="The customer reads it out")
