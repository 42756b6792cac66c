"""The service against its own OpenAPI document: whatever is sent, it answers as documented.

Schemathesis makes up requests, valid and not. Of the valid ones every other gets the ids of things
that are there, so that more than "not found" is seen. The stream of events has tests of its own:
it never ends.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings

import understudy.service
from tests.integration.proof.place import settle, sign_in_with_every_role
from tests.integration.proof.process import SECONDS, Service
from understudy.http.cookies import OPERATOR_COOKIE

Case = schemathesis.Case[Any]
DOCUMENT = Path(understudy.service.__file__).with_name("openapi.json")
EXAMPLES = 20
"""Random requests for each operation and caller, beside the boundary cases."""
REFUSALS = ["2xx", "3xx", "400", "401", "403", "404", "409", "422", "429"]
"""A valid request may be refused: of ids and tokens the schema knows only how they look, integers
come as 37.0 as well, and an address with many wrong passwords has to wait.
"""


@cache
def document(*, coverage: bool) -> schemathesis.BaseSchema:
    """The document, with the boundary cases of every parameter or without."""
    generation = {
        "max-examples": EXAMPLES,
        "with-security-parameters": False,
        "deterministic": True,
        "database": "none",
    }
    checks = {"positive_data_acceptance": {"expected-statuses": REFUSALS}}
    phases = {"coverage": {"enabled": coverage}}
    config = {"generation": generation, "checks": checks, "phases": phases}
    return schemathesis.openapi.from_path(DOCUMENT, config=schemathesis.Config.from_dict(config))


bounded = settings(suppress_health_check=list(HealthCheck))

START = {"subject_id": "bob", "reason": "Cannot find the reports tab", "actor": {"id": "kim"}}


OAUTH = "/oauth2/"
TOKENS = {
    "impersonation_token": "impersonation_token",
    "subject_token": "impersonation_token",
    "session_token": "session_token",
    "refresh_token": "session_token",
    "token": "session_token",
}
"""Where requests carry a token of ours, and of which kind it has to be."""
GRANTS = (
    {"grant_type": "refresh_token", "refresh_token": ""},
    {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": "",
        "subject_token_type": "urn:understudy:params:oauth:token-type:impersonation-token",
    },
    {"grant_type": "authorization_code", "code": "usi_unknown"},
)


@dataclass(frozen=True, kw_only=True)
class Running:
    """A service and one of each thing in it."""

    service: Service
    backend: httpx.Client
    known: Mapping[str, str]
    grant_of_operator: str
    turns: Iterator[int] = field(default_factory=count)
    grants: Iterator[int] = field(default_factory=count)

    def fill_in(self, case: Case, *, tokens: bool = False) -> None:
        """Name things that are there, in every other request that is valid."""
        if case.meta is None or not case.meta.generation.mode.is_positive or next(self.turns) % 2:
            return
        known = dict(self.known)
        if case.path.endswith("/subject-token"):
            known["grant_id"] = self.grant_of_operator
        for values in (case.path_parameters, case.query, case.body):
            if isinstance(values, dict):
                for name in values.keys() & known.keys():
                    values[name] = known[name]
                values.update(self._tokens(case, values.keys() & TOKENS.keys(), tokens=tokens))
                if "grant_type" in values:
                    values.update(self._grant(tokens=tokens))

    def _tokens(self, case: Case, names: Set[str], *, tokens: bool) -> dict[str, str]:
        """Tokens for the fields that want one; outside of OAuth a ``token`` is an invitation's."""
        ours = names if case.path.startswith(OAUTH) else names - {"token"}
        return {name: self._token(TOKENS[name]) if tokens else "usi_unknown" for name in ours}

    def _grant(self, *, tokens: bool) -> dict[str, str]:
        """A token request that is complete; each grant type has its turn."""
        form = GRANTS[next(self.grants) % len(GRANTS)]
        given = {name: TOKENS[name] for name in form.keys() & TOKENS.keys()}
        return form | {
            name: self._token(kind) if tokens else "usi_unknown" for name, kind in given.items()
        }

    def _token(self, name: str) -> str:
        started = self.backend.post("/impersonations", json=START).json()
        if name in started:
            return str(started[name])
        body = {"impersonation_token": started["impersonation_token"]}
        return str(self.backend.post("/impersonations/exchange", json=body).json()[name])


