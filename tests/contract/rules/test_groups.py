"""Groups of those who act and tags of users: who gives them, and what policies make of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from tests.contract.rules.approving import Room, details
from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from tests.integration.proof.place import Sql, connect
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator, Subject
from understudy.core.people.staff import StaffAccount
from understudy.core.rules.approval import APPROVER_IS_ACTOR, APPROVER_NOT_ALLOWED
from understudy.core.rules.governed import POLICY_FORBIDS
from understudy.errors import InvalidInput
from understudy.flows.comparison.compare import compare
from understudy.flows.directory.import_subjects import ImportRow, import_subjects
from understudy.flows.directory.maintain import SubjectFacts, delete_subject
from understudy.flows.impersonation.actors import named_actor
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.request import Granted
from understudy.flows.people import staff
from understudy.flows.people.sign_in import SignedIn

ALL = '@id("everybody") permit (principal, action, resource);\n'
BILLING_ALONE = ALL + (
    '@id("billing-alone") forbid (principal, action, resource)'
    ' unless { principal.groups.contains("billing") };\n'
)
VIPS_SHORT = ALL + (
    '@id("vips") @scope("read_only") permit (principal, action, resource)'
    ' when { resource.tags.contains("vip") };\n'
)
NO_VIPS = ALL + (
    '@id("no-vips") forbid (principal, action, resource) when { resource.tags.contains("vip") };\n'
)
LEADS_AGREE = '@id("led") @approvers("group:leads") permit (principal, action, resource);\n'


@pytest.fixture
def sql(installation: World, database_url: str) -> Iterator[Sql]:
    with closing(connect(database_url)) as raw:
        yield raw


@pytest.fixture
def room(installation: World) -> Room:
    return Room(installation)


def _sam(world: World) -> Operator:
    with world.engine.reading() as reader:
        found = reader.operators.get(world.sam.id)
    assert found is not None
    return found


def _ada(world: World) -> Subject:
    with world.engine.reading() as reader:
        found = reader.subjects.get(world.application.id, SubjectId("ada"))
    assert found is not None
    return found


def test_a_policy_lets_members_of_a_group_in_and_nobody_else(installation: World) -> None:
    installation.set_policies(BILLING_ALONE)
    assert installation.ask() == Denied(rule=POLICY_FORBIDS)
    installation.change_operator(groups=("billing", "second-line"))
    opened = installation.session()
    installation.change_operator(groups=("second-line",))
    assert installation.stored(opened).end_cause is EndCause.POLICY_FORBIDS


def test_groups_are_in_the_log_as_they_are_and_as_they_were(installation: World) -> None:
    installation.change_operator(groups=("second-line", "billing", "billing"))
    assert _sam(installation).groups == ("billing", "second-line")
    installation.change_operator(name="Sam Ortiz")
    installation.change_operator(groups=())
    last, between, first = map(details, installation.entries(EventType.OPERATOR_UPDATED))
    common = {"roles": "support_manager", "status": "active"}
    assert first == {**common, "groups": "billing second-line", "groups_before": ""}
    assert between == {**common, "groups": "billing second-line"}
    assert last == {**common, "groups": "", "groups_before": "billing second-line"}


@pytest.mark.parametrize("name", ["Billing", "two words", "-x", "x-", "", "ä", "a" * 51, "x\n"])
def test_a_group_is_called_what_cannot_be_mistaken(installation: World, name: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="groups"):
        installation.change_operator(groups=(name,))
    with refusal_of(InvalidInput, "invalid_input", field="groups"):
        installation.change_operator(groups=tuple(f"g{number}" for number in range(21)))
    assert _sam(installation).groups == ()


@pytest.mark.usefixtures("forging")
@pytest.mark.parametrize(
    "edit",
    [
        """UPDATE operators SET groups = '["billing"]'""",
        # As another row of ours has it, with the code of that one.
        "UPDATE operators SET groups = (SELECT groups FROM operators WHERE email = 'mara@…'),"
        " seal = (SELECT seal FROM operators WHERE email = 'mara@…')",
    ],
)
def test_rule_16_a_group_that_a_row_says_without_our_code_lets_nobody_in(
    installation: World, sql: Sql, edit: str
) -> None:
    installation.set_policies(BILLING_ALONE)
    assert sql.change(edit.replace("mara@…", "mara@support.example"))
    assert isinstance(installation.ask(), Denied)
    assert _gone(installation)


def _gone(world: World) -> bool:
    with world.engine.reading() as reader:
        return reader.operators.get(world.sam.id) is None


@pytest.mark.usefixtures("forging")
def test_rule_16_a_tag_cannot_be_taken_from_a_row(installation: World, sql: Sql) -> None:
    installation.save_subject(id="ada", tags=("vip",))
    opened = installation.session()
    assert sql.change("UPDATE subjects SET tags = NULL WHERE id = 'ada'") == 1
    assert not isinstance(installation.refresh(opened), OpenSession)


@pytest.mark.usefixtures("forging")
def test_rule_16_groups_that_an_application_said_cannot_be_added_to_a_grant(
    installation: World, sql: Sql
) -> None:
    kim = installation.vouched_for("staff-7")
    opened = installation.session(actor=kim)
    assert sql.change("""UPDATE grants SET actor_groups = '["billing"]'""") == 1
    assert not isinstance(installation.refresh(opened), OpenSession)


@pytest.mark.usefixtures("forging")
def test_an_older_row_with_other_groups_is_found_beside_the_log(
    installation: World, sql: Sql
) -> None:
    installation.change_operator(groups=("billing",))
    with installation.engine.comparing() as rows:
        assert compare(rows).ok
    columns = "groups, updated_at, seal"
    (old,) = sql.rows(f"SELECT {columns} FROM operators WHERE email = 'sam@support.example'")
    installation.clock.forward(minutes=1)
    installation.change_operator(groups=())
    assert sql.change(
        "UPDATE operators SET groups = ?, updated_at = ?, seal = ? WHERE email = ?",
        *old,
        "sam@support.example",
    )
    assert _sam(installation).groups == ("billing",)
    with installation.engine.comparing() as rows:
        (found,) = compare(rows).differences
    assert "other roles or groups" in str(found)


def test_an_actor_whom_an_application_names_brings_their_groups(installation: World) -> None:
    installation.set_policies(BILLING_ALONE)
    vault, application_id = installation.engine.vault, installation.application.id

    def kim(*groups: str) -> Granted | Denied:
        actor = named_actor(vault, application_id, "staff-7", email=None, name="Kim", groups=groups)
        return installation.ask(actor=actor)

    assert kim() == Denied(rule=POLICY_FORBIDS)
    assert kim("second-line") == Denied(rule=POLICY_FORBIDS)
    granted = kim("second-line", "billing")
    assert isinstance(granted, Granted)
    opened = installation.exchange(installation.token(granted.grant))
    assert isinstance(opened, OpenSession)
    assert opened.grant.actor.groups == ("billing", "second-line")
    assert details(installation.entries(EventType.GRANT_CREATED)[0])["actor_groups"] == (
        "billing second-line"
    )
    assert isinstance(installation.refresh(opened), OpenSession)
    with refusal_of(InvalidInput, "invalid_input", field="actor.groups"):
        kim("Billing")


def test_what_waits_goes_on_only_with_the_groups_that_the_application_says_by_now(
    room: Room,
) -> None:
    world = room.world
    kim = replace(world.vouched_for("staff-7"), groups=("billing",))
    waiting = world.granted(actor=kim)
    assert world.granted(actor=kim).id == waiting.id
    room.approved(waiting, room.kit)
    again = world.granted(actor=replace(kim, groups=()))
    assert (again.id != waiting.id, again.status) == (True, GrantStatus.PENDING)


def test_staff_of_the_app_bring_their_groups_or_leave_them_to_admins(
    installation: World,
) -> None:
    kim = StaffAccount(
        id="17",
        email="kim@support.example",
        name="Kim",
        roles=frozenset({Role.SUPPORT_MANAGER}),
        groups=("billing",),
    )

    def let_in(account: StaffAccount) -> Operator:
        begun = installation.run(lambda unit: staff.let_in(unit, account, before=None, origin=HERE))
        assert isinstance(begun, SignedIn)
        return begun.operator

    made = let_in(kim)
    assert made.groups == ("billing",)
    assert kim.may_go_on_as(made)
    assert not replace(kim, groups=()).may_go_on_as(made)
    silent = replace(kim, groups=None)
    assert silent.may_go_on_as(made)
    assert let_in(silent).groups == ("billing",)
    assert let_in(replace(kim, groups=())).groups == ()
    told = details(installation.entries(EventType.OPERATOR_UPDATED)[0])
    assert (told["groups"], told["groups_before"]) == ("", "billing")


def test_who_leaves_a_group_by_the_apps_word_loses_what_stands_on_it(installation: World) -> None:
    kim = StaffAccount(
        id="17",
        email="kim@support.example",
        name="Kim",
        roles=frozenset({Role.SUPPORT_MANAGER}),
        groups=("billing",),
    )

    def let_in(account: StaffAccount) -> Operator:
        begun = installation.run(lambda unit: staff.let_in(unit, account, before=None, origin=HERE))
        assert isinstance(begun, SignedIn)
        return begun.operator

    installation.set_policies(BILLING_ALONE)
    installation.sam = let_in(kim)
    opened = installation.session()
    let_in(replace(kim, groups=()))
    assert installation.stored(opened).end_cause is EndCause.POLICY_FORBIDS


@pytest.mark.parametrize("imported", [False, True])
def test_a_tag_that_comes_ends_and_narrows_what_policies_say_of_it(
    installation: World, imported: bool
) -> None:
    opened = installation.session()
    installation.set_policies(VIPS_SHORT)
    facts = SubjectFacts(id=SubjectId("ada"), tags=("VIP",))
    if imported:
        rows = [ImportRow(line=1, row=1, facts=facts)]
        installation.run(
            lambda unit: import_subjects(
                unit, installation.application, rows, (), partial=False, by=SYSTEM, origin=HERE
            )
        )
    else:
        installation.save_subject(id="ada", tags=("VIP",))
    held = installation.refresh(opened)
    assert isinstance(held, OpenSession)
    assert held.restrictions.scope is Scope.READ_ONLY
    told = details(installation.entries(EventType.SUBJECT_SAVED)[0])
    assert (told["tags"], told["tags_before"]) == ("vip", "")
    installation.set_policies(NO_VIPS)
    assert installation.ask() == Denied(rule=POLICY_FORBIDS)
    assert installation.stored(opened).end_cause is EndCause.POLICY_FORBIDS


def test_tags_that_are_not_mentioned_stay_and_nothing_takes_them_away(installation: World) -> None:
    installation.save_subject(id="ada", tags=("VIP", " vip ", "Überfällig", "two words"))
    kept = ("two words", "vip", "überfällig")
    assert _ada(installation).tags == kept
    installation.save_subject(id="ada", name="Ada L.")
    assert _ada(installation).tags == kept
    installation.save_subject(id="ada", tags=())
    assert _ada(installation).tags == ()
    told = details(installation.entries(EventType.SUBJECT_SAVED)[0])
    assert told["tags"] == ""
    assert told["tags_before"] == '["two words", "vip", "\\u00fcberf\\u00e4llig"]'


def test_tags_go_with_the_user(installation: World) -> None:
    installation.save_subject(id="ada", tags=("vip",))
    installation.run(
        lambda unit: delete_subject(
            unit, installation.application, SubjectId("ada"), by=SYSTEM, origin=HERE
        )
    )
    assert _ada(installation).tags == ()


@pytest.mark.parametrize("tags", [("a" * 101,), tuple(map(str, range(51))), ("x\u202ey",)])
def test_tags_are_few_short_and_text(installation: World, tags: tuple[str, ...]) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="tags"):
        installation.save_subject(id="ada", tags=tags)


def test_members_of_a_group_agree_instead_of_a_role(room: Room) -> None:
    room.ask_for(quorum=1, roles=(), groups=("leads",))
    waiting = room.world.granted()
    assert room.approve(waiting, room.kit) == Denied(rule=APPROVER_NOT_ALLOWED)
    assert room.approved(waiting, _with(room, room.kit, "leads")).status is GrantStatus.READY


def test_members_of_a_group_agree_beside_a_role(room: Room) -> None:
    room.ask_for(quorum=2, roles=(Role.APPROVER,), groups=("leads",))
    waiting = room.world.granted()
    assert room.approve(waiting, room.lou) == Denied(rule=APPROVER_NOT_ALLOWED)
    assert room.approved(waiting, room.kit).status is GrantStatus.PENDING
    assert room.approved(waiting, _with(room, room.lou, "leads")).status is GrantStatus.READY


def test_who_lost_the_group_counts_no_longer_at_use(room: Room) -> None:
    room.ask_for(quorum=1, roles=(), groups=("leads",))
    ready = room.approved(room.world.granted(), _with(room, room.kit, "leads"))
    _with(room, room.kit)
    refused = TokenRefused(why="approval_missing")
    assert room.world.exchange(room.world.token(ready)) == refused
    _with(room, room.kit, "leads")
    assert isinstance(room.world.exchange(room.world.token(ready)), OpenSession)


def test_nobody_agrees_to_their_own_whatever_group_they_are_in(room: Room) -> None:
    room.ask_for(quorum=1, roles=(), groups=("leads",))
    waiting = room.world.granted()
    sam = _with(room, room.world.sam, "leads")
    assert room.approve(waiting, sam) == Denied(rule=APPROVER_IS_ACTOR)


def test_a_group_is_no_permission(room: Room) -> None:
    room.ask_for(quorum=1, roles=(), groups=("leads",))
    waiting = room.world.granted()
    room.change(room.kit, roles=frozenset({Role.AUDITOR}))
    assert room.approve(waiting, _with(room, room.kit, "leads")) == Denied(
        rule=APPROVER_NOT_ALLOWED
    )


@pytest.mark.parametrize("quorum", [0, 1])
def test_a_policy_names_the_group_of_which_somebody_has_to_agree(room: Room, quorum: int) -> None:
    """Where the application wants somebody as well, whoever agrees has to be of both."""
    room.ask_for(quorum=quorum, roles=(Role.APPROVER,))
    room.world.set_policies(LEADS_AGREE)
    waiting = room.world.granted()
    assert waiting.status is GrantStatus.PENDING
    assert room.approve(waiting, room.kit) == Denied(rule=APPROVER_NOT_ALLOWED)
    led = room.approve(waiting, _with(room, room.lou, "leads"))
    assert isinstance(led, Grant) is (quorum == 0)
    if quorum:
        assert room.approved(waiting, _with(room, room.kit, "leads")).status is GrantStatus.READY


def test_an_application_says_whose_agreement_it_wants(room: Room) -> None:
    with pytest.raises(InvalidInput, match="roles or groups"):
        room.ask_for(quorum=1, roles=())
    with refusal_of(InvalidInput, "invalid_input", field="approval.groups"):
        room.ask_for(quorum=1, groups=("The Leads",))
    room.ask_for(quorum=1, roles=(), groups=("leads", "dpo"))
    told = details(room.last(EventType.APPLICATION_UPDATED))
    assert (told["approval_roles"], told["approval_groups"]) == ("", "leads dpo")


def _with(room: Room, who: Operator, *groups: str) -> Operator:
    """``who``, in these groups and no others."""
    room.change(who, groups=groups)
    with room.world.engine.reading() as reader:
        found = reader.operators.get(who.id)
    assert found is not None
    return found
