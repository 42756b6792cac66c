"""The official Node SDK, as it comes from its registry, in both verticals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.node import run_client
from tests.integration.wires.stytch.jwts import LOCALLY_GENUINE, forged
from tests.integration.wires.stytch.place import ACTOR, Place

_REFUSED = {"kind": "StytchError", "hasMessage": True}


@pytest.mark.parametrize("vertical", ["b2b", "consumer"])
def test_a_session_lives_and_ends_as_node_expects(place: Place, vertical: str) -> None:
    project = place.b2b if vertical == "b2b" else place.consumer
    genuine = place.session(project)["session_jwt"]
    told = run_client(
        "stytch_impersonation.mjs",
        {
            "vertical": vertical,
            "base": place.base,
            "projectId": project.id,
            "secret": project.secret,
            "token": place.token(project),
            "organizationId": "globex",
            "forged": forged(place, genuine, project),
        },
    )
    assert told["subject"] == "ada"
    (factor,) = told["session"]["authentication_factors"]
    assert factor["impersonated_factor"] == {
        "impersonator_id": ACTOR["id"],
        "impersonator_email_address": ACTOR["email"],
    }
    assert told["same"] == [True] * 4
    assert told["sameToken"]
    assert told["local"]["authentication_factors"] == told["session"]["authentication_factors"]
    assert told["replayed"] == _refused(401, "unable_to_auth_impersonation_token")
    assert told["moved"] == (_refused(400, "session_not_mutable") if vertical == "b2b" else None)
    for kind, (locally, remotely) in told["forged"].items():
        assert remotely["kind"] == "StytchError", kind
        # Node, unlike Python, also looks at the kind that the header names.
        passes = kind in LOCALLY_GENUINE - {"our key, another kind"}
        assert (locally is None) == passes, (kind, locally)
    assert told["revoked"] == [_refused(404, "session_not_found")] * 2


@pytest.mark.parametrize("vertical", ["b2b", "consumer"])
def test_node_keeps_the_directory(place: Place, vertical: str) -> None:
    project = place.b2b if vertical == "b2b" else place.consumer
    told = run_client(
        "stytch_directory.mjs",
        {
            "vertical": vertical,
            "base": place.base,
            "projectId": project.id,
            "secret": project.secret,
        },
    )
    if vertical == "b2b":
        assert told == {
            "names": ["Ines O."] * 3,
            "cursor": None,
            "roles": ["stytch_admin", "stytch_member", "owner", "stytch_user"],
        }
    else:
        assert told == {
            "names": ["Rey"],
            "listed": ["Lovett", "Lovett", "Rey"],
            "gone": "user_not_found",
        }


def _refused(status: int, error_type: str) -> dict[str, Any]:
    return {**_REFUSED, "status": status, "type": error_type}
