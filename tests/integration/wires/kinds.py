"""Every kind of token and JWT that there is, real ones and forged ones, in one installation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.integration.wires.clerk.place import Place, Tenant
from understudy.core.ids import OrganizationId, SessionId, SubjectId
from understudy.core.impersonation.grants import Grant, ImpersonationRequest
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor
from understudy.core.ports import KeyUse, Unit
from understudy.flows.directory import maintain
from understudy.flows.impersonation.exchange import code_challenge
from understudy.flows.impersonation.mint import CodeBinding, mint
from understudy.flows.impersonation.request import Granted, request
from understudy.flows.origin import Origin
from understudy.flows.people import team
from understudy.flows.people.sign_in import SignedIn, begin
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.keys import session_keys
from understudy.keys.session_keys import JwtSigner, SessionKeys
from understudy.service.table import WIRES
from understudy.wires.oauth import logout

REASON = "Looking at the missing invoice"
CALLBACK = "http://127.0.0.1:9/_understudy/callback"
VERIFIER = "v" * 43
BINDING = CodeBinding(redirect_uri=CALLBACK, code_challenge=code_challenge(VERIFIER))
USES = (KeyUse.SESSION_JWT, "stytch_jwt", "clerk_jwt", KeyUse.LOGOUT)
HERE = Origin(address="127.0.0.1")


class Kind(StrEnum):
    """What somebody may present, rightly in one place and wrongly in all others."""

    NATIVE_JWT = "native JWT"
    STYTCH_JWT = "Stytch JWT"
    CLERK_JWT = "Clerk JWT"
    LOGOUT_TOKEN = "logout token"
    SUBJECT_TOKEN = "subject token"
    ACTOR_TOKEN = "actor token"
    SESSION_TOKEN = "session token"
    NATIVE_TOKEN = "native impersonation token"
    CODE = "code"
    DELEGATED_TOKEN = "what a subject token carries"
    STYTCH_TOKEN = "Stytch impersonation token"
    CLERK_TOKEN = "Clerk ticket"


JWT_USES: Mapping[Kind, str] = {
    Kind.NATIVE_JWT: KeyUse.SESSION_JWT,
    Kind.STYTCH_JWT: "stytch_jwt",
    Kind.CLERK_JWT: "clerk_jwt",
    Kind.LOGOUT_TOKEN: KeyUse.LOGOUT,
}


@dataclass(frozen=True, kw_only=True)
class Made:
    """One of each kind for one application, all about one session."""

    real: Mapping[str, str] = field(repr=False)
    session_id: str


@dataclass(frozen=True, kw_only=True)
class Office:
    """A place with an operator in it; ``http`` speaks for nobody in particular."""

    place: Place
    sam: SignedIn

    @property
    def http(self) -> httpx.Client:
        """A client without credentials."""
        return self.place.stranger

    def made(self, tenant: Tenant) -> Made:
        """Fresh ones of every kind."""
        real = {
            **self._session(tenant),
            **self._tokens(tenant),
            Kind.SUBJECT_TOKEN: self.subject_token(tenant)["subject_token"],
            Kind.ACTOR_TOKEN: self.actor_token(tenant)["actor_token"],
        }
        return Made(real=real, session_id=str(claims_of(real[Kind.NATIVE_JWT])["sid"]))

    def expired(self, made: Made, tenant: Tenant) -> dict[str, str]:
        """JWTs that were good until a while ago."""
        return {
            f"expired {kind}": jwt.encode(
                header_of(made.real[kind]),
                _past(claims_of(made.real[kind])),
                self.signer(tenant, use).key,
            )
            for kind, use in JWT_USES.items()
        }

    def forged(self, made: Made, tenant: Tenant) -> dict[str, str]:
        """What others may make of the JWTs."""
        signers = {use: self.signer(tenant, use) for use in USES}
        found: dict[str, str] = {}
        for kind, use in JWT_USES.items():
            others = {other: signer for other, signer in signers.items() if other is not use}
            found |= _forgeries(kind, made.real[kind], signer=signers[use], others=others)
        return found

    def subject_token(self, tenant: Tenant) -> dict[str, str]:
        """A subject token with its type."""
        path = f"/api/v1/grants/{self.grant(tenant).id}/subject-token"
        return _only(self.http.post(path, auth=_auth(tenant)), "subject_token")

    def actor_token(self, tenant: Tenant) -> dict[str, str]:
        """An actor token with its type."""
        body = {"application_id": tenant.application.id}
        headers = {
            "cookie": f"{OPERATOR_COOKIE}={self.sam.token}",
            "sec-fetch-site": "same-origin",
        }
        path = "/api/v1/account/actor-token"
        return _only(self.http.post(path, json=body, headers=headers), "actor_token")

    def grant(self, tenant: Tenant) -> Grant:
        """A grant of the operator."""
        ask = ImpersonationRequest(
            application_id=tenant.application.id,
            actor=Actor.from_operator(self.sam.operator),
            subject_id=SubjectId("ada"),
            reason=REASON,
        )
        granted = self.place.engine.run(lambda unit: request(unit, ask, origin=HERE))
        assert isinstance(granted, Granted), granted
        return granted.grant

    def signer(self, tenant: Tenant, use: str) -> JwtSigner:
        """The application's real key."""
        engine, now = self.place.engine, self.place.clock()
        id_ = tenant.application.id
        with engine.reading() as reader:
            known = session_keys.has_key(reader, id_, now, use=use)
        if not known:
            pair = session_keys.generate()
            engine.run(lambda unit: session_keys.add_first(unit, id_, pair, use=use))
        with engine.reading() as reader:
            return SessionKeys(engine.vault).signer(reader, id_, self.place.clock(), use=use)

    def is_live(self, session_id: str) -> bool:
        """Whether a session goes on."""
        with self.place.engine.reading() as reader:
            session = reader.sessions.get(SessionId(session_id))
        assert session is not None
        return session.over_because(self.place.clock()) is None

    def _session(self, tenant: Tenant) -> dict[str, str]:
        """A session's tokens: its JWTs on all wires are of the same session."""

        def posted(path: str, **body: object) -> dict[str, Any]:
            return _json(self.http.post(path, json=body, auth=_auth(tenant)))

        started = posted(
            "/api/v1/impersonations", subject_id="ada", reason=REASON, actor={"id": "kim"}
        )
        token = started["impersonation_token"]
        opened = posted("/api/v1/impersonations/exchange", impersonation_token=token, jwt=True)
        secret = opened["session_token"]
        stytch = posted("/v1/b2b/sessions/authenticate", session_token=secret)
        session_id = opened["session"]["id"]
        bearer = {"authorization": f"Bearer {tenant.secret}"}
        path = f"/clerk/v1/sessions/{session_id}/tokens"
        clerk = _json(self.http.post(path, json={}, headers=bearer))
        return {
            Kind.NATIVE_JWT: opened["session_jwt"],
            Kind.STYTCH_JWT: stytch["session_jwt"],
            Kind.CLERK_JWT: clerk["jwt"],
            Kind.LOGOUT_TOKEN: self._logout_token(tenant, session_id),
            Kind.SESSION_TOKEN: secret,
        }

    def _logout_token(self, tenant: Tenant, session_id: str) -> str:
        contents = logout.claims(
            issuer=self.place.base,
            application_id=tenant.application.id,
            subject_id=SubjectId("ada"),
            session_id=SessionId(session_id),
            now=self.place.clock(),
            jwt_id="jti-logout",
        )
        return logout.sign(contents, self.signer(tenant, KeyUse.LOGOUT))

    def _tokens(self, tenant: Tenant) -> dict[str, str]:
        def minted(unit: Unit, grant: Grant) -> dict[str, str]:
            return {
                Kind.NATIVE_TOKEN: mint(unit, grant).token,
                Kind.CODE: mint(unit, grant, binding=BINDING).token,
                Kind.DELEGATED_TOKEN: mint(unit, grant, kind=WIRES.token_kinds["delegated"]).token,
                Kind.STYTCH_TOKEN: mint(unit, grant, kind=WIRES.token_kinds["stytch"]).token,
                Kind.CLERK_TOKEN: mint(unit, grant, kind=WIRES.token_kinds["clerk"]).token,
            }

        grant = self.grant(tenant)
        return self.place.engine.run(lambda unit: minted(unit, grant))


