from __future__ import annotations

from dataclasses import replace

from tests.contract.rules.world import HERE, World, named
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import GrantId, OperatorId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.token_kinds import TOKEN_LIFE
from understudy.core.notices.events import EventType
from understudy.core.people.principals import OPERATOR_SESSION_IDLE, OperatorStatus
from understudy.core.rules.application import IMPERSONATION_OFF
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.errors import Conflict, NotFound
from understudy.flows.impersonation.delegate import (
    Delegation,
    HandedOver,
    PresentActor,
    delegate,
    hand_over,
)
from understudy.flows.impersonation.denials import settle_denials
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import Refusal, TokenRefused
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.people.sign_in import SignedIn, begin, sign_out
from understudy.service.table import WIRES


def _signed_in(world: World) -> SignedIn:
    return world.run(lambda unit: begin(unit, world.sam, origin=HERE))


def _present(world: World) -> PresentActor:
    signed_in = _signed_in(world)
    return PresentActor(operator_id=world.sam.id, operator_session_id=signed_in.session.id)


def _handed(world: World, grant: Grant | None = None) -> HandedOver:
    id_ = (grant or world.granted()).id
    handed = world.run(lambda unit: hand_over(unit, id_, by=world.sam.party, origin=HERE))
    assert isinstance(handed, HandedOver)
    return handed


def _delegate(
    world: World, handed: HandedOver, actor: PresentActor | None
) -> OpenSession | TokenRefused:
    given = Delegation(token=handed.token.token, application=world.application, actor=actor)
    return world.run(lambda unit: delegate(unit, given, kinds=WIRES.token_kinds, origin=HERE))


def _why(world: World) -> list[object]:
    entries = world.entries(EventType.TOKEN_REFUSED, EventType.TOKEN_REPLAYED)
    return [entry.core["rule"] for entry in reversed(entries) if entry.core is not None]


def _a_minute_later(world: World) -> None:
    """Refusals that are alike have their entry by now."""
    world.clock.forward(minutes=1)
    world.run(settle_denials)


def test_a_token_and_its_operator_make_a_session(installation: World) -> None:
    opened = _delegate(installation, _handed(installation), _present(installation))
    assert isinstance(opened, OpenSession)
    assert opened.grant.status is GrantStatus.ACTIVE
    assert opened.grant.actor.ref == installation.sam.actor_ref
    assert opened.subject.id == "ada"


def test_what_is_handed_over_is_for_this_wire_and_a_minute(installation: World) -> None:
    handed = _handed(installation)
    assert handed.token.token not in repr(handed)
    with installation.engine.reading() as reader:
        stored = reader.impersonation_tokens.by_token(handed.token.token)
    assert stored is not None
    assert stored.wire == "delegated"
    assert stored.expires_at == installation.clock.now + TOKEN_LIFE
    assert not installation.exchange(handed.token.token)
    assert _why(installation) == [Refusal.WRONG_WIRE]
    assert _delegate(installation, handed, _present(installation))


def test_handing_over_is_an_entry_that_says_by_whom(installation: World) -> None:
    grant = installation.granted()
    by = installation.application.party
    own = installation.application.id
    installation.run(lambda unit: hand_over(unit, grant.id, by=by, origin=HERE, application_id=own))
    entry = installation.entries(EventType.GRANT_LAUNCHED)[0]
    assert entry.core is not None
    assert entry.core["details"] == {
        "wire": "delegated",
        "by_kind": "application",
        "by_ref": installation.application.id,
    }


def test_a_token_that_comes_alone_or_with_somebody_else_stays_as_it_was(
    installation: World,
) -> None:
    handed, sam = _handed(installation), _present(installation)
    for actor in (None, replace(sam, operator_id=OperatorId("opr_other"))):
        assert not _delegate(installation, handed, actor)
    assert _delegate(installation, handed, sam)
    _a_minute_later(installation)
    assert _why(installation) == [Refusal.NOT_BOUND, Refusal.NOT_BOUND]


