"""Where the end of a session leads back to."""

from __future__ import annotations

import pytest

from tests.fixtures.impersonation import OPENED, TOKEN
from understudy.sdk.secret import Secret
from understudy.sdk.way_back import BACK, WayBack, forgotten

WAYS = WayBack(Secret("a key"))


def kept(path: str = "/admin/users?page=2") -> bytes:
    return WAYS.kept(path, OPENED).partition(";")[0].encode()


def test_what_was_kept_for_a_session_is_found_by_its_token() -> None:
    assert WAYS.of(b"a=b; " + kept(), TOKEN) == "/admin/users?page=2"


def test_it_stays_as_long_as_the_sessions_own_cookie() -> None:
    assert "; Max-Age=5400; Secure; HttpOnly; SameSite=Lax" in WAYS.kept("/", OPENED)


@pytest.mark.parametrize(
    "cookie",
    [
        b"",
        f"{BACK}=".encode(),
        f"{BACK}=L2V2aWw.".encode(),
        f"{BACK}=L2V2aWw.{'0' * 64}".encode(),
        f"{BACK}=\xff.\xff".encode("latin-1"),
        kept() + b"0",
        kept() + b"; " + kept(),
    ],
)
def test_what_was_not_sealed_leads_nowhere(cookie: bytes) -> None:
    assert WAYS.of(cookie, TOKEN) is None


def test_neither_another_session_nor_another_app_reads_it() -> None:
    assert WAYS.of(kept(), Secret("uss_" + "b" * 43)) is None
    assert WAYS.of(kept(), None) is None
    assert WayBack(Secret("another key")).of(kept(), TOKEN) is None


def test_only_a_path_of_the_app_is_one() -> None:
    assert WAYS.of(kept("//evil.test"), TOKEN) is None


def test_it_is_forgotten_where_it_was() -> None:
    assert forgotten(b"a=b") == ()
    assert forgotten(kept())[0].startswith(f"{BACK}=; Path=/; Max-Age=0;")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://app.test:8443/admin?u=https://x.test/y", True),
        ("http://app.test/", True),
        ("https://app.test", False),
        ("https://app.test//evil.test", False),
        ("javascript:alert(1)", False),
    ],
)
def test_at_a_sessions_origin_it_is_an_address_of_the_app(address: str, found: bool) -> None:
    assert WAYS.of(kept(address), TOKEN) == (address if found else None)
