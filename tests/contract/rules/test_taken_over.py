"""Who got into an account by a fresh link is marked until somebody else says that it is the owner,
on both databases.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from tests.integration.proof.place import connect
from understudy.core.ids import OperatorId
from understudy.core.impersonation.grants import Mark
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, Action, EventType
from understudy.core.people.mail import MailServer, MailTls
from understudy.core.people.permissions import Role
from understudy.core.people.principals import INVITATION_LIFE, Operator, OperatorStatus
from understudy.core.ports import Entry, EntryFilter
from understudy.core.times import MILLISECOND
from understudy.errors import Conflict, NotFound, TokenInvalid
from understudy.flows.comparison.compare import compare
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.record_actions import Phase, RecordedAction, record_actions
from understudy.flows.people import confirm_owner, sign_in, team

_SERVER = MailServer(
    host="mail.example", port=587, tls=MailTls.STARTTLS, sender="understudy@support.example"
)


@dataclass
class Room:
    """Sam's account was taken over by a link that Mara made; Noor is another admin."""

    world: World
    mara: Operator
    noor: Operator

    def take_over(self, operator: Operator) -> Operator:
        link = self.world.run(
            lambda unit: team.reinvite(unit, operator.id, by=self.mara.party, origin=HERE)
        )
        return self.world.run(
            lambda unit: team.join(
                unit, link.token, name="Sam", password_hash="new hash", origin=HERE
            )
        )

    def confirm(self, by: Operator) -> Operator:
        return self.world.run(
            lambda unit: confirm_owner.confirm_owner(unit, self.world.sam.id, by=by, origin=HERE)
        )

    def answer(self, token: str, *, mine: bool) -> Operator:
        return self.world.run(
            lambda unit: confirm_owner.answer(unit, token, mine=mine, origin=HERE)
        )

    def link(self, set_by: str | None = None) -> str | None:
        server = replace(_SERVER, set_by=set_by or self.noor.id)
        with self.world.engine.reading() as reader:
            return confirm_owner.link_token(reader, self.sam, server)

    @property
    def sam(self) -> Operator:
        with self.world.engine.reading() as reader:
            found = reader.operators.get(self.world.sam.id)
        assert found is not None
        return found

    def since(self, index: int) -> list[Entry]:
        with self.world.engine.reading() as reader:
            found = reader.entries.search(EntryFilter())
        return sorted((one for one in found if one.index > index), key=lambda one: one.index)

    @property
    def last(self) -> int:
        with self.world.engine.reading() as reader:
            return reader.entries.search(EntryFilter())[0].index


@pytest.fixture
def room(installation: World) -> Room:
    with installation.engine.reading() as reader:
        mara = reader.operators.by_email("mara@support.example")
    assert mara is not None

    def admin(name: str) -> Operator:
        link = installation.run(
            lambda unit: team.invite(
                unit,
                email=f"{name}@support.example",
                name=name,
                roles=[Role.ADMIN],
                by=mara.party,
                origin=HERE,
            )
        )
        return installation.run(
            lambda unit: team.join(unit, link.token, name=name, password_hash="h", origin=HERE)
        )

    noor = admin("noor")
    installation.clock.forward(minutes=1)
    return Room(installation, mara, noor)


def marks(entry: Entry) -> tuple[bool, bool]:
    core = entry.core or {}
    return core.get("actor_taken_over") is True, core.get("doer_taken_over") is True


