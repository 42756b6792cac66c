"""Each rule of the design that no setting may break, on both databases.

Rules 2, 9, 10 and 11 also have tests where the service and the SDK enforce them.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.world import HERE, REASON, World, named
from tests.fixtures.refusals import refusal_of
from understudy.core.applications.application import ApplicationSettings, UnrankedRoles, Vertical
from understudy.core.ids import ActorRef, OrganizationId, SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, OperatorStatus, Status
from understudy.core.ports import EntryFilter, GrantFilter, SessionFilter, Unit
from understudy.core.rules.actor import ACTOR_EMAIL_IS_OPERATORS, ACTOR_INACTIVE, NESTED
from understudy.core.rules.application import IMPERSONATION_OFF
from understudy.core.rules.organization import ORGANIZATION_MISMATCH
from understudy.core.rules.request import (
    MINUTES_OUT_OF_RANGE,
    REASON_MISSING,
    REASON_NOT_TEXT,
    REASON_TOO_LONG,
    REASON_TOO_SHORT,
)
from understudy.core.rules.rule import Rule
from understudy.core.rules.subject import (
    SUBJECT_INACTIVE,
    SUBJECT_IS_ACTOR,
    SUBJECT_OUTRANKS,
    SUBJECT_PROTECTED,
    SUBJECT_UNKNOWN,
    SUBJECT_UNRANKED,
)
from understudy.errors import NotFound
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.expire import expire
from understudy.flows.impersonation.open_session import Fallen, OpenSession
from understudy.flows.impersonation.request import Granted, request
from understudy.flows.people import team


def test_rule_01_an_unconfigured_application_permits_nothing(installation: World) -> None:
    fresh = installation.run(
        lambda unit: administer.create(
            unit,
            name="Fresh",
            vertical=Vertical.B2B,
            settings=ApplicationSettings(),
            by=SYSTEM,
            origin=HERE,
        )
    )
    denied = installation.ask(application_id=fresh.application.id)
    assert denied == Denied(rule=IMPERSONATION_OFF)


def test_rule_01_switching_it_off_ends_what_is_live(installation: World) -> None:
    opened = installation.session()
    installation.set_up_application(impersonation_allowed=False)
    assert installation.stored(opened).end_cause is EndCause.IMPERSONATION_OFF


def test_rule_02_an_actor_named_by_the_application_is_shown_as_such(installation: World) -> None:
    installation.granted(actor=named())
    entry = installation.entries(EventType.GRANT_CREATED)[0]
    assert entry.core is not None
    assert entry.core["actor_kind"] == "named_by_application"


def test_rule_02_an_operator_who_is_not_known_acts_for_nobody(installation: World) -> None:
    stranger = replace(Actor.from_operator(installation.sam), ref=ActorRef("opr_nobody"))
    assert installation.ask(actor=stranger) == Denied(rule=ACTOR_INACTIVE)


@pytest.mark.parametrize(
    ("reason", "rule"),
    [
        ("", REASON_MISSING),
        ("   \n ", REASON_MISSING),
        ("   nine ch   ", REASON_TOO_SHORT),
        ("x" * 1001, REASON_TOO_LONG),
        ("a reason with \x07 in it", REASON_NOT_TEXT),
    ],
)
def test_rule_03_a_reason_is_required(installation: World, reason: str, rule: Rule) -> None:
    assert installation.ask(reason=reason) == Denied(rule=rule)
    entry = installation.entries(EventType.GRANT_DENIED)[0]
    assert entry.core is not None
    assert entry.core["rule"] == rule.code


def test_rule_03_the_reason_stands_in_the_entry(installation: World) -> None:
    installation.session()
    entry = installation.entries(EventType.SESSION_STARTED)[0]
    assert entry.personal is not None
    assert entry.personal["reason"] == REASON


@pytest.mark.parametrize(
    ("subject_id", "rule"),
    [
        ("sam-too", SUBJECT_IS_ACTOR),
        ("vip", SUBJECT_PROTECTED),
        ("boss", SUBJECT_OUTRANKS),
        ("gone", SUBJECT_INACTIVE),
        ("nobody", SUBJECT_UNKNOWN),
    ],
)
def test_rule_04_whom_nobody_may_become(installation: World, subject_id: str, rule: Rule) -> None:
    assert installation.ask(subject_id) == Denied(rule=rule)


@pytest.mark.parametrize(
    "carried",
    [
        {"actor_id": "SAM@support.example"},
        {"actor_id": "Sam <sam@support.example>"},
        {"email": "sam@support.example."},
        {"email": "sam@support\u3002example"},
        {"email": "<sam@support.example>"},
        {"email": "s\u200bam@supp\u00adort.example"},
        {"name": "Sam (sam@support.example)", "email": "kim@app.example"},
    ],
    ids=lambda carried: next(iter(carried)),
)
def test_rule_10_a_named_actor_carries_no_operators_address_wherever_and_however(
    installation: World, carried: dict[str, str]
) -> None:
    assert installation.ask(actor=named(**carried)) == Denied(rule=ACTOR_EMAIL_IS_OPERATORS)


def test_rule_10_a_named_actor_carries_no_operators_id(installation: World) -> None:
    sam = installation.sam.id
    assert installation.ask(actor=named(sam)) == Denied(rule=ACTOR_EMAIL_IS_OPERATORS)
    assert installation.ask(actor=named(f" {sam} ")) == Denied(rule=ACTOR_EMAIL_IS_OPERATORS)
    assert isinstance(installation.ask(actor=named("opr_of_ours")), Granted)


def test_rule_10_a_session_ends_once_an_operator_has_its_named_actors_address(
    installation: World,
) -> None:
    kim = replace(installation.vouched_for("kim"), email="kim@app.example")
    opened, other = installation.session(actor=kim), installation.session("bob")
    installation.run(
        lambda unit: team.invite(
            unit,
            email="kim@app.example",
            name="Kim",
            roles=[Role.AUDITOR],
            by=SYSTEM,
            origin=HERE,
        )
    )
    assert installation.stored(opened).end_cause is EndCause.ACTOR_NOT_ALLOWED
    assert installation.stored(other).end_cause is None


def test_rule_10_an_operator_with_an_international_domain_is_found_by_either_spelling(
    installation: World,
) -> None:
    for email, carried in (
        ("a@b\u00fccher.example", "a@xn--bcher-kva.example"),
        ("b@xn--bcher-kva.example", "B <b@b\u00fccher.example.>"),
    ):
        installation.run(
            lambda unit, email=email: team.invite(  # type: ignore[misc]
                unit, email=email, name="A", roles=[Role.AUDITOR], by=SYSTEM, origin=HERE
            )
        )
        denied = installation.ask(actor=named(email=carried))
        assert denied == Denied(rule=ACTOR_EMAIL_IS_OPERATORS)


def test_rule_04_no_nesting_by_another_spelling_of_the_user(installation: World) -> None:
    installation.session("ada")
    assert installation.ask("bob", actor=named("ad\u200ba")) == Denied(rule=NESTED)
    assert installation.ask("bob", actor=named("\uff41da")) == Denied(rule=NESTED)


@pytest.mark.parametrize(
    "role", ["Owner", "org:owner", "member,owner", "member|owner", '["owner"]', "owner member"]
)
def test_rule_04_a_role_outranks_however_the_application_writes_it(
    installation: World, role: str
) -> None:
    installation.save_subject(id="ada", roles=(role,))
    assert installation.ask() == Denied(rule=SUBJECT_OUTRANKS)
    with installation.engine.reading() as reader:
        stored = reader.subjects.get(installation.application.id, SubjectId("ada"))
    assert stored is not None
    assert stored.roles == (role,)


def test_rule_04_roles_without_a_rank_are_refused_once_that_is_decided(
    installation: World,
) -> None:
    installation.save_subject(id="ada", roles=("editor",))
    opened = installation.session()
    installation.set_up_application(unranked_roles=UnrankedRoles.REFUSE)
    assert installation.stored(opened).end_cause is EndCause.SUBJECT_PROTECTED
    assert installation.ask() == Denied(rule=SUBJECT_UNRANKED)
    installation.set_up_application(role_ranks={"editor": 0})
    assert isinstance(installation.ask(), Granted)


def test_rule_04_only_within_the_tenant(installation: World) -> None:
    denied = installation.ask(organization_id="globex")
    assert denied == Denied(rule=ORGANIZATION_MISMATCH)
    opened = installation.session()
    installation.save_subject(id="ada", email="ada@acme.example", organization_id="globex")
    assert installation.stored(opened).end_cause is EndCause.SUBJECT_INACTIVE


def test_rule_04_no_nesting_through_the_application(installation: World) -> None:
    installation.session("ada")
    denied = installation.ask("bob", actor=named("ada"))
    assert denied == Denied(rule=NESTED)


@pytest.mark.parametrize("minutes", [0, -1, 61, 10_000])
def test_rule_05_no_longer_than_sixty_minutes(installation: World, minutes: int) -> None:
    assert installation.ask(minutes=minutes) == Denied(rule=MINUTES_OUT_OF_RANGE)


def test_rule_05_a_session_ends_at_its_very_instant_and_never_later(installation: World) -> None:
    opened = installation.session(minutes=9)
    installation.clock.forward(minutes=9, milliseconds=-1)
    assert isinstance(installation.refresh(opened), OpenSession)
    installation.clock.forward(milliseconds=1)
    over = installation.refresh(opened)
    assert over == Fallen(session_id=opened.session.id, cause=EndCause.TIME_LIMIT)
    installation.run(expire)
    assert installation.stored(opened).end_cause is EndCause.TIME_LIMIT
    assert len(installation.entries(EventType.SESSION_EXPIRED)) == 1


def test_rule_05_an_idle_session_ends(installation: World) -> None:
    opened = installation.session()
    installation.clock.forward(minutes=10)
    installation.run(expire)
    assert installation.stored(opened).end_cause is EndCause.IDLE


def test_rule_05_a_relaunch_does_not_prolong(installation: World) -> None:
    grant = installation.granted(minutes=20)
    first = installation.exchange(installation.token(grant))
    assert isinstance(first, OpenSession)
    installation.clock.forward(minutes=5)
    second = installation.exchange(installation.token(grant))
    assert isinstance(second, OpenSession)
    assert second.session.ends_at == first.session.ends_at
    assert installation.stored(first).end_cause is EndCause.RELAUNCHED


def test_rule_06_a_token_works_once_and_its_replay_revokes(installation: World) -> None:
    token = installation.token(installation.granted())
    opened = installation.exchange(token)
    assert isinstance(opened, OpenSession)
    assert isinstance(installation.exchange(token), TokenRefused)
    assert installation.stored(opened).end_cause is EndCause.TOKEN_REPLAYED
    assert len(installation.entries(EventType.SESSION_STARTED)) == 1
    assert len(installation.entries(EventType.TOKEN_REPLAYED)) == 1


def test_rule_06_a_token_is_dead_at_its_sixtieth_second(installation: World) -> None:
    early, late = (installation.token(installation.granted()) for _ in range(2))
    installation.clock.forward(seconds=59.999)
    assert isinstance(installation.exchange(early), OpenSession)
    installation.clock.forward(milliseconds=1)
    assert isinstance(installation.exchange(late), TokenRefused)


def test_rule_06_another_applications_attempt_leaves_the_token_alone(installation: World) -> None:
    token = installation.token(installation.granted())
    foreign = installation.exchange(token, by=installation.other_application)
    assert isinstance(foreign, TokenRefused)
    opened = installation.exchange(token)
    assert isinstance(opened, OpenSession)
    installation.exchange(token, by=installation.other_application)
    assert installation.stored(opened).end_cause is None


def test_rule_06_tokens_are_stored_only_as_hashes(installation: World) -> None:
    token = installation.token(installation.granted())
    opened = installation.exchange(token)
    assert isinstance(opened, OpenSession)
    with installation.engine.reading() as reader:
        kept = reader.impersonation_tokens.by_token(token)
        session = reader.sessions.get(opened.session.id)
    assert kept is not None
    assert session is not None
    for secret in (token, opened.session_token):
        assert secret not in repr(kept) + repr(session) + str(vars(kept)) + str(vars(session))
    again = installation.refresh(opened)
    assert isinstance(again, OpenSession)
    assert again.session_token == opened.session_token


def test_rule_07_a_change_without_its_entry_does_not_happen(installation: World) -> None:
    ask = ImpersonationRequest(
        application_id=installation.application.id,
        actor=Actor.from_operator(installation.sam),
        subject_id=SubjectId("ada"),
        reason=REASON,
    )

    def broken(unit: Unit) -> None:
        granted = request(unit, ask, origin=HERE)
        assert isinstance(granted, Granted)
        raise NotFound("the process dies here")

    before = len(installation.entries())
    with refusal_of(NotFound, "not_found"):
        installation.run(broken)
    assert len(installation.entries()) == before
    with installation.engine.reading() as reader:
        assert not reader.grants.search(GrantFilter())


def test_rule_08_disabling_an_actor_ends_their_sessions_at_once(installation: World) -> None:
    opened = installation.session()
    installation.change_operator(status=OperatorStatus.DISABLED)
    assert installation.stored(opened).end_cause is EndCause.ACTOR_INACTIVE


def test_rule_08_taking_the_role_away_ends_their_sessions_at_once(installation: World) -> None:
    opened = installation.session()
    installation.change_operator(roles=frozenset({Role.AUDITOR}))
    assert installation.stored(opened).end_cause is EndCause.ACTOR_NOT_ALLOWED


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({"disabled": True}, EndCause.SUBJECT_INACTIVE),
        ({"protected": True}, EndCause.SUBJECT_PROTECTED),
        ({"roles": ("owner",)}, EndCause.SUBJECT_PROTECTED),
        ({"email": "sam@support.example"}, EndCause.SUBJECT_PROTECTED),
    ],
)
def test_rule_08_a_change_of_the_subject_ends_sessions_at_once(
    installation: World, facts: dict[str, object], cause: EndCause
) -> None:
    opened = installation.session()
    installation.save_subject(**{"id": "ada", "organization_id": "acme", **facts})
    assert installation.stored(opened).end_cause is cause


def test_rule_08_deleting_the_subject_or_its_organization_ends_sessions(
    installation: World,
) -> None:
    first = installation.session("ada")
    installation.run(
        lambda unit: maintain.delete_subject(
            unit, installation.application, SubjectId("ada"), by=SYSTEM, origin=HERE
        )
    )
    assert installation.stored(first).end_cause is EndCause.SUBJECT_INACTIVE
    second = installation.session("bob")
    installation.run(
        lambda unit: maintain.delete_organization(
            unit, installation.application, OrganizationId("acme"), by=SYSTEM, origin=HERE
        )
    )
    assert installation.stored(second).end_cause is EndCause.SUBJECT_INACTIVE


def test_rule_08_disabling_the_application_ends_sessions(installation: World) -> None:
    opened = installation.session()
    disabled = replace(installation.application, status=Status.DISABLED)
    installation.run(lambda unit: administer.update(unit, disabled, by=SYSTEM, origin=HERE))
    assert installation.stored(opened).end_cause is EndCause.APPLICATION_INACTIVE


def test_rule_08_everything_is_checked_again_at_the_exchange(installation: World) -> None:
    token = installation.token(installation.granted())
    installation.save_subject(id="ada", organization_id="acme", protected=True)
    refused = installation.exchange(token)
    assert refused == TokenRefused(why=SUBJECT_PROTECTED.code)
    assert not installation.entries(EventType.SESSION_STARTED)


def test_rule_08_a_subject_made_anew_under_the_same_id_is_somebody_else(
    installation: World,
) -> None:
    token = installation.token(installation.granted())
    installation.run(
        lambda unit: maintain.delete_subject(
            unit, installation.application, SubjectId("ada"), by=SYSTEM, origin=HERE
        )
    )
    installation.save_subject(id="ada", email="other@acme.example", organization_id="acme")
    assert installation.exchange(token) == TokenRefused(why=SUBJECT_UNKNOWN.code)


def test_rule_08_one_grant_has_one_live_session(installation: World) -> None:
    grant = installation.granted()
    for _ in range(3):
        assert isinstance(installation.exchange(installation.token(grant)), OpenSession)
    with installation.engine.reading() as reader:
        assert len(reader.sessions.live(SessionFilter(grant_id=grant.id))) == 1


def test_rule_08_an_ended_grant_starts_nothing_more(installation: World) -> None:
    grant = installation.granted()
    token, spare = installation.token(grant), installation.token(grant)
    opened = installation.exchange(token)
    assert isinstance(opened, OpenSession)
    installation.end(opened)
    assert isinstance(installation.exchange(spare), TokenRefused)


def test_rule_10_an_actor_named_by_an_application_cannot_wear_an_operators_address(
    installation: World,
) -> None:
    denied = installation.ask(actor=named(email="SAM@support.example"))
    assert denied == Denied(rule=ACTOR_EMAIL_IS_OPERATORS)


def test_rule_10_an_application_ends_only_its_own_sessions(installation: World) -> None:
    opened = installation.session()
    with refusal_of(NotFound, "not_found"):
        installation.run(
            lambda unit: end(
                unit,
                opened.session.id,
                cause=EndCause.REVOKED,
                by=installation.other_application.party,
                origin=HERE,
                application_id=installation.other_application.id,
            )
        )
    assert installation.stored(opened).end_cause is None


def test_ending_twice_is_no_error_and_one_entry(installation: World) -> None:
    opened = installation.session()
    first = installation.end(opened)
    second = installation.end(opened, EndCause.REVOKED)
    assert first == second
    assert len(installation.entries(EventType.SESSION_ENDED, EventType.SESSION_REVOKED)) == 1


def test_every_entry_of_a_session_names_both_people(installation: World) -> None:
    installation.end(installation.session())
    where = EntryFilter(types=frozenset({EventType.SESSION_STARTED, EventType.SESSION_ENDED}))
    with installation.engine.reading() as reader:
        entries = reader.entries.search(where)
    assert len(entries) == 2
    for entry in entries:
        assert entry.personal is not None
        assert entry.personal["actor_email"] == "sam@support.example"
        assert entry.personal["subject_id"] == "ada"
