from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.rules.approving import Room
from tests.contract.rules.world import REASON, World, world
from tests.fixtures.decision_point import asks, deciding, refuses
from tests.fixtures.refusals import refusal_of
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import LEASE, EndCause
from understudy.core.notices.events import EventType
from understudy.core.ports import GrantFilter
from understudy.embedded.gateway import InProcessGateway
from understudy.errors import LogUnwritable, NotFound, Refused, SessionOver, TokenInvalid
from understudy.flows.impersonation.mint import mint
from understudy.sdk.asks import Ask
from understudy.sdk.secret import Secret
from understudy.sdk.values import (
    Actor,
    Beat,
    Phase,
    Presented,
    RecordedAction,
    RulesChanged,
    SessionClosed,
    Wire,
)
from understudy.service.table import WIRES


def gateway(made: World) -> InProcessGateway:
    return InProcessGateway(made.engine, made.application.id)


def presented(made: World, grant: Grant) -> Presented:
    return Presented(token=Secret(made.token(grant)))


def action(made: World, phase: Phase) -> RecordedAction:
    return RecordedAction(
        id="a" * 16, phase=phase, at=made.clock(), method="POST", path="/invoices/7/remind"
    )


def test_a_decision_point_is_asked_at_request_and_exchange(
    database_url: str, tmp_path: Path
) -> None:
    with world(database_url, tmp_path) as made, deciding() as pdp:
        made.set_up_application(decision_point=pdp.point)
        asking = InProcessGateway(made.engine, made.application.id, ask=asks(made.engine.vault))
        ask = Ask(subject_id="ada", actor=Actor(id="kim", name="Kim"), reason=REASON)
        granted = asking.request(ask)
        token = Presented(token=granted.token)
        pdp.decide = refuses
        with pytest.raises(TokenInvalid):
            asking.exchange(token)
        # One that cannot ask lets nobody pass, either.
        with pytest.raises(Refused) as refused:
            gateway(made).request(ask)
        assert refused.value.rule == "decision_point_refuses"
        assert [one["context"]["moment"] for one in pdp.asked] == ["start", "continue"]


def test_a_session_is_opened_refreshed_recorded_and_ended(
    database_url: str, tmp_path: Path
) -> None:
    with world(database_url, tmp_path) as made:
        port = gateway(made)
        opened = port.exchange(presented(made, made.granted()))
        assert opened.session.subject.id == "ada"
        assert opened.session.actor.email == "sam@support.example"
        assert port.refresh(opened.session_token).session == opened.session
        port.record(opened.session.id, [action(made, Phase.INTENDED)], key="k")
        assert len(made.entries(EventType.ACTION_INTENDED)) == 1
        port.end(opened.session.id, EndCause.ENDED_BY_ACTOR)
        port.end(opened.session.id, EndCause.ENDED_BY_ACTOR)
        for asked_again in (
            lambda: port.refresh(opened.session_token),
            lambda: port.record(opened.session.id, [action(made, Phase.INTENDED)], key="another"),
        ):
            with pytest.raises(SessionOver) as over:
                asked_again()
            assert over.value.facts == {"cause": EndCause.ENDED_BY_ACTOR}


def test_a_lease_is_no_longer_than_what_is_left_of_the_session(
    database_url: str, tmp_path: Path
) -> None:
    with world(database_url, tmp_path) as made:
        port = gateway(made)
        opened = port.exchange(presented(made, made.granted(minutes=7)))
        assert opened.lease_expires_at == made.clock() + LEASE
        made.clock.forward(minutes=3)
        again = port.refresh(opened.session_token)
        assert again.lease_expires_at == again.session.ends_at


def test_a_used_or_unknown_token_opens_nothing(database_url: str, tmp_path: Path) -> None:
    with world(database_url, tmp_path) as made:
        port = gateway(made)
        token = presented(made, made.granted())
        opened = port.exchange(token)
        with refusal_of(TokenInvalid, "token_invalid"):
            port.exchange(token)
        with refusal_of(SessionOver, "session_over", cause="token_replayed"):
            port.refresh(opened.session_token)
        with refusal_of(TokenInvalid, "token_invalid"):
            port.refresh(Secret("uss_unknown"))


@pytest.mark.parametrize("wire", [Wire.STYTCH, Wire.CLERK])
def test_a_token_is_taken_on_its_own_wire_only(
    database_url: str, tmp_path: Path, wire: Wire
) -> None:
    with world(database_url, tmp_path) as made:
        port = gateway(made)
        grant = made.granted()
        token = Secret(
            made.run(lambda unit: mint(unit, grant, kind=WIRES.token_kinds[wire.value])).token
        )
        for other in set(Wire) - {wire}:
            with refusal_of(TokenInvalid, "token_invalid"):
                port.exchange(Presented(token=token, wire=other))
        opened = port.exchange(Presented(token=token, wire=wire))
        with refusal_of(TokenInvalid, "token_invalid"):
            port.exchange(Presented(token=token, wire=wire))
        assert port.refresh(opened.session_token).session == opened.session


