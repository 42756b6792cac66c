from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.factories import NOW, application, named_actor, operator, organization, subject
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import LEASE, EndCause, Session
from understudy.core.impersonation.tokens import (
    IdPrefix,
    TokenPurpose,
    derive_token,
    make_id,
    pseudonym,
    token_hash,
)
from understudy.core.notices.events import Action, Event, EventType, Party, PartyKind
from understudy.core.people.permissions import ROLE_PERMISSIONS, Permission, Role, permissions_of
from understudy.core.people.principals import Actor, OperatorStatus

SESSION = Session(
    id="ses_1",
    grant_id="grt_1",
    application_id="app_1",
    actor_ref="opr_1",
    subject_ref="sub_1",
    organization_ref=None,
    token_hash=b"h",
    token_nonce=b"n",
    started_at=NOW,
    ends_at=NOW + timedelta(minutes=30),
    idle_limit=timedelta(minutes=10),
    last_active_at=NOW,
)


def test_a_session_is_over_at_the_very_instant_of_its_end() -> None:
    busy = replace(SESSION, last_active_at=SESSION.ends_at)
    almost = SESSION.ends_at - timedelta(milliseconds=1)
    assert busy.over_because(almost) is None
    assert busy.over_because(SESSION.ends_at) is EndCause.TIME_LIMIT


def test_a_session_is_over_at_the_very_instant_of_its_idle_limit() -> None:
    idle_at = NOW + timedelta(minutes=10)
    assert SESSION.idle_at == idle_at
    assert SESSION.over_because(idle_at - timedelta(milliseconds=1)) is None
    assert SESSION.over_because(idle_at) is EndCause.IDLE


def test_an_ended_session_stays_over_for_its_first_cause() -> None:
    ended = replace(SESSION, ended_at=NOW, end_cause=EndCause.REVOKED)
    assert ended.over_because(NOW) is EndCause.REVOKED
    assert ended.over_because(SESSION.ends_at) is EndCause.REVOKED


def test_a_lease_is_short_and_never_outlives_the_session() -> None:
    assert SESSION.lease_until(NOW) == NOW + LEASE
    late = SESSION.ends_at - timedelta(seconds=1)
    assert SESSION.lease_until(late) == SESSION.ends_at


def test_a_grant_can_be_exchanged_only_while_ready_or_active() -> None:
    grant = Grant(
        id="grt_1",
        application_id="app_1",
        actor=Actor.from_operator(operator()),
        subject_id="ada",
        subject_ref="sub_1",
        organization_id=None,
        organization_ref=None,
        reason="because it is needed",
        ticket=None,
        scope=Scope.FULL,
        minutes=30,
        status=GrantStatus.READY,
        created_at=NOW,
        expires_at=NOW,
    )
    exchangeable = {s for s in GrantStatus if replace(grant, status=s).exchangeable}
    assert exchangeable == {GrantStatus.READY, GrantStatus.ACTIVE}


def test_an_operator_without_a_role_may_do_nothing() -> None:
    assert permissions_of([]) == frozenset()


@pytest.mark.parametrize("status", [OperatorStatus.INVITED, OperatorStatus.DISABLED])
def test_an_operator_who_is_not_active_may_do_nothing(status: OperatorStatus) -> None:
    everyone = operator(roles=frozenset(Role), status=status)
    assert not any(everyone.may(permission) for permission in Permission)


def test_whoever_sets_the_rules_does_not_work_under_them() -> None:
    assert Permission.IMPERSONATION_START not in ROLE_PERMISSIONS[Role.ADMIN]
    assert Permission.APPLICATIONS_WRITE not in ROLE_PERMISSIONS[Role.SUPPORT_MANAGER]


def test_an_auditor_changes_nothing() -> None:
    reading = {
        Permission.AUDIT_EXPORT,
        *(permission for permission in Permission if permission.endswith(".read")),
    }
    assert ROLE_PERMISSIONS[Role.AUDITOR] <= reading


def test_roles_add_up() -> None:
    both = permissions_of([Role.ADMIN, Role.SUPPORT_MANAGER])
    assert both == ROLE_PERMISSIONS[Role.ADMIN] | ROLE_PERMISSIONS[Role.SUPPORT_MANAGER]


def test_parties_carry_our_reference_beside_the_names() -> None:
    assert subject().party == Party(
        kind=PartyKind.SUBJECT,
        ref="sub_1",
        id="ada",
        email="ada@acme.example",
        name="Ada Lovelace",
    )
    assert organization().party.ref == "org_1"
    assert application().party == Party(kind=PartyKind.APPLICATION, ref="app_1", name="Invoices")
    assert operator().party.kind is PartyKind.OPERATOR
    assert named_actor().party.kind is PartyKind.NAMED_BY_APPLICATION


def test_the_core_half_of_an_entry_names_nobody() -> None:
    event = Event(
        type=EventType.ACTION_COMPLETED,
        application_id="app_1",
        actor=operator().party,
        subject=subject().party,
        organization=organization().party,
        reason="Cannot find the reports tab",
        ticket="SUP-1",
        address="192.0.2.7",
        user_agent="Browser",
        action=Action(id="a1", method="GET", route="/u/{id}", path="/u/ada", status=200),
    )
    core = str(event.core_payload())
    for personal in ("ada", "Ada", "sam@", "acme", "Acme", "SUP-1", "192.0.2.7", "Browser"):
        assert personal not in core
    assert event.personal_payload()["path"] == "/u/ada"
    assert event.core_payload()["subject_ref"] == "sub_1"


def test_an_event_about_nothing_says_only_how_it_went() -> None:
    event = Event(type=EventType.KEYS_ROTATED)
    assert event.core_payload() == {"outcome": "ok"}
    assert event.personal_payload() == {}


@given(nonce=st.binary(min_size=32, max_size=32), key=st.binary(min_size=32, max_size=32))
def test_a_token_fits_one_purpose_one_key_and_one_nonce(nonce: bytes, key: bytes) -> None:
    tokens = {derive_token(key, purpose, nonce) for purpose in TokenPurpose}
    assert len(tokens) == len(TokenPurpose)
    assert derive_token(key + b"x", TokenPurpose.SESSION, nonce) not in tokens
    assert all(set(token) <= set(TOKEN_CHARACTERS) for token in tokens)
    assert derive_token(key, TokenPurpose.SESSION, nonce) in tokens


TOKEN_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_ids_say_what_they_name_and_need_no_escaping() -> None:
    identifier = make_id(IdPrefix.SESSION, b"\xff" * 16)
    assert identifier == "ses_" + "_" * 21 + "w"


def test_a_pseudonym_is_stable_and_keeps_its_parts_apart() -> None:
    assert pseudonym(b"k", "a", "bc") == pseudonym(b"k", "a", "bc")
    assert pseudonym(b"k", "a", "bc") != pseudonym(b"k", "ab", "c")
    assert pseudonym(b"k", "a") != pseudonym(b"l", "a")


def test_a_token_hash_is_the_sha_256_of_its_text() -> None:
    assert token_hash("abc").hex().startswith("ba7816bf8f01cfea")


def test_bearers_are_not_printed() -> None:
    assert "token_hash" not in repr(SESSION)
    assert "password" not in repr(operator(password_hash="secret"))
