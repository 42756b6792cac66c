"""A user's own pages are the same under every framework, and shut while somebody works as them."""

from __future__ import annotations

import json

import pytest

from tests.contract.passage.conftest import DRIVERS, House
from tests.contract.passage.drivers import Asked, View
from understudy.sdk.user_says import Deed

SERVING = sorted(set(DRIVERS) - {"minimal"})
"""The example of a guard leaves our own addresses to others."""
ADA = {"x-user": "ada", "sec-fetch-site": "same-origin", "sec-fetch-dest": "empty"}
CONSENT = "/_understudy/consent"


def agree(**headers: str) -> Asked:
    body = json.dumps({"do": "agree"}).encode()
    sent = {"content-type": "application/json", "content-length": str(len(body))}
    return Asked(method="POST", path=CONSENT, headers={**ADA, **sent, **headers}, body=body)


@pytest.mark.parametrize("house", SERVING, indirect=True)
def test_a_user_agrees_under_every_framework(house: House) -> None:
    house.gateway.users.mode = "standing"
    got = house.visit(View(), None, agree())
    assert (got.status, json.loads(got.body)["kind"]) == (200, "standing")
    got = house.visit(View(), None, Asked(path=CONSENT, headers=ADA))
    assert len(json.loads(got.body)["consents"]) == 1
    said = [(one.subject_id, one.deed) for one in house.gateway.users.said]
    assert said == [("ada", Deed.AGREE), ("ada", Deed.STATE)]


@pytest.mark.parametrize("house", SERVING, indirect=True)
def test_nobody_agrees_from_inside_a_session_under_any_framework(house: House) -> None:
    house.gateway.users.mode = "standing"
    session = house.open(subject_id="ada")
    house.visit(View(), session)
    got = house.visit(View(), session, agree())
    assert (got.status, json.loads(got.body)["code"]) == (403, "forbidden_while_impersonating")
    assert house.gateway.users.said == []


@pytest.mark.parametrize("house", SERVING, indirect=True)
def test_nobody_agrees_without_a_sign_in_under_any_framework(house: House) -> None:
    headers = {name: value for name, value in agree().headers.items() if name != "x-user"}
    asked = Asked(method="POST", path=CONSENT, headers=headers, body=agree().body)
    assert house.visit(View(), None, asked).status == 401
    assert house.gateway.users.said == []
