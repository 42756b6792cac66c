from __future__ import annotations

from collections.abc import Callable

import pytest

from understudy.http.nonces import RequestIds, new_jwt_id, new_nonce, process_name


def test_no_two_requests_of_a_process_have_one_id() -> None:
    ids = RequestIds("node-a")
    assert [ids(), ids(), RequestIds("node-b")()] == [
        "node-a000000",
        "node-a000001",
        "node-b000000",
    ]


def test_processes_have_names_of_their_own() -> None:
    names = {process_name() for _ in range(100)}
    assert len(names) == 100
    assert {len(name) for name in names} == {12}


@pytest.mark.parametrize("make", [new_nonce, new_jwt_id])
def test_what_must_not_be_guessed_has_128_bits(make: Callable[[], str]) -> None:
    made = {make() for _ in range(100)}
    assert len(made) == 100
    assert {len(one) for one in made} == {22}  # base64 without padding
