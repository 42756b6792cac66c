"""What the doctor makes of the answer to the cookie of a session that is none."""

from __future__ import annotations

import httpx
import pytest

from understudy.cli.app_caches import examine_caches
from understudy.cli.findings import Finding

CLEARS = {"set-cookie": "__Host-understudy=; Max-Age=0; Path=/; Secure; HttpOnly"}


@pytest.mark.parametrize(
    ("page", "answer", "levels"),
    [
        (httpx.Response(200), httpx.Response(401, headers=CLEARS), ["ok"]),
        (httpx.Response(401), httpx.Response(401, headers=CLEARS), ["ok"]),
        (httpx.Response(200), httpx.Response(200), ["error"]),
        (httpx.Response(302), httpx.Response(302, headers={"set-cookie": "a=b"}), ["error"]),
        # Whatever that is, nothing was given away.
        (httpx.Response(200), httpx.Response(503), []),
        (httpx.Response(200), Finding(level="error", what="cannot be reached"), ["error"]),
    ],
)
def test_only_the_guard_takes_the_cookie_away(
    page: httpx.Response, answer: httpx.Response | Finding, levels: list[str]
) -> None:
    found = examine_caches("https://app.example", page, answer)
    assert [one.level for one in found] == levels
