from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import jwt as pyjwt
import pytest
from joserfc.jwk import RSAKey

from tests.fixtures.engine import START
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.ids import (
    ActorRef,
    GrantId,
    OrganizationId,
    OrganizationRef,
    SessionId,
    SubjectId,
    SubjectRef,
)
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.restrictions import Restrictions, Scope
from understudy.core.impersonation.sessions import Session
from understudy.core.people.principals import Actor, ActorKind, Status, Subject
from understudy.flows.impersonation.open_session import OpenSession
from understudy.keys.jwt import claims, expires_in, sign
from understudy.keys.session_keys import JwtSigner

ISSUER = "https://understudy.example"
OPERATOR = Actor(
    kind=ActorKind.OPERATOR, ref=ActorRef("opr_1"), id="opr_1", email="sam@x.example", name="Sam"
)
NAMED = Actor(
    kind=ActorKind.NAMED_BY_APPLICATION, ref=ActorRef("act_1"), id="kim", email="kim@x.example"
)


def opened(actor: Actor = OPERATOR, *, minutes: int = 30) -> OpenSession:
    grant = Grant(
        id=GrantId("grt_1"),
        application_id="app_1",
        actor=actor,
        subject_id=SubjectId("ada"),
        subject_ref=SubjectRef("sub_1"),
        organization_id=OrganizationId("acme"),
        organization_ref=OrganizationRef("org_1"),
        reason="A secret reason",
        ticket="T-1",
        scope=Scope.READ_ONLY,
        minutes=minutes,
        status=GrantStatus.ACTIVE,
        created_at=START,
        expires_at=START + timedelta(minutes=15),
    )
    session = Session(
        id=SessionId("ses_1"),
        grant_id=GrantId("grt_1"),
        application_id="app_1",
        actor_ref=actor.ref,
        subject_ref=SubjectRef("sub_1"),
        organization_ref=OrganizationRef("org_1"),
        token_hash=b"",
        token_nonce=b"",
        started_at=START,
        ends_at=START + timedelta(minutes=minutes),
        idle_limit=timedelta(minutes=10),
        last_active_at=START,
    )
    application = Application(
        id="app_1",
        name="App",
        vertical=Vertical.B2B,
        status=Status.ACTIVE,
        settings=ApplicationSettings(),
        secret_hash=b"",
        created_at=START,
        updated_at=START,
    )
    subject = Subject(
        application_id="app_1",
        id=SubjectId("ada"),
        ref=SubjectRef("sub_1"),
        email="ada@acme.example",
        name="Ada Lovett",
        organization_id=OrganizationId("acme"),
        roles=(),
        protected=False,
        status=Status.ACTIVE,
        created_at=START,
        updated_at=START,
    )
    return OpenSession(
        session=session,
        session_token="uss_1",
        grant=grant,
        application=application,
        subject=subject,
        organization=None,
        restrictions=Restrictions(scope=Scope.READ_ONLY),
        log_size=1,
    )


def said(session: OpenSession, now: datetime = START) -> dict[str, Any]:
    return claims(session, issuer=ISSUER, now=now, jwt_id="jti-1")


def test_the_claims_are_those_of_the_specifications() -> None:
    issued = int(START.timestamp())
    assert said(opened()) == {
        "iss": ISSUER,
        "sub": "ada",
        "aud": "app_1",
        "client_id": "app_1",
        "iat": issued,
        "nbf": issued,
        "exp": issued + 300,
        "jti": "jti-1",
        "sid": "ses_1",
        "scope": "read_only",
        "act": {"iss": ISSUER, "sub": "opr_1"},
        "understudy": {"grant": "grt_1", "organization": "acme", "session_exp": issued + 1800},
    }


@pytest.mark.parametrize("actor", [OPERATOR, NAMED])
def test_nothing_is_told_about_people_but_their_ids(actor: Actor) -> None:
    text = str(said(opened(actor)))
    for personal in ("@", "Ada", "Sam", "reason", "T-1", "uss_"):
        assert personal not in text


def test_there_is_always_an_actor_and_no_second_one_inside() -> None:
    for actor in (OPERATOR, NAMED):
        act = said(opened(actor))["act"]
        assert act.keys() == {"iss", "sub"}


def test_an_actor_named_by_an_application_is_its_own() -> None:
    assert said(opened(NAMED))["act"] == {"iss": f"{ISSUER}/applications/app_1", "sub": "kim"}


@pytest.mark.parametrize(
    ("elapsed", "seconds"), [(0, 300), (25 * 60, 300), (25 * 60 + 1, 299), (29 * 60 + 59, 1)]
)
def test_a_jwt_never_outlives_its_session(elapsed: int, seconds: int) -> None:
    now = START + timedelta(seconds=elapsed)
    contents = said(opened(), now)
    assert contents["exp"] - contents["iat"] == seconds
    assert expires_in(opened(), now) == seconds


def test_a_session_between_two_seconds_is_cut_to_the_earlier_one() -> None:
    session = opened()
    fine = replace(session.session, ends_at=START + timedelta(seconds=10, milliseconds=900))
    contents = said(replace(session, session=fine))
    assert contents["exp"] == int(START.timestamp()) + 10


def test_a_library_that_nobody_here_wrote_verifies_it() -> None:
    key = RSAKey.generate_key(2048)
    token = sign(said(opened()), JwtSigner(kid="kid-1", key=key))
    assert pyjwt.get_unverified_header(token) == {"typ": "at+jwt", "alg": "RS256", "kid": "kid-1"}
    decoded = pyjwt.decode(
        token,
        key.as_pem(private=False),
        algorithms=["RS256"],
        audience="app_1",
        issuer=ISSUER,
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert decoded == said(opened())
    with pytest.raises(pyjwt.InvalidAudienceError):
        pyjwt.decode(
            token,
            key.as_pem(private=False),
            algorithms=["RS256"],
            audience="app_2",
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