def test_a_fallen_premise_ends_the_session_on_refresh(database_url: str, tmp_path: Path) -> None:
    with world(database_url, tmp_path) as made:
        port = gateway(made)
        opened = port.exchange(presented(made, made.granted(minutes=9)))
        made.clock.forward(minutes=9)
        with refusal_of(SessionOver, "session_over", cause="time_limit"):
            port.refresh(opened.session_token)
        assert len(made.entries(EventType.SESSION_EXPIRED)) == 1


def test_over_is_answered_though_nothing_can_be_written(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(flow: object) -> object:
        raise LogUnwritable

    with world(database_url, tmp_path) as made:
        port = gateway(made)
        opened = port.exchange(presented(made, made.granted(minutes=9)))
        made.clock.forward(minutes=9)
        with monkeypatch.context() as outage:
            outage.setattr(made.engine, "run", refuse)
            with pytest.raises(SessionOver) as over:
                port.refresh(opened.session_token)
        assert over.value.facts == {"cause": EndCause.TIME_LIMIT}
        assert not made.entries(EventType.SESSION_EXPIRED)
        with refusal_of(SessionOver, "session_over", cause="time_limit"):
            port.refresh(opened.session_token)
        assert len(made.entries(EventType.SESSION_EXPIRED)) == 1


def test_live_sessions_are_found_by_their_actor(database_url: str, tmp_path: Path) -> None:
    with world(database_url, tmp_path) as made:
        kims = made.session(actor=made.vouched_for("kim")).session.id
        sams = made.session("bob").session.id
        port = gateway(made)
        assert port.sessions_of({"kim", "lee"}) == [kims]
        assert port.sessions_of({made.sam.id}) == [sams]
        port.end(kims, EndCause.REVOKED)
        assert port.sessions_of({"kim"}) == []
        other = InProcessGateway(made.engine, made.other_application.id)
        assert other.sessions_of({made.sam.id}) == []


def test_another_applications_session_is_out_of_reach(database_url: str, tmp_path: Path) -> None:
    with world(database_url, tmp_path) as made:
        opened = gateway(made).exchange(presented(made, made.granted()))
        other = InProcessGateway(made.engine, made.other_application.id)
        other.end(opened.session.id, EndCause.REVOKED)
        assert gateway(made).refresh(opened.session_token).session == opened.session
        with refusal_of(TokenInvalid, "token_invalid"):
            other.refresh(opened.session_token)


def test_an_application_that_is_gone_gets_nothing(database_url: str, tmp_path: Path) -> None:
    with world(database_url, tmp_path) as made:
        port = InProcessGateway(made.engine, "app_nowhere")
        with refusal_of(NotFound, "not_found"):
            port.exchange(Presented(token=Secret("usi_x")))


def test_news_tell_of_an_end_and_beat_in_between(database_url: str, tmp_path: Path) -> None:
    with world(database_url, tmp_path) as made:
        port = gateway(made)
        opened = port.exchange(presented(made, made.granted()))
        before = len(made.entries()) - 1
        made.session("bob")
        port.end(opened.session.id, EndCause.IDENTITY_NOT_APPLIED)
        news = port.follow(str(before))
        told = [next(news), next(news)]
        news.close()  # type: ignore[attr-defined]
        closed = [item for item in told if isinstance(item, SessionClosed)]
        assert [(item.session_id, item.cause) for item in closed] == [
            (opened.session.id, EndCause.IDENTITY_NOT_APPLIED)
        ]
        assert any(isinstance(item, Beat) for item in told)


def test_news_tell_that_the_rules_changed(database_url: str, tmp_path: Path) -> None:
    with world(database_url, tmp_path) as made:
        before = len(made.entries()) - 1
        made.set_up_application(max_minutes=45)
        news = gateway(made).follow(str(before))
        told = [next(news), next(news)]
        news.close()  # type: ignore[attr-defined]
        assert RulesChanged(event_id=str(before + 1)) in told


def test_who_starts_in_the_app_waits_for_others_and_goes_on_once_they_agree(
    database_url: str, tmp_path: Path
) -> None:
    with world(database_url, tmp_path) as made:
        room, port = Room(made), gateway(made)
        ask = Ask(
            actor=Actor(id="staff-7", email=None, name="Kim"), subject_id="ada", reason=REASON
        )
        with refusal_of(Refused, "refused", rule="approval_missing"):
            port.request(ask)
        with made.engine.reading() as reader:
            (waiting,) = reader.grants.search(GrantFilter())
        room.approved(waiting, room.kit)
        granted = port.request(ask)
        assert granted.grant_id == waiting.id
        assert port.exchange(Presented(token=granted.token)).session.subject.id == "ada"
