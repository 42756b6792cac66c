from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import OperatorId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import INVITATION_LIFE, Operator, OperatorStatus
from understudy.core.ports import Reader, Unit
from understudy.errors import AlreadyExists, Conflict, InvalidInput, NotFound, TokenInvalid
from understudy.flows.people import sign_in, team
from understudy.flows.people.team import Invited, OperatorChange


@dataclass
class Team:
    """The installation's operators, by what can be done with them."""

    world: World
    mara: Operator = field(init=False)

    def __post_init__(self) -> None:
        with self.world.engine.reading() as reader:
            mara = reader.operators.by_email("mara@support.example")
        assert mara is not None
        self.mara = mara

    def invite(self, email: str = "kim@support.example", *roles: Role) -> Invited:
        return self.world.run(
            lambda unit: team.invite(
                unit,
                email=email,
                name="Kim",
                roles=roles or [Role.AUDITOR],
                by=self.mara.party,
                origin=HERE,
            )
        )

    def reinvite(self, operator: Operator) -> Invited:
        return self.world.run(
            lambda unit: team.reinvite(unit, operator.id, by=self.mara.party, origin=HERE)
        )

    def join(self, token: str) -> Operator:
        return self.world.run(
            lambda unit: team.join(unit, token, name="Kim L.", password_hash="hash", origin=HERE)
        )

    def update(self, operator: Operator, change: OperatorChange) -> Operator:
        return self.world.run(
            lambda unit: team.update(unit, operator.id, change, by=self.mara.party, origin=HERE)
        )

    def invited(self, token: str) -> Operator:
        with self.world.engine.reading() as reader:
            return team.invited(reader, token, self.world.clock())[1]


@pytest.fixture
def people(installation: World) -> Team:
    """Operators Sam and Mara."""
    return Team(installation)


def test_an_invited_operator_is_stored_folded_and_cannot_act_yet(people: Team) -> None:
    made = people.invite("  Kim@Support.Example ", Role.AUDITOR, Role.APPROVER).operator
    assert made.email == "kim@support.example"
    assert made.roles == {Role.AUDITOR, Role.APPROVER}
    assert made.status is OperatorStatus.INVITED
    assert not made.active
    entry = people.world.entries(EventType.OPERATOR_INVITED)[0]
    assert entry.core is not None
    assert entry.core["actor_ref"] == people.mara.id
    assert entry.core["details"] == {"roles": "approver auditor", "status": "invited"}


@pytest.mark.parametrize(
    "email",
    [
        "Mara <mara@support.example>",
        "<kim@support.example>",
        "kim@support.example.",
        "k\u200bim@support.example",
        '"kim"@support.example',
    ],
)
def test_an_account_is_made_for_a_plain_address_only(people: Team, email: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="email"):
        people.invite(email)


def test_two_spellings_of_one_address_are_one_account(people: Team) -> None:
    people.invite("kim@b\u00fccher.example")
    with refusal_of(AlreadyExists, "already_exists"):
        people.invite("Kim@xn--bcher-kva.example")


@pytest.mark.parametrize("email", ["sam@support.example", "SAM@SUPPORT.EXAMPLE "])
def test_an_address_is_invited_once(people: Team, email: str) -> None:
    with pytest.raises(AlreadyExists) as refused:
        people.invite(email)
    assert refused.value.code == "already_exists"


def test_the_token_of_a_link_is_not_in_a_repr(people: Team) -> None:
    made = people.invite()
    assert made.token.startswith("usv_")
    assert made.token not in repr(made)


def test_a_link_lets_its_owner_in_once(people: Team) -> None:
    made = people.invite()
    assert people.invited(made.token) == made.operator
    joined = people.join(made.token)
    assert joined.active
    assert joined.name == "Kim L."
    assert joined.password_hash == "hash"
    for use in (people.join, people.invited):
        with refusal_of(TokenInvalid, "token_invalid"):
            use(made.token)
    entry = people.world.entries(EventType.OPERATOR_JOINED)[0]
    assert entry.core is not None
    assert entry.core["actor_ref"] == entry.core["subject_ref"] == joined.id


def test_an_account_that_had_an_owner_is_taken_over_by_a_fresh_link(people: Team) -> None:
    joined = people.join(people.invite().token)
    assert people.world.entries(EventType.OPERATOR_TAKEN_OVER) == []
    people.join(people.reinvite(joined).token)
    (entry,) = people.world.entries(EventType.OPERATOR_TAKEN_OVER)
    assert entry.core is not None
    assert entry.core["subject_ref"] == joined.id
    assert EventType.OPERATOR_TAKEN_OVER.kind.alert


def test_a_link_is_good_before_its_last_instant_and_dead_at_it(people: Team) -> None:
    made = people.invite()
    assert made.expires_at == people.world.clock.now + INVITATION_LIFE
    people.world.clock.now = made.expires_at
    people.world.clock.forward(milliseconds=-1)
    assert people.invited(made.token) == made.operator
    people.world.clock.forward(milliseconds=1)
    for use in (people.join, people.invited):
        with refusal_of(TokenInvalid, "token_invalid"):
            use(made.token)


def test_an_unknown_token_is_refused_as_a_used_one_is(people: Team) -> None:
    made = people.invite()
    people.join(made.token)
    with pytest.raises(TokenInvalid) as used:
        people.invited(made.token)
    with pytest.raises(TokenInvalid) as unknown:
        people.invited("usv_unknown")
    assert used.value.detail == unknown.value.detail


