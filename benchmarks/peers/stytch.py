"""stytch: ``sessions.authenticate_jwt_local`` with the project's keys already fetched."""

from __future__ import annotations

import stytch

from benchmarks.peers.jwts import signed, to_jwks
from benchmarks.peers.rounds import answer_rounds

PROJECT = "project-live-00000000-0000-4000-8000-000000000000"


def main() -> None:
    """Check one session JWT again and again, as a guard has to."""
    now = "2026-11-22T12:00:00Z"
    session = {
        "id": "session-live-1",
        "started_at": now,
        "last_accessed_at": now,
        "expires_at": "2099-01-01T00:00:00Z",
        "attributes": {"user_agent": "", "ip_address": ""},
        "authentication_factors": [],
        "roles": ["stytch_user"],
    }
    token, key = signed(
        iss=f"stytch.com/{PROJECT}",
        aud=[PROJECT],
        sub="user-live-1",
        **{"https://stytch.com/session": session},
    )
    client = stytch.Client(project_id=PROJECT, secret="not used")
    cache = client.jwks_client.jwk_set_cache
    if cache is None:
        raise SystemExit("this release keeps no keys")
    cache.put(dict(to_jwks(key)))  # as after the first fetch
    if client.sessions.authenticate_jwt_local(token) is None:
        raise SystemExit("the token was refused")
    answer_rounds(call=lambda: client.sessions.authenticate_jwt_local(token))


if __name__ == "__main__":
    main()
