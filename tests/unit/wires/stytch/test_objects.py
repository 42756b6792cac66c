from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from stytch.b2b.models import impersonation as b2b
from stytch.b2b.models.organizations import Member, Organization
from stytch.b2b.models.sessions import MemberSession
from stytch.consumer.models import impersonation as consumer
from stytch.consumer.models.sessions import Session
from stytch.consumer.models.users import User

from tests.unit.core import factories
from tests.unit.wires.stytch.opened import ISSUER, grant, opened, session
from understudy.core.applications.application import Vertical
from understudy.core.people.principals import Status
from understudy.wires.stytch import objects, session_objects
from understudy.wires.stytch.kept import KeptSubject, with_kept


def test_the_sdk_reads_every_object() -> None:
    subject, organization = factories.subject(), factories.organization()
    Member(**objects.member(subject))
    User(**objects.user(subject))
    Organization(**objects.organization(organization))
    MemberSession(
        **objects.member_session(session(), grant(), subject, organization, issuer=ISSUER)
    )
    Session(**objects.user_session(session(), grant(), subject, issuer=ISSUER))


def test_the_sdk_reads_objects_of_which_little_is_known() -> None:
    bare = factories.subject(email=None, name=None, organization_id=None, roles=())
    member, user = Member(**objects.member(bare)), User(**objects.user(bare))
    assert (member.email_address, member.email_address_verified, member.name) == ("", False, "")
    assert (user.emails, user.phone_numbers) == ([], [])
    assert (objects.email_id(bare), objects.phone_id(bare)) == ("", "")


@pytest.mark.parametrize("vertical", Vertical)
def test_the_sdk_reads_the_answer_to_a_token(vertical: Vertical) -> None:
    found = opened(application=factories.application(vertical=vertical))
    body = {
        "status_code": 200,
        "request_id": "r1",
        **session_objects.answer(found, issuer=ISSUER, jwt="a.b.c"),
        **session_objects.authenticated(found),
    }
    if vertical is Vertical.B2B:
        assert b2b.AuthenticateResponse(**body).member_authenticated
    else:
        assert consumer.AuthenticateResponse(**body).user_id == "ada"


@pytest.mark.parametrize(
    ("status", "pending", "shown", "locked"),
    [
        (Status.ACTIVE, False, "active", False),
        (Status.ACTIVE, True, "pending", False),
        (Status.DISABLED, False, "active", True),
        (Status.DELETED, True, "deleted", False),
    ],
)
def test_a_status_shows_as_the_nearest_of_theirs(
    status: Status, pending: bool, shown: str, locked: bool
) -> None:
    extra = with_kept({}, KeptSubject(pending=pending))
    found = objects.member(factories.subject(status=status, extra=extra))
    assert (found["status"], found["is_locked"]) == (shown, locked)


def test_everybody_has_the_default_role_once() -> None:
    subject = factories.subject(roles=("stytch_member", "stytch_user", "owner"))
    assert objects.member_roles(subject) == ["stytch_member", "stytch_user", "owner"]
    assert objects.user_roles(subject) == ["stytch_user", "stytch_member", "owner"]
    assert objects.member(factories.subject(roles=("stytch_admin",)))["is_admin"]
    assert not objects.member(subject)["is_admin"]


@pytest.mark.parametrize(
    ("kept", "name", "parts"),
    [
        (KeptSubject(first_name="Ana", middle_name="de", last_name="Sá"), "Ana de Sá",
         ("Ana", "de", "Sá")),
        (KeptSubject(first_name="Ana", last_name="Sá"), "Bea Sá", ("Bea", "", "Sá")),
        (KeptSubject(), "Ada King Lovelace", ("Ada", "", "King Lovelace")),
        (KeptSubject(), None, ("", "", "")),
    ],
)  # fmt: skip
def test_a_name_has_parts_unless_it_changed_by_another_way(
    kept: KeptSubject, name: str | None, parts: tuple[str, str, str]
) -> None:
    found = objects.user(factories.subject(name=name, extra=with_kept({}, kept)))["name"]
    assert (found["first_name"], found["middle_name"], found["last_name"]) == parts


def test_derived_ids_are_stable_and_differ_by_application_and_kind() -> None:
    kept = with_kept({}, KeptSubject(phone_number="+12025550162"))
    one = factories.subject(extra=kept)
    assert objects.email_id(one) == "email-cf3862b4-81a6-5cec-ac83-80311fd395d1"
    ids = {
        objects.email_id(one),
        objects.phone_id(one),
        objects.email_id(factories.subject(application_id="app_2")),
        objects.email_id(factories.subject(id="bob")),
    }
    assert len(ids) == 4
    assert objects.email_id(one) == objects.email_id(factories.subject(name="New", ref="sub_9"))
    assert "sub_1" not in str(ids)


def test_an_organization_without_a_slug_goes_by_its_id() -> None:
    assert objects.slug_of(factories.organization()) == "acme"
    assert objects.slug_of(factories.organization(slug="blue-heron")) == "blue-heron"


def test_times_are_utc_and_cut_to_the_second() -> None:
    moment = datetime(2031, 5, 6, 9, 8, 7, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert objects.instant(moment) == "2031-05-06T07:08:07Z"
    assert objects.instant(datetime(2031, 5, 6, 7, 8, 7, tzinfo=UTC)) == "2031-05-06T07:08:07Z"


def test_the_factor_names_the_actor_even_without_an_address() -> None:
    actor = factories.named_actor(email=None)
    found = objects.factor(session(), grant(actor=actor))["impersonated_factor"]
    assert found == {"impersonator_id": "staff-7", "impersonator_email_address": ""}