def test_a_fresh_link_kills_the_one_before(people: Team) -> None:
    first = people.invite()
    second = people.reinvite(first.operator)
    with refusal_of(TokenInvalid, "token_invalid"):
        people.join(first.token)
    assert people.join(second.token).id == first.operator.id


def test_a_fresh_link_resets_a_password_and_ends_every_sign_in(people: Team) -> None:
    sam = people.world.sam
    begun = people.world.run(lambda unit: sign_in.begin(unit, sam, origin=HERE))
    people.join(people.reinvite(sam).token)
    with people.world.engine.reading() as reader:
        assert sign_in.identify(reader, begun.token, people.world.clock()) is None
        after = reader.operators.get(sam.id)
    assert after is not None
    assert after.password_hash == "hash"
    assert after.roles == sam.roles


def test_there_is_no_link_for_nobody_and_none_for_a_disabled_account(people: Team) -> None:
    with refusal_of(NotFound, "not_found"):
        people.reinvite(replace(people.world.sam, id=OperatorId("opr_nobody")))
    people.update(people.world.sam, OperatorChange(status=OperatorStatus.DISABLED))
    with pytest.raises(Conflict) as refused:
        people.reinvite(people.world.sam)
    assert refused.value.code == "conflict"


def test_disabling_kills_links_and_sign_ins_for_good(people: Team) -> None:
    made = people.invite()
    people.update(made.operator, OperatorChange(status=OperatorStatus.DISABLED))
    with refusal_of(TokenInvalid, "token_invalid"):
        people.join(made.token)
    enabled = people.update(made.operator, OperatorChange(status=OperatorStatus.ACTIVE))
    assert enabled.status is OperatorStatus.INVITED
    with refusal_of(TokenInvalid, "token_invalid"):
        people.join(made.token)


def test_disabling_ends_sign_ins_in_its_own_transaction(people: Team) -> None:
    sam = people.world.sam

    def sign_ins(reader: Reader) -> int:
        return len(reader.operator_sessions.of_operator(sam.id))

    def disable(unit: Unit) -> tuple[int, int]:
        before = sign_ins(unit)
        change = OperatorChange(status=OperatorStatus.DISABLED)
        team.update(unit, sam.id, change, by=people.mara.party, origin=HERE)
        return before, sign_ins(unit)

    signed_in = people.world.run(lambda unit: sign_in.begin(unit, sam, origin=HERE))
    assert people.world.run(disable) == (1, 0)
    people.update(sam, OperatorChange(status=OperatorStatus.ACTIVE))
    with people.world.engine.reading() as reader:
        assert sign_in.identify(reader, signed_in.token, people.world.clock.now) is None


def test_somebody_who_never_joined_cannot_be_made_active(people: Team) -> None:
    made = people.invite()
    with refusal_of(Conflict, "conflict"):
        people.update(made.operator, OperatorChange(status=OperatorStatus.ACTIVE))


def test_disabling_ends_impersonations_and_enabling_does_not_revive_them(people: Team) -> None:
    opened = people.world.session()
    people.update(people.world.sam, OperatorChange(status=OperatorStatus.DISABLED))
    people.update(people.world.sam, OperatorChange(status=OperatorStatus.ACTIVE))
    assert people.world.stored(opened).end_cause is EndCause.ACTOR_INACTIVE
    kinds = [entry.type for entry in people.world.entries()][:3]
    assert kinds == ["operator.enabled", "session.revoked", "operator.disabled"]


def test_a_new_name_ends_nothing(people: Team) -> None:
    opened = people.world.session()
    changed = people.update(people.world.sam, OperatorChange(name="Samira"))
    assert changed == replace(people.world.sam, name="Samira", updated_at=people.world.clock.now)
    assert people.world.stored(opened).end_cause is None
    assert people.world.entries()[0].type == EventType.OPERATOR_UPDATED


def test_nobody_can_change_an_operator_who_does_not_exist(people: Team) -> None:
    with refusal_of(NotFound, "not_found"):
        people.update(replace(people.mara, id=OperatorId("opr_nobody")), OperatorChange(name="x"))


@pytest.mark.parametrize(
    "change",
    [
        OperatorChange(status=OperatorStatus.DISABLED),
        OperatorChange(roles=frozenset({Role.SUPPORT_MANAGER})),
        OperatorChange(roles=frozenset()),
    ],
)
def test_the_last_active_admin_stays(people: Team, change: OperatorChange) -> None:
    with refusal_of(Conflict, "conflict"):
        people.update(people.mara, change)
    another = people.invite("nia@support.example", Role.ADMIN)
    with refusal_of(Conflict, "conflict"):  # an invited admin cannot sign in yet
        people.update(people.mara, change)
    people.join(another.token)
    assert Role.ADMIN not in (after := people.update(people.mara, change)).roles or not after.active


def test_an_admin_may_change_while_staying_one(people: Team) -> None:
    roles = frozenset({Role.ADMIN, Role.AUDITOR})
    assert people.update(people.mara, OperatorChange(roles=roles)).roles == roles


def test_what_the_system_does_is_written_down_as_the_systems(people: Team) -> None:
    change = OperatorChange(name="Sam")
    people.world.run(
        lambda unit: team.update(unit, people.world.sam.id, change, by=SYSTEM, origin=HERE)
    )
    entry = people.world.entries(EventType.OPERATOR_UPDATED)[0]
    assert entry.core is not None
    assert entry.core["actor_kind"] == "system"