def test_an_operator_who_has_signed_out_is_not_there(installation: World) -> None:
    handed, signed_in = _handed(installation), _signed_in(installation)
    actor = PresentActor(operator_id=installation.sam.id, operator_session_id=signed_in.session.id)
    installation.run(
        lambda unit: sign_out(unit, signed_in.operator, signed_in.session, origin=HERE)
    )
    # Signed in again somewhere else, which proves nothing about who asks here.
    elsewhere = _present(installation)
    assert not _delegate(installation, handed, actor)
    assert not _delegate(installation, handed, replace(actor, operator_session_id="ops_other"))
    assert _delegate(installation, handed, elsewhere)
    _a_minute_later(installation)
    assert _why(installation) == ["actor_inactive", "actor_inactive"]


def test_an_operator_whose_sign_in_went_idle_is_not_there(installation: World) -> None:
    actor = _present(installation)
    installation.clock.now += OPERATOR_SESSION_IDLE
    assert not _delegate(installation, _handed(installation), actor)
    assert _why(installation) == ["actor_inactive"]


def test_an_operator_who_was_disabled_is_not_there(installation: World) -> None:
    handed, actor = _handed(installation), _present(installation)
    installation.change_operator(status=OperatorStatus.DISABLED)
    assert not _delegate(installation, handed, actor)


def test_a_second_use_ends_the_session_whoever_comes_with_it(installation: World) -> None:
    handed = _handed(installation)
    opened = _delegate(installation, handed, _present(installation))
    assert isinstance(opened, OpenSession)
    assert not _delegate(installation, handed, None)
    assert _why(installation) == [Refusal.REPLAYED]
    assert installation.stored(opened).end_cause is EndCause.TOKEN_REPLAYED


def test_another_application_uses_nothing_up(installation: World) -> None:
    handed, actor = _handed(installation), _present(installation)
    stolen = Delegation(
        token=handed.token.token, application=installation.other_application, actor=actor
    )
    assert not installation.run(
        lambda unit: delegate(unit, stolen, kinds=WIRES.token_kinds, origin=HERE)
    )
    assert _why(installation) == [Refusal.FOREIGN]
    assert _delegate(installation, handed, actor)


def test_the_rules_hold_when_a_grant_is_handed_over(installation: World) -> None:
    grant = installation.granted()
    installation.set_up_application(impersonation_allowed=False)
    denied = installation.run(
        lambda unit: hand_over(unit, grant.id, by=installation.sam.party, origin=HERE)
    )
    assert isinstance(denied, Denied)
    assert denied.rule is IMPERSONATION_OFF
    assert installation.entries(EventType.GRANT_DENIED)[0].core is not None


def test_a_grant_that_has_run_out_is_not_handed_over(installation: World) -> None:
    grant = installation.granted()
    installation.clock.now = grant.expires_at
    denied = installation.run(
        lambda unit: hand_over(unit, grant.id, by=installation.sam.party, origin=HERE)
    )
    assert isinstance(denied, Denied)
    assert denied.rule is GRANT_CLOSED


def test_the_rules_hold_when_it_comes_back(installation: World) -> None:
    handed, actor = _handed(installation), _present(installation)
    installation.save_subject(id="ada", protected=True, organization_id="acme")
    assert not _delegate(installation, handed, actor)
    assert _why(installation) == ["subject_protected"]


def test_a_grant_is_handed_to_its_own_operator_and_application_only(installation: World) -> None:
    grant = installation.granted()
    other = installation.other_application.id
    for bounds in ({"operator_id": "opr_other"}, {"application_id": other}):
        with refusal_of(NotFound, "not_found"):
            installation.run(
                lambda unit, bounds=bounds: hand_over(  # type: ignore[misc]
                    unit, grant.id, by=installation.sam.party, origin=HERE, **bounds
                )
            )
    with refusal_of(NotFound, "not_found"):
        installation.run(
            lambda unit: hand_over(
                unit, GrantId("grt_none"), by=installation.sam.party, origin=HERE
            )
        )


def test_an_actor_named_by_the_application_has_no_sign_in_to_prove(installation: World) -> None:
    grant = installation.granted(actor=named())
    with refusal_of(Conflict, "conflict"):
        installation.run(
            lambda unit: hand_over(unit, grant.id, by=installation.application.party, origin=HERE)
        )
