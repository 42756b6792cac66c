"""Whatever JSON comes to whichever endpoint, the answer is one that the SDKs can read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.wires.stytch.place import Place
from understudy.http.endpoint import Endpoint
from understudy.wires.stytch.table import WIRE

_TEXT = st.text(max_size=12)
_KNOWN = st.sampled_from(["acme", "globex", "ada", "bea", "stytch_member", "nobody", "..", "%2F"])
_NUMBER = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_LEAF = st.none() | st.booleans() | _NUMBER | _TEXT | _KNOWN
_NAMES = st.sampled_from(
    [
        "impersonation_token", "session_token", "session_jwt", "session_duration_minutes",
        "authorization_check", "organization_id", "organization_ids", "organization_name",
        "organization_slug", "organization_external_id", "trusted_metadata", "email_address",
        "email", "name", "first_name", "phone_number", "roles", "external_id", "query", "operator",
        "operands", "filter_name", "filter_value", "limit", "cursor", "member_id", "org_policy",
        "role_id", "permissions", "resource_id", "actions", "mfa_policy",
    ]
)  # fmt: skip
_JSON = st.recursive(
    _LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES | _TEXT, inner, max_size=5),
    max_leaves=12,
)
_BODIES = st.dictionaries(_NAMES, _JSON, max_size=5) | _JSON


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as nobody's SDK makes it."""

    endpoint: Endpoint
    body: object
    names: list[str]
    query: dict[str, str]
    by_consumer: bool

    @property
    def path(self) -> str:
        """The endpoint's path with names in it."""
        names = iter(self.names)
        return re.sub(r"\{\w+\}", lambda _: quote(next(names), safe="") or "x", self.endpoint.path)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(
    asked=st.builds(
        Asked,
        endpoint=st.sampled_from(WIRE.endpoints),
        body=_BODIES,
        names=st.lists(_KNOWN | _TEXT, min_size=2, max_size=2),
        query=st.dictionaries(_NAMES, _KNOWN | _TEXT, max_size=3),
        by_consumer=st.booleans(),
    )
)
def test_no_json_makes_an_answer_that_no_sdk_can_read(steady_place: Place, asked: Asked) -> None:
    project = steady_place.consumer if asked.by_consumer else steady_place.b2b
    answer = httpx.request(
        asked.endpoint.method,
        steady_place.base + asked.path,
        json=asked.body,
        params=asked.query,
        auth=project.auth,
    )
    found = answer.json()
    assert answer.status_code < 500, answer.text
    assert found["status_code"] == answer.status_code
    assert found["request_id"]
    if answer.status_code >= 400:
        assert found["error_type"]
        assert found["error_message"]