def test_every_entry_bears_the_mark_from_the_take_over_on(room: Room) -> None:
    before = room.last
    room.take_over(room.world.sam)
    room.world.run(lambda unit: sign_in.signed_in(unit, room.sam, origin=HERE))
    opened = room.world.session("ada")
    action = RecordedAction(
        phase=Phase.COMPLETED,
        action=Action(id="act_1", method="GET", route="/", path="/", status=200, duration_ms=1),
        at=room.world.clock(),
        origin=HERE,
    )
    room.world.run(
        lambda unit: record_actions(unit, room.world.application.id, opened.session.id, [action])
    )
    invited, *theirs = room.since(before)
    assert marks(invited) == (False, False)  # Mara, who made the link
    assert {one.type for one in theirs} >= {
        EventType.OPERATOR_JOINED,
        EventType.OPERATOR_TAKEN_OVER,
        EventType.OPERATOR_SIGNED_IN,
        EventType.GRANT_CREATED,
        EventType.SESSION_STARTED,
        EventType.ACTION_COMPLETED,
    }
    assert {marks(one) for one in theirs} == {(True, False)}
    assert opened.grant.marks == (Mark.TAKEN_OVER,)


def test_whoever_acts_on_others_work_bears_the_mark_as_the_doer(room: Room) -> None:
    opened = room.world.session("ada")
    before = room.last
    room.take_over(room.mara)
    with room.world.engine.reading() as reader:
        mara = reader.operators.get(room.mara.id)
    assert mara is not None
    room.world.run(
        lambda unit: end(
            unit, opened.session.id, cause=EndCause.REVOKED, by=mara.party, origin=HERE
        )
    )
    ended = room.since(before)[-1]
    assert ended.type == EventType.SESSION_REVOKED
    assert marks(ended) == (False, True)


def test_who_had_only_the_login_of_an_app_is_an_owner_as_well(room: Room) -> None:
    staff = replace(room.sam, staff_id="staff-7", password_hash=None)
    room.world.run(lambda unit: unit.operators.save(staff))
    taken = room.take_over(staff)
    assert taken.taken_over_at is not None
    assert room.world.entries(EventType.OPERATOR_TAKEN_OVER)


def test_a_second_admin_takes_the_mark_away(room: Room) -> None:
    room.take_over(room.world.sam)
    assert room.sam.taken_over_by == room.mara.id
    confirmed = room.confirm(room.noor)
    assert (confirmed.taken_over_at, confirmed.taken_over_by) == (None, None)
    (entry,) = room.world.entries(EventType.OPERATOR_OWNER_CONFIRMED)
    assert (entry.core or {})["actor_ref"] == room.noor.id
    before = room.last
    assert room.world.granted("bob").marks is None
    assert {marks(one) for one in room.since(before)} == {(False, False)}
    with refusal_of(Conflict, "conflict"):
        room.confirm(room.noor)


def test_nobody_confirms_themselves_nor_whom_they_let_in(room: Room) -> None:
    room.take_over(room.world.sam)
    for by in (room.sam, room.mara, replace(room.noor, email=room.mara.email)):
        with refusal_of(Conflict, "conflict", rule="second_admin"):
            room.confirm(by)
    assert room.sam.taken_over_at is not None


def test_who_is_in_doubt_confirms_nobody(room: Room) -> None:
    room.take_over(room.world.sam)
    noor = room.take_over(room.noor)
    with refusal_of(Conflict, "conflict", rule="second_admin"):
        room.confirm(noor)


def test_who_was_invited_afterwards_confirms_nobody(room: Room) -> None:
    at = room.take_over(room.world.sam).taken_over_at
    assert at is not None
    with refusal_of(Conflict, "conflict", rule="second_admin"):
        room.confirm(replace(room.noor, created_at=at + MILLISECOND))


def test_whoever_runs_the_service_can_confirm(room: Room) -> None:
    room.take_over(room.world.sam)
    sam = room.world.sam.id
    room.world.run(
        lambda unit: confirm_owner.confirm_from_machine(unit, sam, by=SYSTEM, origin=HERE)
    )
    assert room.sam.taken_over_at is None
    with refusal_of(NotFound, "not_found"):
        room.world.run(
            lambda unit: confirm_owner.confirm_from_machine(
                unit, OperatorId("opr_nobody"), by=SYSTEM, origin=HERE
            )
        )


