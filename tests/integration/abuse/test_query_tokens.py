"""Tokens in an address, as Stytch's and Clerk's hand-offs put them there: stolen, planted, fetched
ahead, replayed, swapped, and searched for in what is left behind (E3, I1, S1, S2, S4, S6)."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.integration.abuse.servers import eventually
from tests.integration.abuse.stack import REASON, Stack
from tests.integration.abuse.stack import stack as running_stack
from tests.integration.abuse.test_disclosure import LOOKING_AHEAD
from tests.integration.abuse.visitor import PAGE, Visitor, refreshed
from understudy.core.ids import GrantId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.ports import Unit
from understudy.flows.impersonation.mint import mint
from understudy.service import table

WIRES = ("stytch", "clerk")
QUERIES = {
    "stytch": "stytch_token_type=multi_tenant_impersonation&token=",
    "clerk": "__clerk_status=sign_in&__clerk_ticket=",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The product, with an app that takes every hand-off; its log verifies at the end."""
    options = {"hand_offs": ("code", "stytch", "clerk")}
    with running_stack(tmp_path_factory.mktemp("stack"), middleware=options) as found:
        yield found
        assert found.engine.verify().findings == ()


def token_of(stack: Stack, grant_id: str, wire: str) -> str:
    """A token of a grant, made for one wire."""

    def minted(unit: Unit) -> str:
        grant = unit.grants.get(GrantId(grant_id))
        assert grant is not None
        return mint(unit, grant, kind=table.WIRES.token_kinds[wire]).token

    return stack.engine.run(minted)


def address(stack: Stack, visitor: Visitor, wire: str, subject_id: str = "ada") -> str:
    """An address that nobody has opened yet, with the token of an operator's own grant."""
    token = token_of(stack, stack.granted(visitor, subject_id), wire)
    return f"{stack.callback}?{QUERIES[wire]}{token}"


def test_i1_the_launch_leads_to_a_clean_address(stack: Stack) -> None:
    stack.change_settings(hand_off="stytch")
    try:
        sam = stack.support("sam-q1@support.example")
        pressed = sam.press_launch(stack.granted(sam))
    finally:
        stack.change_settings(hand_off="code")
    to_app = refreshed(pressed)
    assert to_app.startswith(f"{stack.callback}?{QUERIES['stytch']}")
    assert pressed.headers["referrer-policy"] == "no-referrer"
    landed = sam.step(to_app, site="cross-site")
    assert (landed.status_code, landed.headers["location"]) == (303, "/")
    assert landed.headers["referrer-policy"] == "no-referrer"
    assert landed.headers["cache-control"] == "no-store"
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"


@pytest.mark.parametrize("wire", WIRES)
def test_i1_looking_ahead_uses_no_token_up(stack: Stack, wire: str) -> None:
    sam = stack.support(f"sam-q2-{wire}@support.example")
    link = address(stack, sam, wire)
    for method, headers in (*LOOKING_AHEAD, ("GET", {"sec-fetch-dest": ""})):
        answer = sam.request(method, link, headers={**PAGE, **headers})
        assert answer.status_code in (400, 405), (method, headers)
        assert sam.overlay is None
    assert sam.open(link, site="cross-site").status_code == 200
    assert sam.overlay is not None


@pytest.mark.parametrize("wire", WIRES)
def test_i1_a_token_in_the_address_is_in_no_log_and_no_page(
    stack: Stack, wire: str, caplog: pytest.LogCaptureFixture
) -> None:
    sam = stack.support(f"sam-q3-{wire}@support.example")
    link = address(stack, sam, wire)
    token = link.rpartition("=")[2]
    with caplog.at_level(logging.DEBUG):
        for site in ("cross-site", "none", "none"):
            sam.open(link, site=site)
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"
    # What stands for the browser here logs every address it asks for.
    ours = [record for record in caplog.records if not record.name.startswith("http")]
    told = [record.getMessage() + str(vars(record)) for record in ours]
    told += [answer.text + str(answer.headers) for answer in sam.answers]
    told += [str(entry.core) + str(entry.personal) for entry in stack.entries()]
    assert told
    assert not any(token in one for one in told)