@schemathesis.serializer("application/x-ndjson")
def one_user_on_a_line(context: schemathesis.SerializationContext, value: object) -> bytes:
    """Whatever bytes were made up, or a good file."""
    return value if isinstance(value, bytes) else b'{"id":"zoe"}\n'


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The service, and things in it that requests can name."""
    folder = tmp_path_factory.mktemp("service")
    place = settle(f"sqlite:///{folder / 'understudy.db'}", folder)
    with Service(place) as service, service.backend() as backend:
        operator_id, sign_in = sign_in_with_every_role(place)
        own_site = {"Cookie": f"{OPERATOR_COOKIE}={sign_in}", "Sec-Fetch-Site": "same-origin"}
        asked = {**START, "application_id": place.application_id}
        del asked["actor"]
        granted = httpx.post(
            f"{service.url}/api/v1/impersonations", json=asked, headers=own_site, timeout=SECONDS
        )
        started = backend.post("/impersonations", json=START).json()
        token = {"impersonation_token": started["impersonation_token"]}
        opened = backend.post("/impersonations/exchange", json=token).json()
        known = {
            "application_id": place.application_id,
            "subject_id": "ada",
            "organization_id": "acme",
            "operator_id": operator_id,
            "grant_id": opened["session"]["grant_id"],
            "session_id": opened["session"]["id"],
            "index": "3",
            "tile": "0/000.p/5",
            "reason": "Cannot find the reports tab",
        }
        yield Running(
            service=service,
            backend=backend,
            known=known,
            grant_of_operator=granted.json()["grant"]["id"],
        )


@pytest.fixture
def cookie(running: Running) -> str:
    """A fresh operator's: some requests take their own sign-in away, or their roles."""
    return f"{OPERATOR_COOKIE}={sign_in_with_every_role(running.service.place)[1]}"


def test_every_test_has_an_id_of_its_own(request: pytest.FixtureRequest) -> None:
    ids = [item.nodeid for item in request.session.items]
    assert len(ids) == len(set(ids))


def test_service_serves_the_document_that_it_is_held_to(running: Running) -> None:
    served = httpx.get(f"{running.service.url}/openapi.json", timeout=SECONDS)
    assert served.content == DOCUMENT.read_bytes()


@bounded
def as_application(case: Case, running: Running) -> None:
    place = running.service.place
    credentials = base64.b64encode(f"{place.application_id}:{place.secret}".encode()).decode()
    running.fill_in(case, tokens=True)
    call(case, running, {"Authorization": f"Basic {credentials}"})


@bounded
def as_stranger(case: Case, running: Running) -> None:
    call(case, running, {})


@bounded
def as_operator(case: Case, running: Running, cookie: str) -> None:
    running.fill_in(case)
    call(case, running, {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"})


def call(case: Case, running: Running, headers: Mapping[str, str]) -> None:
    """Send it: no 5xx, no status, content type, header or body that the document does not have."""
    case.call_and_validate(base_url=running.service.url, headers=dict(headers), timeout=SECONDS)


def operations() -> Iterator[tuple[str, bool]]:
    """The ids of all operations but that of the stream, which never ends; in the document's order.

    It begins with impersonations and what OAuth makes of them, which later operations would switch
    off. With each comes whether an operator stops at its door: it is for applications alone.
    """
    paths = json.loads(DOCUMENT.read_bytes())["paths"]
    for path, methods in sorted(paths.items(), key=lambda item: not item[0].startswith(OAUTH)):
        for operation in methods.values():
            doors = [name for scheme in operation["security"] for name in scheme]
            alone = doors == ["applicationBasic"] or path.startswith(OAUTH)
            if operation["operationId"] != "stream_events":
                yield operation["operationId"], alone


# Boundary cases are as many again, and the same for everybody who gets past the door. Each
# operation is a function of its own, since those of one function would share their test's id, and
# pytest-xdist runs one of those that share an id.
for caller in (as_application, as_stranger, as_operator):
    for operation_id, for_applications in operations():
        thorough = as_application if for_applications else as_operator
        only = document(coverage=caller is thorough).include(operation_id=operation_id)
        name = f"test_{operation_id}_answers_as_documented_{caller.__name__}"
        globals()[name] = only.parametrize()(caller)
