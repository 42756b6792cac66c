from __future__ import annotations

from dataclasses import replace

from tests.contract.rules.world import REASON, World, named
from understudy.core.applications.session_origins import SessionOrigins
from understudy.core.impersonation.grants import GRANT_LIFE, GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.notices.events import EventType
from understudy.core.people.principals import Actor
from understudy.core.rules.application import APPLICATION_INACTIVE
from understudy.core.rules.subject import SUBJECT_OUTRANKS, SUBJECT_UNKNOWN
from understudy.flows.impersonation.denied import Denied


def test_a_grant_holds_what_was_asked_trimmed_and_within_limits(installation: World) -> None:
    grant = installation.granted(
        reason=f"  {REASON}\n", ticket=" T-7 ", scope=Scope.READ_ONLY, minutes=7, return_to="/x?y"
    )
    assert (grant.reason, grant.ticket) == (REASON, "T-7")
    assert (grant.scope, grant.minutes, grant.return_to) == (Scope.READ_ONLY, 7, "/x?y")
    assert grant.status is GrantStatus.READY
    assert grant.expires_at == installation.clock.now + GRANT_LIFE
    assert grant.organization_id == "acme"
    with installation.engine.reading() as reader:
        assert reader.grants.get(grant.id) == grant


def test_what_was_not_asked_is_the_applications_default(installation: World) -> None:
    installation.set_up_application(default_minutes=12, default_scope=Scope.READ_ONLY)
    grant = installation.granted()
    assert (grant.minutes, grant.scope, grant.ticket) == (12, Scope.READ_ONLY, None)


def test_a_grant_is_an_entry(installation: World) -> None:
    grant = installation.granted()
    entry = installation.entries()[0]
    assert entry.type == EventType.GRANT_CREATED
    assert entry.core is not None
    assert entry.core["grant_id"] == grant.id
    assert entry.core["details"] == {"scope": "full", "minutes": 30, "status": "ready"}


def test_a_denial_of_somebody_unknown_names_what_was_asked_for(installation: World) -> None:
    assert installation.ask("nobody\u202e" * 50) == Denied(rule=SUBJECT_UNKNOWN)
    entry = installation.entries()[0]
    assert entry.type == EventType.GRANT_DENIED
    assert entry.core is not None
    assert entry.personal is not None
    assert "subject_ref" not in entry.core
    assert entry.personal["subject_id"] == ("nobody\ufffd" * 50)[:255]
    assert entry.personal["reason"] == REASON


def test_a_denial_in_an_unknown_application_names_none(installation: World) -> None:
    denied = installation.ask(application_id="app_nobody")
    assert denied == Denied(rule=APPLICATION_INACTIVE)
    core = installation.entries()[0].core
    assert core is not None
    assert "application_id" not in core


def test_a_denial_is_false_so_that_nobody_takes_it_for_a_grant(installation: World) -> None:
    assert not installation.ask("vip")
    assert installation.ask("ada")


def test_an_actor_named_by_the_application_is_nobody_of_ours(installation: World) -> None:
    grant = installation.granted(actor=named(email="kim@app.example"))
    core = installation.entries()[0].core
    assert core is not None
    assert (core["actor_kind"], core["actor_ref"]) == ("named_by_application", "act_7")
    assert grant.actor.rank == 100


def test_an_operators_rank_counts_as_it_was_asked_with(installation: World) -> None:
    installation.save_subject(id="fin", roles=("finance",), organization_id="acme")
    lowly = replace(Actor.from_operator(installation.sam), rank=10)
    assert installation.ask("fin", actor=lowly) == Denied(rule=SUBJECT_OUTRANKS)
    assert installation.ask("fin", actor=replace(lowly, rank=11))


def test_a_grant_has_an_origin_of_its_own_where_the_application_says_so(
    installation: World,
) -> None:
    assert installation.granted().origin is None
    pattern = "https://*.view.app.example:8443"
    installation.set_up_application(session_origins=pattern)
    first, second = installation.granted(), installation.granted("bob")
    for grant in (first, second):
        assert grant.origin is not None
        assert SessionOrigins.parse(pattern).has(grant.origin)
    assert first.origin != second.origin
    core = installation.entries(EventType.GRANT_CREATED)[0].core
    assert core is not None
    assert core["details"] == {
        "scope": "full",
        "minutes": 30,
        "status": "ready",
        "origin": second.origin,
    }