@pytest.mark.parametrize("wire", WIRES)
def test_s2_a_replayed_address_starts_nothing_and_ends_nothing(stack: Stack, wire: str) -> None:
    sam, thief = stack.support(f"sam-q4-{wire}@support.example"), stack.visitor()
    link = address(stack, sam, wire)
    alarms = len(stack.entries(EventType.TOKEN_REPLAYED))
    assert sam.open(link, site="cross-site").status_code == 200
    held = sam.overlay
    assert sam.step(link).status_code == 401
    assert thief.step(link, site="cross-site").status_code == 401
    assert (sam.overlay, thief.overlay) == (held, None)
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"
    assert len(stack.entries(EventType.TOKEN_REPLAYED)) == alarms + 2


@pytest.mark.parametrize("wire", WIRES)
def test_s1_a_token_in_the_address_is_nothing_on_another_wire(stack: Stack, wire: str) -> None:
    (other,) = set(WIRES) - {wire}
    sam = stack.support(f"sam-q5-{wire}@support.example")
    link = address(stack, sam, wire)
    token = link.rpartition("=")[2]
    assert sam.step(f"{stack.callback}?{QUERIES[other]}{token}").status_code == 401
    assert stack.exchange(token).status_code == 401
    native = token_of(stack, stack.granted(sam), "native")
    assert sam.step(f"{stack.callback}?{QUERIES[wire]}{native}").status_code == 401
    assert sam.overlay is None
    assert sam.open(link, site="cross-site").status_code == 200


@pytest.mark.parametrize("wire", WIRES)
def test_s4_an_address_replaces_and_ends_a_planted_session(stack: Stack, wire: str) -> None:
    planted = stack.open(subject_id="bob")
    sam = stack.overlaid(stack.support(f"sam-q6-{wire}@support.example"), planted)
    assert sam.open(address(stack, sam, wire), site="cross-site").status_code == 200
    assert sam.overlay not in (None, planted["session_token"])
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"
    eventually(lambda: stack.session(planted["session"]["id"]).end_cause is not None)
    ended = stack.refresh(planted["session_token"]).json()
    assert (ended["code"], ended["rule"]) == ("session_over", EndCause.REPLACED)


@pytest.mark.parametrize("wire", WIRES)
def test_s6_whoever_opens_somebody_elses_link_reads_whose_session_it_is(
    stack: Stack, wire: str
) -> None:
    email = f"mallory-{wire}@support.example"
    link = address(stack, stack.support(email), wire)
    victim = stack.support(f"victim-{wire}@support.example")
    page = victim.open(link, site="cross-site")
    assert "You are viewing this app as <b>Ada Lovett</b>" in page.text
    assert "What you do is recorded as done by <b>Sam Rivers</b>" in page.text
    assert f'data-actor-email="{email}"' in page.text
    started = stack.entries(EventType.SESSION_STARTED)[-1]
    assert started.personal is not None
    assert started.personal["actor_email"] == email


@pytest.mark.parametrize("wire", ["native", *WIRES])
def test_e3_a_session_of_any_wire_is_held_to_the_same_rules(stack: Stack, wire: str) -> None:
    sam = stack.visitor()
    started = {"actor": {"id": f"desk-{wire}"}, "scope": "read_only"}
    with stack.backend() as backend:
        body = {"subject_id": "ada", "reason": REASON, **started, "wire": "native"}
        asked = backend.post("/impersonations", json=body).json()
        token = token_of(stack, asked["grant"]["id"], wire)
        body = {"impersonation_token": token, "wire": wire}
        opened = backend.post("/impersonations/exchange", json=body).json()
    stack.overlaid(sam, opened)
    refused = sam.app("PUT", "/settings/password"), sam.app("POST", "/settings/password")
    assert [one.json()["code"] for one in refused] == ["read_only", "action_blocked"]
    page = sam.page()
    # All that is known of this actor is the id that the application gave.
    assert f"What you do is recorded as done by <b>desk-{wire}</b>" in page.text
    assert "data-actor-email" not in page.text
    assert sam.end().status_code == 200
    cause = stack.session(opened["session"]["id"]).end_cause
    assert cause is EndCause.ENDED_BY_ACTOR
    assert sam.overlay is None


def test_i1_an_app_that_did_not_ask_for_them_takes_no_tokens_from_addresses(
    own_stack: Stack,
) -> None:
    sam = own_stack.support()
    for wire in WIRES:
        link = address(own_stack, sam, wire)
        assert sam.step(link, site="cross-site").status_code == 400
    assert own_stack.live() == []
    assert own_stack.entries(EventType.TOKEN_REFUSED) == []
