"""clerk-backend-api: ``authenticate_request`` with the instance's key, without any network."""

from __future__ import annotations

from clerk_backend_api.security import AuthenticateRequestOptions, authenticate_request

from benchmarks.peers.jwts import signed, to_pem
from benchmarks.peers.rounds import answer_rounds


class Request:
    """What the SDK looks at."""

    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}


def main() -> None:
    """Check one request's session token again and again, as a guard has to."""
    token, key = signed(
        iss="https://clerk.example",
        sub="user_1",
        sid="sess_1",
        azp="https://app.example",
        act={"sub": "user_2"},
    )
    options = AuthenticateRequestOptions(
        jwt_key=to_pem(key), authorized_parties=["https://app.example"]
    )
    request = Request(token)
    state = authenticate_request(request, options)
    if not state.is_signed_in:
        raise SystemExit(f"the token was refused: {state.reason}")
    answer_rounds(call=lambda: authenticate_request(request, options))


if __name__ == "__main__":
    main()
