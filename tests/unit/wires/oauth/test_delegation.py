from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt as pyjwt
import pytest

from tests.fixtures.engine import START
from tests.unit.keys.test_jwt import ISSUER, opened
from understudy.core.ids import OperatorId
from understudy.core.people.principals import Operator, OperatorSession, OperatorStatus
from understudy.flows.impersonation.delegate import HandedOver, PresentActor
from understudy.flows.impersonation.mint import Minted
from understudy.storage.vault import InstallationKey, InstallationVault
from understudy.wires.oauth.delegation import (
    ACTOR_TOKEN_LIFE,
    Kind,
    actor_token,
    read_actor_token,
    read_subject_token,
    subject_token,
)

VAULT = InstallationVault(InstallationKey(b"k" * 32), random=lambda count: b"r" * count)
OTHER_VAULT = InstallationVault(InstallationKey(b"o" * 32), random=lambda count: b"r" * count)
SECRET = "usi_secret"
OPERATOR = Operator(
    id=OperatorId("opr_1"),
    email="sam@x.example",
    name="Sam",
    roles=frozenset(),
    status=OperatorStatus.ACTIVE,
    created_at=START,
    updated_at=START,
)
SIGN_IN = OperatorSession(
    id="ops_1",
    operator_id=OperatorId("opr_1"),
    token_hash=b"",
    created_at=START,
    last_seen_at=START,
    expires_at=START + timedelta(hours=12),
)
HANDED = HandedOver(
    grant=opened().grant, token=Minted(token=SECRET, expires_at=START + timedelta(seconds=60))
)
SUBJECT = subject_token(VAULT, HANDED, issuer=ISSUER, now=START, jwt_id="jti-1").token
READING: dict[str, Any] = {"issuer": ISSUER, "application_id": "app_1", "now": START}


def acting(session: OperatorSession = SIGN_IN) -> str:
    signed = actor_token(
        VAULT,
        OPERATOR,
        session,
        application_id="app_1",
        issuer=ISSUER,
        now=START,
        jwt_id="jti-2",
    )
    assert signed.token not in repr(signed)
    return signed.token


def unverified(token: str) -> dict[str, Any]:
    return dict(pyjwt.decode(token, options={"verify_signature": False}))


def resigned(token: str, kind: Kind, **changes: Any) -> str:
    """``token`` with other claims, signed with the right key: as only we could."""
    key = VAULT.keyed_hash("oauth token", kind.value)
    contents = unverified(token) | changes
    return pyjwt.encode(contents, key, algorithm="HS256", headers={"typ": kind.value})


def test_a_subject_token_names_who_may_act() -> None:
    assert unverified(SUBJECT) == {
        "iss": ISSUER,
        "aud": ISSUER,
        "client_id": "app_1",
        "sub": "ada",
        "may_act": {"iss": ISSUER, "sub": "opr_1"},
        "iat": int(START.timestamp()),
        "exp": int(START.timestamp()) + 60,
        "jti": "jti-1",
        "understudy": {"grant": "grt_1", "token": SECRET},
    }
    assert read_subject_token(VAULT, SUBJECT, **READING) == SECRET


def test_an_actor_token_names_an_operator_and_their_sign_in() -> None:
    assert unverified(acting()) == {
        "iss": ISSUER,
        "aud": ISSUER,
        "client_id": "app_1",
        "sub": "opr_1",
        "sid": "ops_1",
        "iat": int(START.timestamp()),
        "exp": int((START + ACTOR_TOKEN_LIFE).timestamp()),
        "jti": "jti-2",
    }
    assert read_actor_token(VAULT, acting(), **READING) == PresentActor(
        operator_id=OperatorId("opr_1"), operator_session_id="ops_1"
    )


def test_an_actor_token_is_over_at_its_very_second() -> None:
    last = START + ACTOR_TOKEN_LIFE - timedelta(seconds=1)
    assert read_actor_token(VAULT, acting(), **READING | {"now": last}) is not None
    assert read_actor_token(VAULT, acting(), **READING | {"now": START + ACTOR_TOKEN_LIFE}) is None


def test_an_actor_token_does_not_outlive_the_sign_in() -> None:
    short = replace(SIGN_IN, expires_at=START + timedelta(seconds=20))
    assert unverified(acting(short))["exp"] == int(START.timestamp()) + 20


def test_a_late_subject_token_is_read_so_that_a_second_use_is_noticed() -> None:
    late = READING | {"now": START + timedelta(hours=1)}
    assert read_subject_token(VAULT, SUBJECT, **late) is not None


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("issuer", "https://elsewhere.example"),
        ("application_id", "app_2"),
        ("now", START - timedelta(seconds=31)),
    ],
)
def test_they_are_for_one_application_of_one_issuer(change: str, value: object) -> None:
    reading = READING | {change: value}
    assert read_subject_token(VAULT, SUBJECT, **reading) is None
    assert read_actor_token(VAULT, acting(), **reading) is None


def test_neither_passes_for_the_other() -> None:
    assert read_subject_token(VAULT, acting(), **READING) is None
    assert read_actor_token(VAULT, SUBJECT, **READING) is None
    swapped = resigned(acting(), Kind.SUBJECT)
    assert read_actor_token(VAULT, swapped, **READING) is None


def test_another_installation_signs_for_itself() -> None:
    assert read_subject_token(OTHER_VAULT, SUBJECT, **READING) is None
    assert read_actor_token(OTHER_VAULT, acting(), **READING) is None


def test_a_subject_token_that_is_delegated_already_is_refused() -> None:
    nested = resigned(SUBJECT, Kind.SUBJECT, act={"iss": ISSUER, "sub": "opr_1"})
    assert read_subject_token(VAULT, resigned(SUBJECT, Kind.SUBJECT), **READING) is not None
    assert read_subject_token(VAULT, nested, **READING) is None


@pytest.mark.parametrize("token", ["", "usi_secret", "a.b.c", SUBJECT + "x", SUBJECT[:-1]])
def test_anything_else_is_neither(token: str) -> None:
    assert read_subject_token(VAULT, token, **READING) is None
    assert read_actor_token(VAULT, token, **READING) is None
