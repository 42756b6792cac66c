"""Every kind of token at every endpoint that takes one: only the right one passes.

A wrong one is refused, changes nothing, and uses nothing up: the right ones work afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import jwt as pyjwt
import pytest
from authlib.oauth2.rfc6750.errors import InvalidTokenError  # type: ignore[import-untyped]
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator  # type: ignore[import-untyped]
from clerk_backend_api.security import TokenVerificationError, VerifyTokenOptions, verify_token
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from stytch import B2BClient

from tests.integration.wires.clerk import place as places
from tests.integration.wires.clerk.place import APP
from tests.integration.wires.kinds import CALLBACK, VERIFIER, Kind, Made, Office, office
from understudy.http.cookies import OPERATOR_COOKIE

# A library below one of the SDKs.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT = "urn:ietf:params:oauth:token-type:jwt"
IMPERSONATION = "urn:understudy:params:oauth:token-type:impersonation-token"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One installation for all: a test makes its own tokens."""
    with places.place(tmp_path_factory.mktemp("kinds")) as place:
        yield office(place)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What a token is presented with: the application's credentials, and genuine company."""

    at: Office
    subject: dict[str, str]
    actor: dict[str, str]
    made: Made
    stytch: B2BClient

    def post(self, path: str, **json: Any) -> httpx.Response:
        return self.at.http.post(path, json=json, auth=self._auth)

    def form(self, path: str, **form: str) -> httpx.Response:
        return self.at.http.post(path, data=form, auth=self._auth)

    def ended(self, answer: httpx.Response) -> bool:
        """Whether a call that tells nothing has ended the session."""
        assert answer.status_code < 500, answer.text
        return not self.at.is_live(self.made.session_id)

    @property
    def _auth(self) -> tuple[str, str]:
        tenant = self.at.place.tenant
        return tenant.application.id, tenant.secret


def bench(at: Office) -> Bench:
    """A fresh one."""
    tenant, base = at.place.tenant, at.place.base
    return Bench(
        at=at,
        subject=at.subject_token(tenant),
        actor=at.actor_token(tenant),
        made=at.made(tenant),
        stytch=B2BClient(tenant.application.id, tenant.secret, environment=base),
    )


def accepted(answer: httpx.Response) -> bool:
    assert answer.status_code < 500, answer.text
    return answer.is_success


def introspect(on: Bench, token: str) -> bool:
    answer = on.form("/oauth2/introspect", token=token)
    told = answer.json()
    assert answer.status_code == 200
    if not told["active"]:
        assert told == {"active": False}
    return bool(told["active"])


def revoke(on: Bench, token: str) -> bool:
    answer = on.form("/oauth2/revoke", token=token)
    assert (answer.status_code, answer.content) == (200, b"")
    return on.ended(answer)


def redeem(on: Bench, token: str) -> bool:
    return accepted(
        on.form(
            "/oauth2/token",
            grant_type=EXCHANGE,
            subject_token=token,
            subject_token_type=IMPERSONATION,
        )
    )


def delegate_subject(on: Bench, token: str) -> bool:
    form = {"subject_token": token, "subject_token_type": JWT, **on.actor}
    return accepted(on.form("/oauth2/token", grant_type=EXCHANGE, **form))


def delegate_actor(on: Bench, token: str) -> bool:
    form = {**on.subject, "actor_token": token, "actor_token_type": JWT}
    return accepted(on.form("/oauth2/token", grant_type=EXCHANGE, **form))


def refresh(on: Bench, token: str) -> bool:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return accepted(on.form("/oauth2/token", **form))


