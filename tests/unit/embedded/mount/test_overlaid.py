"""What the dashboard answers a browser that works as somebody else."""

from __future__ import annotations

import pytest

from understudy.embedded.mount.overlaid import overlaid_answer

COOKIE = (b"cookie", b"a=1; __Host-understudy=whatever; b=2")
PAGE = (b"accept", b"text/html")


@pytest.mark.parametrize("headers", [[COOKIE], [(b"cookie", b"a=1"), COOKIE]])
def test_calls_are_refused_by_a_code_and_pages_by_one_that_helps(
    headers: list[tuple[bytes, bytes]],
) -> None:
    call = overlaid_answer({"headers": headers}, "/api/v1/me")
    assert call is not None
    assert (call.status, b'"code": "nested"' in call.body) == (403, True)
    page = overlaid_answer({"headers": [*headers, PAGE]}, "/")
    assert page is not None
    assert (page.status, b"working as somebody else" in page.body) == (403, True)


def test_who_is_nobody_else_is_served_and_health_is_told_to_all() -> None:
    others = (b"cookie", b"__Host-understudy-operator=x; __Host-understudy-epoch=1")
    assert overlaid_answer({"headers": [others, PAGE]}, "/") is None
    assert overlaid_answer({"headers": []}, "/") is None
    assert overlaid_answer({"headers": [COOKIE]}, "/healthz") is None
