"""An entry names who did it, beside the actor whose session or grant it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.rules.world import HERE, World
from tests.unit.flows.at_browser import colleague
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import OperatorStatus
from understudy.core.ports import Entry, EntryFilter, SessionFilter
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.expire import expire
from understudy.flows.impersonation.premises import end_fallen
from understudy.flows.people import team


def told(entry: Entry) -> Mapping[str, Any]:
    """Both halves of an entry as one."""
    return {**(entry.core or {}), **(entry.personal or {})}


def only(world: World, event_type: EventType) -> Mapping[str, Any]:
    """The one entry of its type; its actor is always the session's own."""
    (entry,) = world.entries(event_type)
    assert told(entry)["actor_ref"] == world.sam.actor_ref
    return told(entry)


def test_whoever_revokes_a_session_is_its_doer_and_is_found_by_it(installation: World) -> None:
    opened, mara = installation.session(), colleague(installation)
    installation.run(
        lambda unit: end(
            unit, opened.session.id, cause=EndCause.REVOKED, by=mara.party, origin=HERE
        )
    )
    revoked = only(installation, EventType.SESSION_REVOKED)
    assert (revoked["doer_kind"], revoked["doer_ref"]) == ("operator", mara.id)
    assert (revoked["doer_email"], revoked["doer_name"]) == (mara.email, mara.name)
    assert revoked["address"] == HERE.address
    kind = frozenset({EventType.SESSION_REVOKED})
    with installation.engine.reading() as reader:
        for who in (mara.actor_ref, installation.sam.actor_ref):
            found = reader.entries.search(EntryFilter(actor_ref=who, types=kind))
            assert [told(one)["doer_ref"] for one in found] == [mara.id]


def test_whoever_cancels_a_grant_is_its_doer(installation: World) -> None:
    opened, mara = installation.session(), colleague(installation)
    installation.run(
        lambda unit: cancel(unit, opened.grant.id, by=mara.party, origin=HERE),
    )
    for kind in (EventType.SESSION_REVOKED, EventType.GRANT_CANCELLED):
        assert only(installation, kind)["doer_ref"] == mara.id


def test_what_an_actor_does_has_no_doer_beside_them(installation: World) -> None:
    opened, grant = installation.session(), installation.granted("bob")
    sam = installation.sam.party
    installation.run(
        lambda unit: end(
            unit, opened.session.id, cause=EndCause.ENDED_BY_ACTOR, by=sam, origin=HERE
        )
    )
    installation.run(lambda unit: cancel(unit, grant.id, by=sam, origin=HERE))
    for kind in (EventType.SESSION_ENDED, EventType.GRANT_CANCELLED):
        assert "doer_kind" not in only(installation, kind)


def test_an_end_that_the_app_passes_on_is_its_actors_doing(installation: World) -> None:
    opened, app = installation.session(), installation.application.party
    installation.run(
        lambda unit: end(
            unit, opened.session.id, cause=EndCause.ENDED_BY_ACTOR, by=app, origin=HERE
        )
    )
    assert "doer_kind" not in only(installation, EventType.SESSION_ENDED)


def test_what_time_ended_is_nobodys_doing_whoever_noticed(installation: World) -> None:
    opened, mara = installation.session(), colleague(installation)
    installation.granted("bob")
    installation.clock.forward(minutes=20)
    installation.run(
        lambda unit: end(
            unit, opened.session.id, cause=EndCause.REVOKED, by=mara.party, origin=HERE
        )
    )
    installation.run(expire)
    for kind in (EventType.SESSION_EXPIRED, EventType.GRANT_EXPIRED):
        entry = only(installation, kind)
        assert (entry["doer_kind"], "address" in entry) == ("system", False)


def test_what_a_rule_ended_at_a_look_is_nobodys_doing_either(installation: World) -> None:
    opened = installation.session()
    installation.save_subject(id="ada", protected=True)
    installation.run(lambda unit: end_fallen(unit, SessionFilter(), by=SYSTEM, origin=HERE))
    assert not installation.refresh(opened)
    entry = only(installation, EventType.SESSION_REVOKED)
    assert (entry["doer_kind"], "address" in entry) == ("system", False)


def test_whoever_disables_an_operator_is_the_doer_of_what_ends_with_it(
    installation: World,
) -> None:
    mara = colleague(installation)
    installation.session()
    installation.granted("bob")
    change = team.OperatorChange(status=OperatorStatus.DISABLED)
    installation.run(
        lambda unit: team.update(unit, installation.sam.id, change, by=mara.party, origin=HERE)
    )
    for kind in (EventType.SESSION_REVOKED, EventType.GRANT_CANCELLED):
        for entry in installation.entries(kind):
            assert told(entry)["doer_ref"] == mara.id


def test_a_token_that_is_refused_was_presented_by_its_application(installation: World) -> None:
    token = installation.token(installation.granted())
    assert installation.exchange(token)
    assert not installation.exchange(token)
    for kind in (EventType.TOKEN_REPLAYED, EventType.SESSION_REVOKED):
        entry = only(installation, kind)
        assert (entry["doer_kind"], entry["doer_ref"]) == (
            "application",
            installation.application.id,
        )
