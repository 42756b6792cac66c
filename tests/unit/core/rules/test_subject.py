from __future__ import annotations

from typing import Any

import pytest

from tests.unit.core.factories import (
    application,
    named_actor,
    operator,
    settings,
    snapshot,
    subject,
)
from understudy.core.applications.application import UnrankedRoles
from understudy.core.ids import OrganizationId
from understudy.core.people.principals import Actor, Status
from understudy.core.rules.question import Question
from understudy.core.rules.subject import (
    SUBJECT_INACTIVE,
    SUBJECT_IS_ACTOR,
    SUBJECT_OUTRANKS,
    SUBJECT_PROTECTED,
    SUBJECT_UNKNOWN,
    SUBJECT_UNRANKED,
)


def _question(*, actor: Actor | None = None, **changes: Any) -> Question:
    return Question(
        application=application(settings=settings(role_ranks={"owner": 20})),
        actor=actor or named_actor(),
        organization_id=OrganizationId("acme"),
        seen=snapshot(subject=subject(**changes)),
    )


@pytest.mark.parametrize(
    ("status", "unknown", "inactive"),
    [
        (Status.ACTIVE, False, False),
        (Status.DISABLED, False, True),
        (Status.DELETED, True, True),
    ],
)
def test_a_deleted_user_counts_as_unknown_and_a_disabled_one_as_known(
    status: Status, unknown: bool, inactive: bool
) -> None:
    question = _question(status=status)
    assert SUBJECT_UNKNOWN.refuses(question) is unknown
    assert SUBJECT_INACTIVE.refuses(question) is inactive


@pytest.mark.parametrize(
    ("email", "same"), [("KIM@app.example", True), ("kim@other.example", False), (None, False)]
)
def test_actor_and_user_are_one_person_by_address_in_any_case(
    email: str | None, same: bool
) -> None:
    assert SUBJECT_IS_ACTOR.refuses(_question(email=email)) is same


@pytest.mark.parametrize(
    "own",
    [
        {"id": "ADA@acme.example."},
        {"name": "Me <ada@acme.example>"},
        {"email": "ada@ac\u200bme.example"},
        {"id": "ad\u2060a"},
        {"id": "\uff41da"},
    ],
)
def test_an_actor_who_carries_the_users_own_name_anywhere_is_that_user(
    own: dict[str, str],
) -> None:
    assert SUBJECT_IS_ACTOR.refuses(_question(actor=named_actor(**{"email": None, **own})))


def test_a_user_whose_id_is_an_operators_address_is_that_operator() -> None:
    person = Actor.from_operator(operator())
    assert SUBJECT_IS_ACTOR.refuses(_question(actor=person, id="Sam@support.example", email=None))
    assert not SUBJECT_IS_ACTOR.refuses(_question(actor=person, id="opr_1", email=None))


def test_an_actor_whom_the_application_names_is_known_by_the_applications_id() -> None:
    nameless = named_actor(id="ada", email=None)
    assert SUBJECT_IS_ACTOR.refuses(_question(actor=nameless))


@pytest.mark.parametrize(("rank", "refused"), [(19, True), (20, True), (21, False)])
def test_a_user_of_the_actors_own_rank_is_out_of_reach(rank: int, refused: bool) -> None:
    question = _question(actor=named_actor(rank=rank), roles=("owner",))
    assert SUBJECT_OUTRANKS.refuses(question) is refused


@pytest.mark.parametrize(
    ("roles", "choice", "refused"),
    [
        (("editor",), UnrankedRoles.REFUSE, True),
        (("owner,editor",), UnrankedRoles.REFUSE, True),
        (("Owner",), UnrankedRoles.REFUSE, False),
        ((), UnrankedRoles.REFUSE, False),
        (("editor",), UnrankedRoles.ALLOW, False),
        (("editor",), "by_a_newer_version", True),
    ],
)
def test_a_user_with_a_role_that_has_no_rank_is_out_of_reach_unless_that_is_allowed(
    roles: tuple[str, ...], choice: UnrankedRoles, refused: bool
) -> None:
    question = Question(
        application=application(settings=settings(role_ranks={"owner": 20}, unranked_roles=choice)),
        actor=named_actor(),
        organization_id=OrganizationId("acme"),
        seen=snapshot(subject=subject(roles=roles)),
    )
    assert SUBJECT_UNRANKED.refuses(question) is refused


@pytest.mark.parametrize("protected", [True, False])
def test_protection_alone_keeps_a_user_out_of_reach(protected: bool) -> None:
    assert SUBJECT_PROTECTED.refuses(_question(protected=protected)) is protected
