"""Incidents, advisories and serious bugs of other impersonation products, tried on this one.

The numbers are those of the survey of peers that ``docs/abuse-cases.md`` tells about. Those that
are at home elsewhere (clocks, smuggling, lifetimes, attribution) stand in modules of that name.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from tests.integration.abuse.apps import COOKIE
from tests.integration.abuse.oauth_client import Client
from tests.integration.abuse.servers import eventually, listening
from tests.integration.abuse.stack import REASON, Stack
from tests.integration.abuse.visitor import Visitor, refreshed
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.permissions import Role
from understudy.http.cookies import OPERATOR_COOKIE

OVERLAY = "__Host-understudy"
LAUNCH = "__Host-understudy-launch"
EPOCH = "__Host-understudy-epoch"
NOBODY = {"user": None, "subject": None, "actor": None}


def flipped(text: str, place: int) -> str:
    """``text`` with another character there."""
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def test_peer_1_no_part_of_what_the_browser_holds_can_be_changed(stack: Stack) -> None:
    sam = stack.support("sam-1@support.example")
    callback = sam.callback_of(stack.granted(sam))
    held = sam.cookie(stack.app_url, LAUNCH) or ""
    nonce, expires, seal = held.split(".")
    later = str(int(expires) + 3_600)
    for forged in (
        ".".join((flipped(nonce, 3), expires, seal)),
        ".".join((nonce, later, seal)),
        ".".join((nonce, expires, flipped(seal, 5))),
        ".".join((nonce, expires)),
        ".".join((nonce, expires, seal, seal)),
        "",
    ):
        sam.plant(stack.app_url, LAUNCH, forged)
        assert sam.step(callback, site="cross-site").status_code == 400, forged
    query = {name: values[0] for name, values in parse_qs(urlsplit(callback).query).items()}
    for name in ("state", "iss", "code"):
        sam.plant(stack.app_url, LAUNCH, held)
        changed = urlencode({**query, name: flipped(query[name], 7)})
        answer = sam.step(f"{stack.callback}?{changed}", site="cross-site")
        assert answer.status_code in (400, 401), name
    assert sam.overlay is None
    sam.plant(stack.app_url, LAUNCH, held)
    assert sam.open(callback, site="cross-site").status_code == 200


def test_peer_1_leaving_makes_nobody_of_what_the_browser_says(stack: Stack) -> None:
    opened = stack.open()
    token = opened["session_token"]
    for place in (0, 3, 4, 20, len(token) - 1):
        kim = stack.visitor()
        kim.plant(stack.app_url, OVERLAY, flipped(token, place))
        assert kim.app("GET", "/whoami").status_code == 401, place
        kim.plant(stack.app_url, "agent", "root")
        left = kim.submit(f"{stack.app_url}/_understudy/end?user=root&return_to=//evil.example")
        cookies = [one.partition(";")[0] for one in left.headers.get_list("set-cookie")]
        assert cookies == [f"{OVERLAY}=", f"{EPOCH}=1", "understudy-page=own"]
        assert kim.app("GET", "/whoami").json() == NOBODY
    assert stack.session(opened["session"]["id"]).end_cause is None


@pytest.mark.parametrize("first_out", [0, 1])
def test_peer_2_two_agents_as_one_user_stay_two(stack: Stack, first_out: int) -> None:
    agents = [stack.support(f"{name}-2-{first_out}@support.example") for name in ("sam", "kim")]
    for agent, own in zip(agents, ("sam", "kim"), strict=True):
        agent.plant(stack.app_url, COOKIE, stack.shop.sign_in(own))
    sessions = [stack.become(agent, "ada") for agent in agents]
    listening(stack.understudy)
    for agent, session in zip(agents, sessions, strict=True):
        seen = agent.app("GET", "/whoami").json()
        assert (seen["user"], seen["actor"]) == ("ada", session.actor_ref)
    leaving, staying = agents[first_out], agents[1 - first_out]
    leaving.end()
    assert leaving.app("GET", "/whoami").json()["user"] == ("sam", "kim")[first_out]
    seen = staying.app("GET", "/whoami").json()
    assert (seen["user"], seen["actor"]) == ("ada", sessions[1 - first_out].actor_ref)
    staying.end()
    assert staying.app("GET", "/whoami").json()["user"] == ("sam", "kim")[1 - first_out]


def test_peer_4_a_second_start_replaces_the_first_and_not_the_way_back(stack: Stack) -> None:
    operator, sam = stack.operator(Role.SUPPORT_MANAGER, email="sam-peer4@support.example")
    sam.plant(stack.app_url, COOKIE, stack.shop.sign_in("sam"))
    as_ada = stack.become(sam, "ada")
    as_bob = stack.become(sam, "bob")
    seen = {"user": "bob", "subject": "bob", "actor": operator.id}
    assert sam.app("GET", "/whoami").json() == seen
    eventually(lambda: stack.session(as_ada.id).end_cause is EndCause.REPLACED)
    sam.end()
    assert sam.app("GET", "/whoami").json() == {"user": "sam", "subject": None, "actor": None}
    eventually(lambda: stack.session(as_bob.id).end_cause is EndCause.ENDED_BY_ACTOR)
    assert sam.end().status_code == 200
    assert sam.app("GET", "/whoami").json()["user"] == "sam"


def test_peer_5_a_start_that_fails_half_way_is_no_start(own_stack: Stack) -> None:
    stack, sam = own_stack, own_stack.support()
    sam.plant(stack.app_url, COOKIE, stack.shop.sign_in("sam"))

    def nothing_has_begun() -> None:
        assert sam.overlay is None
        assert stack.live() == []
        assert sam.app("GET", "/whoami").json()["user"] == "sam"

    with stack.log_out_of_order():
        assert stack.ask(sam).status_code == 503
    nothing_has_begun()
    grant = stack.granted(sam)
    with stack.log_out_of_order():
        assert sam.press_launch(grant).status_code == 503
    nothing_has_begun()
    to_service = sam.step(refreshed(sam.press_launch(grant)), site="cross-site")
    to_app = sam.step(to_service.headers["location"], site="cross-site").headers["location"]
    with stack.log_out_of_order():
        failed = sam.step(to_app, site="cross-site")
        assert (failed.status_code, "did not start" in failed.text) == (503, True)
    nothing_has_begun()
    # What failed has used nothing up: the same grant is launched again.
    assert sam.launch(grant).status_code == 200
    assert sam.app("GET", "/whoami").json()["user"] == "ada"


def test_peer_6_no_key_of_the_agents_lies_in_the_users_app(stack: Stack) -> None:
    sam = stack.support("sam-6@support.example")
    operators_cookie = sam.cookie(stack.issuer, OPERATOR_COOKIE) or ""
    overlays = set()
    for _ in range(3):
        stack.become(sam, "ada")
        overlays.add(sam.overlay)
        # All that there is of ours; what its pages may read is public.
        assert set(sam.jar["app.localhost"]) == {OVERLAY, EPOCH, "understudy-page"}
        for path in (
            "/",
            "/whoami",
            "/_understudy/state",
            "/_understudy/end",
            "/_understudy/banner.js",
        ):
            shown = sam.page(path).text
            assert operators_cookie not in shown, path
            assert (sam.overlay or "") not in shown, path
        sam.end()
        assert sam.jar["app.localhost"] == {EPOCH: "1", "understudy-page": "own"}
    assert len(overlays) == 3


def test_peer_8_every_way_to_start_is_closed_to_every_other_role(stack: Stack) -> None:
    owner = stack.support("owner-8@support.example")
    armed = stack.granted(owner)
    owner.press_launch(armed)
    client = Client(stack=stack)
    token = {"impersonation_token": stack.start()}
    for role in (Role.ADMIN, Role.APPROVER, Role.AUDITOR, Role.SUPPORT_MANAGER):
        who = stack.operator(role, email=f"{role.value}-8@support.example")[1]
        may = role is Role.SUPPORT_MANAGER
        assert stack.ask(who).status_code == (201 if may else 403), role
        assert who.press_launch(armed).status_code == 404, role
        assert "error=access_denied" in who.step(client.authorize_url(armed)).headers["location"]
        url = f"{stack.issuer}/api/v1/impersonations/exchange"
        assert who.call("POST", url, json=token).status_code == 403, role
    nobody = stack.visitor()
    assert stack.ask(nobody).status_code == 401
    assert nobody.press_launch(armed).status_code == 401
    assert "error=access_denied" in nobody.step(client.authorize_url(armed)).headers["location"]
    other = stack.other_application("Eight")
    with stack.backend(other) as backend:
        body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
        theirs = {**body, "application_id": stack.main.application.id}
        assert backend.post("/impersonations", json=theirs).status_code == 422
        assert backend.post(f"/grants/{armed}/launch").status_code == 403
    assert client.code(owner, armed)


Use = Callable[[str], httpx.Response]


def uses(stack: Stack) -> dict[str, Use]:
    """Every place where a bearer of some kind is taken, by the kind that it takes."""
    api = f"{stack.issuer}/api/v1"

    def overlaid(text: str) -> httpx.Response:
        kim = stack.visitor()
        kim.plant(stack.app_url, OVERLAY, text)
        return kim.app("GET", "/whoami")

    def by_cookie(text: str) -> httpx.Response:
        kim = stack.visitor()
        kim.plant(stack.issuer, OPERATOR_COOKIE, text)
        return kim.call("GET", f"{api}/me")

    def as_secret(text: str) -> httpx.Response:
        with stack.stranger(auth=(stack.main.application.id, text)) as backend:
            return backend.get("/application")

    def as_invitation(text: str) -> httpx.Response:
        body = {"token": text, "name": "New", "password": "a long enough password"}
        return stack.visitor().call("POST", f"{api}/invitations/accept", json=body)

    def as_set_up(text: str) -> httpx.Response:
        body = {"token": text, "name": "New", "email": "n@w.example", "password": "x1y2z3w4" * 2}
        return stack.visitor().call("POST", f"{api}/setup", json=body)

    return {
        "impersonation token": stack.exchange,
        "code": Client(stack=stack).redeem,
        "session token": stack.refresh,
        "session token in the app": overlaid,
        "operator's cookie": by_cookie,
        "application's secret": as_secret,
        "invitation": as_invitation,
        "set-up": as_set_up,
    }


def test_peer_19_a_bearer_is_good_for_what_it_was_made_for(stack: Stack) -> None:
    sam = stack.support("sam-19@support.example")
    admin = stack.operator(Role.ADMIN, email="mara-19@support.example")[1]
    body = {"email": "new-19@support.example", "name": "New", "roles": ["auditor"]}
    invited = admin.call("POST", f"{stack.issuer}/api/v1/operators", json=body).json()
    opened = stack.open()
    bearers = {
        "session token": opened["session_token"],
        "operator's cookie": sam.cookie(stack.issuer, OPERATOR_COOKIE) or "",
        "application's secret": stack.main.secret,
        "invitation": invited["invitation_url"].partition("#token=")[2],
        "code": Client(stack=stack).code(sam, stack.granted(sam)),
        "impersonation token": stack.start(subject_id="bob"),
        "session JWT": stack.refresh(opened["session_token"], jwt=True).json()["session_jwt"],
    }
    for kind, bearer in bearers.items():
        for place, use in uses(stack).items():
            if not place.startswith(kind):
                answer = use(bearer)
                assert answer.status_code in (400, 401, 422), (kind, place, answer.text)
    for kind, bearer in bearers.items():
        for place, use in uses(stack).items():
            if place.startswith(kind):
                assert use(bearer).status_code == 200, (kind, place)


def cookies_of(visitor: Visitor) -> dict[str, dict[str, str]]:
    """All but what tells that there has been a session."""
    jars = deepcopy(visitor.jar)
    for jar in jars.values():
        jar.pop(EPOCH, None)
        jar.pop("understudy-page", None)
    return {host: jar for host, jar in jars.items() if jar}


def test_peer_20_the_agents_own_cookies_are_the_same_byte_for_byte(stack: Stack) -> None:
    sam = stack.support("sam-20@support.example")
    sam.plant(stack.app_url, COOKIE, stack.shop.sign_in("sam"))
    sam.plant(stack.app_url, "theme", 'dark; odd="value"'.partition(";")[0])
    sam.plant(stack.issuer, "theme", "light")
    before = cookies_of(sam)
    stack.become(sam, "ada")
    sam.app("POST", "/orders")
    sam.page()
    sam.end()
    assert cookies_of(sam) == before
    stack.become(sam, "bob")
    revoked = stack.live()[-1].id
    with stack.backend() as backend:
        backend.post(f"/sessions/{revoked}/revoke")
    eventually(lambda: sam.app("GET", "/whoami").status_code == 401)
    assert sam.page().status_code == 401
    assert cookies_of(sam) == before
    assert sam.app("GET", "/whoami").json()["user"] == "sam"
