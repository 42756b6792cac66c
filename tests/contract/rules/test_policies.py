"""What admins write decides among what the fixed rules leave, at every step and moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from tests.contract.rules.approving import details
from tests.contract.rules.world import HERE, World
from tests.integration.proof.place import Sql, connect
from understudy.core.governance.policy_terms import Confirmation, PolicyTerms
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.core.rules.approval import APPROVAL_MISSING, APPROVER_NOT_ALLOWED
from understudy.core.rules.governed import POLICY_FORBIDS
from understudy.core.rules.rule import Rule
from understudy.core.rules.subject import SUBJECT_PROTECTED
from understudy.flows.comparison.compare import compare
from understudy.flows.directory.import_subjects import ImportRow, import_subjects
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.governance.approve import Terms, approve
from understudy.flows.governance.policies import withdraw
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import Fallen, OpenSession, Over
from understudy.flows.impersonation.premises import why_not
from understudy.flows.impersonation.request import Granted
from understudy.flows.people import team
from understudy.http.stream import RulesNews, news_of

ALL = '@id("everybody") permit (principal, action, resource);\n'
NO_ADA = '@id("not-ada") forbid (principal, action, resource == Subject::"ada");\n'
NOT_ADA = ALL + NO_ADA
SHORT = '@id("short") @minutes("10") @scope("read_only") permit (principal, action, resource);\n'
BY_DAY = ALL + (
    '@id("by-day") forbid (principal, action, resource)'
    ' when { context.now.toTime() > duration("17h") };\n'
)
AT_DESK = ALL + (
    '@id("at-desk") forbid (principal, action == Action::"start", resource)'
    ' unless { context has address && context.address.isInRange(ip("192.0.2.0/24")) };\n'
)
LATE = (
    '@id("late") @scope("read_only") @minutes("20") permit (principal, action, resource)'
    ' when { context.now.toTime() > duration("9h5m") };\n'
)
CAREFUL = (
    '@id("careful") @scope("read_only") @minutes("7") permit (principal, action, resource)'
    ' when { resource.roles.contains("finance") };\n'
)
APPROVERS_READ = (
    '@id("approvers") @scope("read_only")'
    ' permit (principal in Role::"approver", action, resource);\n'
)
AGREED = '@id("agreed") @approvals("1") permit (principal, action, resource);\n'


@pytest.fixture
def sql(installation: World, database_url: str) -> Iterator[Sql]:
    with closing(connect(database_url)) as raw:
        yield raw


def test_without_policies_all_is_as_the_settings_say(installation: World) -> None:
    opened = installation.session()
    assert isinstance(installation.refresh(opened), OpenSession)


def test_a_policy_refuses_a_start_and_the_entry_says_which(installation: World) -> None:
    installation.set_policies(NOT_ADA)
    assert installation.ask() == Denied(rule=POLICY_FORBIDS)
    (entry,) = installation.entries(EventType.GRANT_DENIED)
    assert entry.core is not None
    assert entry.core["rule"] == "policy_forbids"
    assert entry.core["details"] == {"policies": "not-ada", "policy_version": 1}
    assert isinstance(installation.ask("bob"), Granted)


def test_no_policy_lifts_a_fixed_rule(installation: World) -> None:
    installation.set_policies(ALL)
    assert installation.ask("vip") == Denied(rule=SUBJECT_PROTECTED)


def test_limits_of_policies_hold_for_grant_and_session(installation: World) -> None:
    installation.set_policies(SHORT)
    grant = installation.granted(minutes=30)
    assert (grant.minutes, grant.scope) == (10, Scope.READ_ONLY)
    opened = installation.session()
    assert opened.restrictions.scope is Scope.READ_ONLY
    assert (opened.session.ends_at - opened.session.started_at).total_seconds() == 600


def test_a_change_of_policies_reaches_what_was_granted_before(installation: World) -> None:
    granted, waiting = installation.granted(), installation.granted("bob")
    token, other = installation.token(granted), installation.token(waiting)
    installation.set_policies(SHORT + NO_ADA)
    assert isinstance(installation.exchange(token), TokenRefused)
    opened = installation.exchange(other)
    assert isinstance(opened, OpenSession)
    assert (opened.grant.minutes, opened.restrictions.scope) == (10, Scope.READ_ONLY)


def test_a_change_of_policies_ends_and_narrows_sessions_in_its_unit(installation: World) -> None:
    ada, bob = installation.session("ada"), installation.session("bob")
    installation.set_policies(SHORT + NO_ADA)
    ended = installation.stored(ada)
    assert ended.end_cause is EndCause.POLICY_FORBIDS
    narrowed = installation.refresh(bob)
    assert isinstance(narrowed, OpenSession)
    assert narrowed.restrictions.scope is Scope.READ_ONLY
    assert (narrowed.session.ends_at - narrowed.session.started_at).total_seconds() == 600


@pytest.mark.parametrize("imported", [False, True])
def test_a_session_is_held_to_what_policies_say_of_whom_its_subject_has_become(
    installation: World, imported: bool
) -> None:
    installation.set_policies(ALL + CAREFUL)
    opened = installation.session("bob")
    facts = SubjectFacts(id=SubjectId("bob"), roles=("finance",))
    if imported:
        rows = [ImportRow(line=1, row=1, facts=facts)]
        installation.run(
            lambda unit: import_subjects(
                unit, installation.application, rows, (), partial=False, by=SYSTEM, origin=HERE
            )
        )
    else:
        installation.save_subject(id="bob", roles=facts.roles)
    # In its unit, with the entry by which guards hear of it.
    (entry,) = installation.entries(EventType.SESSION_NARROWED)
    assert isinstance(news_of(entry), RulesNews)
    assert installation.stored(opened).ends_at == opened.session.started_at + timedelta(minutes=7)
    held = installation.refresh(opened)
    assert isinstance(held, OpenSession)
    assert held.restrictions.scope is Scope.READ_ONLY


def test_a_session_is_held_to_what_policies_say_of_whom_its_actor_has_become(
    installation: World,
) -> None:
    installation.set_policies(ALL + APPROVERS_READ)
    opened = installation.session()
    installation.change_operator(roles=frozenset({Role.SUPPORT_MANAGER, Role.APPROVER}))
    assert len(installation.entries(EventType.SESSION_NARROWED)) == 1
    held = installation.refresh(opened)
    assert isinstance(held, OpenSession)
    assert held.restrictions.scope is Scope.READ_ONLY


def test_a_session_is_held_to_what_policies_say_at_that_hour(installation: World) -> None:
    installation.set_policies(ALL + LATE)
    opened = installation.session()
    for scope, minutes in ((Scope.FULL, 30), (Scope.READ_ONLY, 20)):
        installation.clock.forward(minutes=3)
        held = installation.refresh(opened)
        assert isinstance(held, OpenSession)
        assert held.restrictions.scope is scope
        assert held.session.ends_at == opened.session.started_at + timedelta(minutes=minutes)


def test_policies_are_asked_as_of_each_moment(installation: World) -> None:
    installation.set_policies(BY_DAY)
    installation.clock.forward(hours=7, minutes=55)
    opened = installation.session()
    assert isinstance(installation.refresh(opened), OpenSession)
    installation.clock.forward(minutes=6)
    fallen = installation.refresh(opened)
    assert fallen == Fallen(session_id=opened.session.id, cause=EndCause.POLICY_FORBIDS)
    assert installation.ask("bob") == Denied(rule=POLICY_FORBIDS)


AFTER_FIVE = ALL + (
    '@id("after-five") @minutes("8") @scope("read_only") permit (principal, action, resource)'
    ' when { context.now.toTime() >= duration("17h") };\n'
)
OWNERS = ALL + (
    '@id("owners") @scope("read_only") permit (principal, action, resource)'
    ' when { resource has email && resource.email like "*@owners.example" };\n'
)


def test_a_limit_that_comes_with_the_hour_holds_from_the_next_refresh_on(
    installation: World,
) -> None:
    installation.set_policies(AFTER_FIVE)
    installation.clock.forward(hours=7, minutes=55)
    opened = installation.session()
    assert opened.restrictions.scope is Scope.FULL
    installation.clock.forward(minutes=5)
    narrower = installation.refresh(opened)
    assert isinstance(narrower, OpenSession)
    assert (narrower.grant.scope, narrower.restrictions.scope) == (Scope.READ_ONLY,) * 2
    assert narrower.session.ends_at - narrower.session.started_at == timedelta(minutes=8)
    installation.clock.forward(minutes=3)
    fallen = installation.refresh(opened)
    assert fallen == Fallen(session_id=opened.session.id, cause=EndCause.RULES_CHANGED)


def test_whoever_becomes_one_whom_policies_limit_is_limited_in_that_unit(
    installation: World,
) -> None:
    installation.set_policies(OWNERS)
    opened = installation.session()
    installation.save_subject(id="ada", email="ada@owners.example")
    (entry,) = installation.entries(EventType.SESSION_NARROWED)
    told = details(entry)
    assert (told["scope"], told["granted_scope"]) == ("read_only", "full")
    # And no wider again.
    installation.save_subject(id="ada", email="ada@acme.example")
    narrower = installation.refresh(opened)
    assert isinstance(narrower, OpenSession)
    assert narrower.restrictions.scope is Scope.READ_ONLY


def test_a_policy_about_the_start_alone_is_asked_then_alone(installation: World) -> None:
    installation.set_policies(AT_DESK)
    opened = installation.session()
    assert isinstance(installation.refresh(opened), OpenSession)
    # Where an actor whom the application names is, nobody knows.
    actor = installation.vouched_for("kim")
    assert installation.ask(actor=actor) == Denied(rule=POLICY_FORBIDS)


def test_what_needs_agreement_waits_for_it(installation: World) -> None:
    installation.set_policies(AGREED)
    grant = installation.granted()
    assert (grant.status, grant.quorum) == (GrantStatus.PENDING, 1)
    assert _why_not(installation, grant) is APPROVAL_MISSING


def test_a_session_that_nobody_agreed_to_ends_once_somebody_has_to(installation: World) -> None:
    opened = installation.session()
    installation.set_policies(AGREED)
    over = installation.refresh(opened)
    assert over == Over(cause=EndCause.RULES_CHANGED)


def test_those_agree_whom_the_policies_name(installation: World) -> None:
    installation.set_policies(
        AGREED.replace('@approvals("1")', '@approvals("1") @approvers("admin")')
    )
    grant = installation.granted()
    pat, mara = _operator(installation, Role.APPROVER), _operator(installation, Role.ADMIN)
    assert _agree(installation, grant, pat) == Denied(rule=APPROVER_NOT_ALLOWED)
    assert not isinstance(_agree(installation, grant, mara), Denied)
    assert _why_not(installation, grant) is None
    # Whom they name from now on has not agreed.
    installation.set_policies(AGREED)
    assert _why_not(installation, grant) is APPROVAL_MISSING


def _why_not(installation: World, grant: Grant) -> Rule | None:
    with installation.engine.reading() as reader:
        found = reader.grants.get(grant.id)
        assert found is not None
        return why_not(reader, found, installation.clock())


def _operator(installation: World, role: Role) -> Operator:
    invited = installation.run(
        lambda unit: team.invite(
            unit, email=f"{role}@help.example", name="Pat", roles=[role], by=SYSTEM, origin=HERE
        )
    )
    return installation.run(
        lambda unit: team.join(unit, invited.token, name="Pat", password_hash="x", origin=HERE)
    )


def _agree(installation: World, grant: Grant, who: Operator) -> Grant | Denied:
    return installation.run(lambda unit: approve(unit, grant.id, Terms(), who=who, origin=HERE))


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM policy_sets",
        "UPDATE policy_sets SET version = 7",
        "UPDATE policy_sets SET text = 'permit (principal, action, resource);'",
    ],
)
@pytest.mark.usefixtures("forging")
def test_rule_16_policies_that_were_changed_from_outside_forbid_everything(
    installation: World, sql: Sql, change: str
) -> None:
    installation.set_policies(NOT_ADA)
    opened = installation.session("bob")
    assert sql.change(change) == 1
    assert installation.ask() == Denied(rule=POLICY_FORBIDS)
    assert installation.ask("bob") == Denied(rule=POLICY_FORBIDS)
    assert isinstance(installation.refresh(opened), Fallen)


@pytest.mark.parametrize(
    ("change", "code", "row"),
    [
        ("UPDATE applications SET policy_version = 1", "row_differs", "application"),
        ("UPDATE applications SET policy_version = NULL", "row_differs", "application"),
        ("DELETE FROM policy_sets WHERE version = 1", "row_missing", "policies"),
        ("UPDATE policy_sets SET text = 'x' WHERE version = 2", "row_differs", "policies"),
        ("UPDATE policy_sets SET version = 3 WHERE version = 1", "row_missing", "policies"),
    ],
)
@pytest.mark.usefixtures("forging")
def test_rule_16_rows_of_policies_are_compared_with_the_log(
    installation: World, sql: Sql, change: str, code: str, row: str
) -> None:
    installation.set_policies(NOT_ADA)
    installation.set_policies(ALL)
    where = f" {'AND' if 'WHERE' in change else 'WHERE'} %s"
    own = "id = ?" if "applications" in change else "application_id = ?"
    assert sql.change(change + where % own, installation.application.id) == 1
    with installation.engine.comparing() as rows:
        found = compare(rows).differences
    assert (found[0].code, found[0].table) == (code, row)
    assert [one.code for one in found[1:]] == (["row_unlogged"] if "= 3" in change else [])


@pytest.mark.usefixtures("forging")
def test_rule_16_nobody_takes_policies_away_from_an_application(
    installation: World, sql: Sql
) -> None:
    installation.set_policies(NOT_ADA)
    sql.change("UPDATE applications SET policy_version = NULL")
    assert isinstance(installation.ask(), Denied)


@pytest.mark.usefixtures("forging")
def test_rule_16_a_proposal_that_was_withdrawn_and_waits_again_is_found(
    installation: World, sql: Sql
) -> None:
    terms = PolicyTerms(confirmation=Confirmation.SECOND_ADMIN)
    installation.set_up_application(policy_changes=terms)
    installation.set_policies(ALL)
    app = installation.application.id
    installation.run(lambda unit: withdraw(unit, app, 1, by=SYSTEM, origin=HERE))
    with installation.engine.comparing() as rows:
        assert compare(rows).ok
    assert (
        sql.change("UPDATE policy_sets SET withdrawn_at = NULL WHERE application_id = ?", app) == 1
    )
    with installation.engine.comparing() as rows:
        (found,) = compare(rows).differences
    assert (found.code, found.table) == ("row_differs", "policies")
    assert found.message.startswith("are as after policies.proposed")