def test_the_owner_confirms_once_by_a_mailed_link(room: Room) -> None:
    assert room.link() is None
    room.take_over(room.world.sam)
    token = room.link()
    assert token is not None
    assert room.link() == token
    assert room.answer(token, mine=True).taken_over_at is None
    with refusal_of(TokenInvalid, "token_invalid"):
        room.answer(token, mine=True)
    room.world.clock.forward(minutes=1)
    room.take_over(room.world.sam)
    with refusal_of(TokenInvalid, "token_invalid"):  # it was about the time before
        room.answer(token, mine=True)


def test_a_mailed_link_is_dead_at_its_last_instant(room: Room) -> None:
    at = room.take_over(room.world.sam).taken_over_at
    token = room.link()
    assert token is not None
    assert at is not None
    room.world.clock.now = at + INVITATION_LIFE
    room.world.clock.forward(milliseconds=-1)
    with room.world.engine.reading() as reader:
        assert confirm_owner.asked_by(reader, token, room.world.clock()) == room.sam
    room.world.clock.forward(milliseconds=1)
    with refusal_of(TokenInvalid, "token_invalid"):
        room.answer(token, mine=True)


def test_a_mail_proves_nothing_that_goes_where_the_links_maker_said(room: Room) -> None:
    room.take_over(room.world.sam)
    assert room.link(set_by=room.mara.id) is None
    with room.world.engine.reading() as reader:
        assert confirm_owner.link_token(reader, room.sam, _SERVER) is None


def test_an_owner_who_says_no_shuts_whoever_has_the_account_out(room: Room) -> None:
    room.take_over(room.world.sam)
    begun = room.world.run(lambda unit: sign_in.signed_in(unit, room.sam, origin=HERE))
    assert begun is not None
    opened = room.world.session("ada")
    token = room.link()
    assert token is not None
    shut = room.answer(token, mine=False)
    assert (shut.status, shut.password_hash) == (OperatorStatus.INVITED, None)
    with room.world.engine.reading() as reader:
        assert sign_in.identify(reader, begun.token, room.world.clock()) is None
        session = reader.sessions.get(opened.session.id)
    assert session is not None
    assert session.over_because(room.world.clock()) is not None
    assert room.world.entries(EventType.OPERATOR_DISOWNED)
    with refusal_of(TokenInvalid, "token_invalid"):
        room.answer(token, mine=True)
    # Who gets in by the next link is in doubt again, although no password was there.
    assert room.take_over(shut).taken_over_at is not None


@pytest.mark.usefixtures("forging")
def test_an_older_row_put_back_is_found(room: Room) -> None:
    older = room.sam
    room.take_over(room.world.sam)
    assert _differences(room) == []
    # As whoever can write the database, and has kept the row of before.
    room.world.run(lambda unit: unit.operators.save(older))
    assert any("is not marked" in one for one in _differences(room))


@pytest.mark.usefixtures("forging")
def test_a_mark_is_not_taken_away_in_the_database(room: Room, database_url: str) -> None:
    room.take_over(room.world.sam)
    grant = room.world.granted("ada")
    with closing(connect(database_url)) as raw:
        assert raw.change("UPDATE operators SET taken_over_at = NULL, taken_over_by = NULL")
    with room.world.engine.reading() as reader:
        assert reader.operators.get(room.world.sam.id) is None
    before = room.last
    room.world.run(lambda unit: cancel(unit, grant.id, by=room.world.sam.party, origin=HERE))
    assert [marks(one) for one in room.since(before)] == [(True, False)]


def _differences(room: Room) -> list[str]:
    with room.world.engine.comparing() as rows:
        return [one.message for one in compare(rows).differences]


@pytest.mark.parametrize("mine", [True, False])
def test_what_the_log_says_of_it_is_what_the_account_is(room: Room, *, mine: bool) -> None:
    room.world.change_operator(groups=("leads",))
    room.take_over(room.sam)
    assert _differences(room) == []
    token = room.link()
    assert token is not None
    room.answer(token, mine=mine)
    assert room.sam.groups == ("leads",)
    assert _differences(room) == []