def office(place: Place) -> Office:
    """``place`` with an operator, and with Ada in the other application as well."""

    def move_in(unit: Unit) -> SignedIn:
        other = place.other.application
        maintain.save_organization(
            unit, other, OrganizationId("acme"), name="Acme", disabled=None, by=SYSTEM, origin=HERE
        )
        ada = maintain.SubjectFacts(
            id=SubjectId("ada"), name="Another Ada", organization_id=OrganizationId("acme")
        )
        maintain.save_subject(unit, other, ada, by=SYSTEM, origin=HERE)
        roles = (Role.SUPPORT_MANAGER,)
        invited = team.invite(
            unit, email="sam@support.example", name="Sam", roles=roles, by=SYSTEM, origin=HERE
        )
        joined = team.join(unit, invited.token, name="Sam", password_hash="none", origin=HERE)
        return begin(unit, joined, origin=HERE)

    return Office(place=place, sam=place.engine.run(move_in))


def claims_of(token: str) -> dict[str, Any]:
    """What a JWT says, unverified."""
    return dict(json.loads(_decoded(token.split(".")[1])))


def header_of(token: str) -> dict[str, Any]:
    """A JWT's header."""
    return dict(json.loads(_decoded(token.split(".", maxsplit=1)[0])))


def _past(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The same, from a while ago: over for longer than any verifier's leeway."""
    by = claims["exp"] - int(datetime.now(UTC).timestamp()) + 120
    return {name: claims[name] - by if name in _TIMES else claims[name] for name in claims}


_TIMES = frozenset({"iat", "nbf", "exp"})


def _forgeries(
    kind: Kind, real: str, *, signer: JwtSigner, others: Mapping[str, JwtSigner]
) -> dict[str, str]:
    """What an attacker may make of a real one who has no private key of ours but a spare one.

    Those signed with another use's key stand for a wire that would be tricked into signing.
    """
    header, claims = header_of(real), claims_of(real)
    signature = real.split(".")[2]
    pem = signer.key.as_pem(private=False)
    without_actor = {name: value for name, value in claims.items() if name != "act"}
    found = {
        "alg none": _unsigned({**header, "alg": "none"}, claims),
        "alg None with a signature": f"{_unsigned({**header, 'alg': 'None'}, claims)}{signature}",
        "HS256 with the public key": _hmac_signed({**header, "alg": "HS256"}, claims, pem),
        "a key of the attacker's": jwt.encode(header, claims, _attackers_key()),
        "a key in the header": jwt.encode(
            {"alg": "RS256", "typ": header["typ"], "jwk": _attackers_jwk()},
            claims,
            _attackers_key(),
        ),
        "another subject": f"{_unsigned(header, {**claims, 'sub': 'root'})}{signature}",
        "no actor": f"{_unsigned(header, without_actor)}{signature}",
        "a signature cut short": real[:-8],
    }
    for use, other in others.items():
        found[f"the key for {use}"] = jwt.encode({**header, "kid": other.kid}, claims, other.key)
        found[f"the key for {use} under its own name"] = jwt.encode(header, claims, other.key)
    return {f"{kind} with {how}": token for how, token in found.items()}


@cache
def _attackers_key() -> RSAKey:
    return RSAKey.generate_key(2048)


def _attackers_jwk() -> dict[str, Any]:
    return dict(_attackers_key().as_dict(private=False))


def _unsigned(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    return f"{_encoded(header)}.{_encoded(claims)}."


def _hmac_signed(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes) -> str:
    message = _unsigned(header, claims)[:-1]
    digest = hmac.digest(secret, message.encode(), hashlib.sha256)
    return f"{message}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _encoded(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _auth(tenant: Tenant) -> tuple[str, str]:
    return tenant.application.id, tenant.secret


def _only(answer: httpx.Response, name: str) -> dict[str, str]:
    found = _json(answer)
    return {name: found[name], f"{name}_type": found[f"{name}_type"]}


def _json(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    return dict(answer.json())