def code(on: Bench, token: str) -> bool:
    form = {
        "grant_type": "authorization_code",
        "code": token,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return accepted(on.form("/oauth2/token", **form))


def native_exchange(on: Bench, token: str) -> bool:
    return accepted(on.post("/api/v1/impersonations/exchange", impersonation_token=token))


def native_exchange_for_stytch(on: Bench, token: str) -> bool:
    path = "/api/v1/impersonations/exchange"
    return accepted(on.post(path, impersonation_token=token, wire="stytch"))


def native_exchange_for_clerk(on: Bench, token: str) -> bool:
    path = "/api/v1/impersonations/exchange"
    return accepted(on.post(path, impersonation_token=token, wire="clerk"))


def native_refresh(on: Bench, token: str) -> bool:
    return accepted(on.post("/api/v1/sessions/refresh", session_token=token))


def stytch_exchange(on: Bench, token: str) -> bool:
    return accepted(on.post("/v1/b2b/impersonation/authenticate", impersonation_token=token))


def stytch_by_token(on: Bench, token: str) -> bool:
    return accepted(on.post("/v1/b2b/sessions/authenticate", session_token=token))


def stytch_by_jwt(on: Bench, token: str) -> bool:
    return accepted(on.post("/v1/b2b/sessions/authenticate", session_jwt=token))


def stytch_revoke_by_token(on: Bench, token: str) -> bool:
    return on.ended(on.post("/v1/b2b/sessions/revoke", session_token=token))


def stytch_revoke_by_jwt(on: Bench, token: str) -> bool:
    return on.ended(on.post("/v1/b2b/sessions/revoke", session_jwt=token))


def stytch_locally(on: Bench, token: str) -> bool:
    """The SDK's own check, against the keys that it fetches."""
    try:
        return on.stytch.sessions.authenticate_jwt_local(token) is not None
    except (pyjwt.PyJWTError, KeyError):  # no such key; or not what it looks for in a session
        return False


def clerk_exchange(on: Bench, token: str) -> bool:
    headers = {"authorization": f"Bearer {on.at.place.tenant.secret}"}
    path = "/clerk/v1/tickets/exchange"
    return accepted(on.at.http.post(path, json={"ticket": token}, headers=headers))


def clerk_sign_in(on: Bench, token: str) -> bool:
    path = "/clerk/v1/client/sign_ins"
    return accepted(
        on.at.http.post(path, data={"strategy": "ticket", "ticket": token}, headers={"origin": APP})
    )


def clerk_locally(on: Bench, token: str) -> bool:
    """The SDK's own check, against the keys that it fetches."""
    place = on.at.place
    options = VerifyTokenOptions(secret_key=place.tenant.secret, api_url=place.api)
    try:
        return bool(verify_token(token, options)["act"])
    except (TokenVerificationError, pyjwt.PyJWTError):
        return False


def resource_server(on: Bench, token: str) -> bool:
    """A library's check of access tokens (RFC 9068), with the keys at our ``jwks_uri``."""
    place = on.at.place

    class Validator(JWTBearerTokenValidator):  # type: ignore[misc]
        def get_jwks(self) -> KeySet:
            return KeySet.import_key_set(place.stranger.get("/.well-known/jwks.json").json())

    validator = Validator(place.base, place.tenant.application.id)
    try:
        validator.validate_token(validator.authenticate_token(token), ["full"], None)
    except (InvalidTokenError, JoseError, ValueError):
        return False
    return True


def as_a_secret(on: Bench, token: str) -> bool:
    """For an application's secret, or for an operator's sign-in."""
    http, id_ = on.at.http, on.at.place.tenant.application.id
    bearer = {"authorization": f"Bearer {token}"}
    cookie = {"cookie": f"{OPERATOR_COOKIE}={token}"}
    answers = (
        http.get("/api/v1/application", auth=(id_, token)),
        http.post("/oauth2/introspect", data={"token": "x"}, auth=(id_, token)),
        http.get("/clerk/v1/users", headers=bearer),
        http.get("/api/v1/me", headers=cookie),
    )
    return any([accepted(answer) for answer in answers])


Check = Callable[[Bench, str], bool]
PASSES: dict[Check, set[str]] = {
    introspect: {Kind.NATIVE_JWT, Kind.SESSION_TOKEN},
    # One that has expired still says which session its holder is done with.
    revoke: {Kind.NATIVE_JWT, Kind.SESSION_TOKEN, f"expired {Kind.NATIVE_JWT}"},
    redeem: {Kind.NATIVE_TOKEN},
    delegate_subject: {Kind.SUBJECT_TOKEN},
    delegate_actor: {Kind.ACTOR_TOKEN},
    refresh: {Kind.SESSION_TOKEN},
    code: {Kind.CODE},
    native_exchange: {Kind.NATIVE_TOKEN},
    native_exchange_for_stytch: {Kind.STYTCH_TOKEN},
    native_exchange_for_clerk: {Kind.CLERK_TOKEN},
    native_refresh: {Kind.SESSION_TOKEN},
    stytch_exchange: {Kind.STYTCH_TOKEN},
    stytch_by_token: {Kind.SESSION_TOKEN},
    # Its clients send expired ones on purpose, for a fresh one while the session lives.
    stytch_by_jwt: {Kind.STYTCH_JWT, f"expired {Kind.STYTCH_JWT}"},
    stytch_revoke_by_token: {Kind.SESSION_TOKEN},
    stytch_revoke_by_jwt: {Kind.STYTCH_JWT, f"expired {Kind.STYTCH_JWT}"},
    stytch_locally: {Kind.STYTCH_JWT},
    clerk_exchange: {Kind.CLERK_TOKEN},
    clerk_sign_in: {Kind.CLERK_TOKEN},
    clerk_locally: {Kind.CLERK_JWT},
    resource_server: {Kind.NATIVE_JWT},
    as_a_secret: set(),
}
BY_TOKEN_ALONE: dict[Check, set[str]] = {clerk_sign_in: {f"foreign {Kind.CLERK_TOKEN}"}}
"""Where no application says who it is: the token itself does."""
BY_PUBLISHED_KEY: dict[Check, set[str]] = {
    resource_server: {f"{Kind.NATIVE_JWT} with the key for logout"}
}
"""Where any key at our ``jwks_uri`` is taken, those for logout among them (OpenID Connect
Back-Channel Logout, section 2.6): we hold them, and sign no session with them.
"""


@pytest.mark.parametrize("check", PASSES, ids=lambda check: check.__name__)
def test_only_the_right_kind_passes(at: Office, check: Check) -> None:
    on, tenant = bench(at), at.place.tenant
    foreign = at.made(at.place.other)
    every = {f"foreign {name}": text for name, text in foreign.real.items()}
    every |= {**on.made.real, **at.expired(on.made, tenant), **at.forged(on.made, tenant)}
    right = PASSES[check] | BY_TOKEN_ALONE.get(check, set()) | BY_PUBLISHED_KEY.get(check, set())
    passed = [name for name, text in every.items() if name not in right and check(on, text)]
    assert passed == []
    assert at.is_live(on.made.session_id)
    assert at.is_live(foreign.session_id)


@pytest.mark.parametrize(
    ("check", "name"),
    [(check, name) for check, names in PASSES.items() for name in sorted(names)],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_the_right_kind_does_pass(at: Office, check: Check, name: str) -> None:
    on = bench(at)
    assert check(on, {**on.made.real, **at.expired(on.made, at.place.tenant)}[name])
