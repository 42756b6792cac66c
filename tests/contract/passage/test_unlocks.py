"""One blocked change that somebody else has allowed goes through, once, behind every driver."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

from tests.contract.passage.conftest import House
from tests.contract.passage.drivers import Asked, Got, View
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.sdk.unlock.canonical import FORM, Sent, write_of
from understudy.sdk.unlock.wire import unpacked
from understudy.testing import FakeSession

BODY = b"plan=pro&csrfmiddlewaretoken=A"
CHANGE = Asked(
    method="POST",
    path="/orders",
    headers={"content-type": FORM, "accept": "application/json"},
    body=BODY,
)
HOST = "app.test"


def write(body: bytes = BODY, host: str = HOST):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return write_of(
        Sent(method="POST", host=host, path="/orders", query="", content_type=FORM, body=body)
    )


def read_only(house: House, **facts: object) -> FakeSession:
    return house.open(scope=Scope.READ_ONLY, unlocks=True, **facts)


def sent(house: House, session: FakeSession, asked: Asked = CHANGE) -> tuple[View, Got]:
    view = View()
    return view, house.visit(view, session, asked)


def offered(got: Got) -> str:
    return str(json.loads(got.body)["unlock"]["write"])


def test_what_was_allowed_goes_through_once_and_the_app_reads_it(house: House) -> None:
    session = read_only(house)
    view, got = sent(house, session)
    assert (got.status, bool(view.subjects)) == (403, False)
    house.gateway.allow(session.id, unpacked(offered(got)))
    view, got = sent(house, session)
    assert (got.status, view.request_body) == (200, BODY)
    assert "intended" in house.events
    view, got = sent(house, session)
    assert (got.status, bool(view.subjects)) == (403, False)


def test_the_same_form_sent_anew_is_the_same(house: House) -> None:
    session = read_only(house)
    _, got = sent(house, session)
    house.gateway.allow(session.id, unpacked(offered(got)))
    anew = replace(CHANGE, body=b"csrfmiddlewaretoken=B&plan=pro")
    assert sent(house, session, anew)[1].status == 200


def test_another_change_does_not(house: House) -> None:
    session = read_only(house)
    _, got = sent(house, session)
    house.gateway.allow(session.id, unpacked(offered(got)))
    for other in (
        replace(CHANGE, body=b"plan=max"),
        replace(CHANGE, method="PUT"),
        replace(CHANGE, path="/orders/7"),
        replace(CHANGE, query="force=1"),
        replace(CHANGE, headers={**CHANGE.headers, "x-http-method-override": "DELETE"}),
        replace(CHANGE, headers={**CHANGE.headers, "content-encoding": "gzip"}),
        replace(CHANGE, headers={**CHANGE.headers, "content-type": "text/plain"}),
        replace(CHANGE, headers={**CHANGE.headers, "if-match": '"2"'}),
    ):
        view, got = sent(house, session, other)
        assert (got.status, bool(view.subjects)) == (403, False), other
    assert sent(house, session)[1].status == 200


def test_another_session_does_not(house: House) -> None:
    session, other = read_only(house), read_only(house)
    _, got = sent(house, session)
    house.gateway.allow(session.id, unpacked(offered(got)))
    assert sent(house, other)[1].status == 403


def test_what_is_blocked_by_name_stays_so(house: House) -> None:
    blocked = BlockedAction(method="*", pattern="/orders", label="orders")
    session = read_only(house, blocked_actions=[blocked])
    house.gateway.allow(session.id, write())
    _, got = sent(house, session)
    assert json.loads(got.body)["code"] == "action_blocked"
    assert "spend" not in house.gateway.calls


def test_where_nobody_can_ask_nobody_is_asked(house: House) -> None:
    session = house.open(scope=Scope.READ_ONLY)
    _, got = sent(house, session)
    assert "unlock" not in json.loads(got.body)
    assert "spend" not in house.gateway.calls


def test_a_service_that_does_not_answer_lets_nothing_through(house: House) -> None:
    session = read_only(house)
    _, got = sent(house, session)
    house.gateway.allow(session.id, unpacked(offered(got)))
    house.gateway.reachable = False
    view, got = sent(house, session)
    assert (got.status, bool(view.subjects)) == (503, False)


def test_a_person_gets_the_form_that_asks_and_what_they_typed(house: House) -> None:
    session = read_only(house)
    page = replace(CHANGE, headers={"content-type": FORM, "accept": "text/html"})
    _, got = sent(house, session, page)
    text = got.body.decode()
    assert got.status == 403
    assert f'action="/_understudy/unlock?_understudy_page={session.id}"' in text
    found = re.search(r'name="write" value="([^"]+)"', text)
    assert found is not None
    assert unpacked(html.unescape(found[1])).fields == (("plan", "pro"),)
    assert "<textarea readonly" in text


def test_a_path_that_routers_read_in_two_ways_cannot_be_asked_for(house: House) -> None:
    session = read_only(house)
    _, got = sent(house, session, replace(CHANGE, path="/orders%252F7"))
    assert (got.status, "unlock" in json.loads(got.body)) == (403, False)


def test_a_body_that_is_looked_through_twice_reaches_the_app(house: House) -> None:
    hidden = Redaction(rules=(RedactionRule(kind=RuleKind.FIELD, match="email"),))
    session = read_only(house, redaction=hidden)
    _, got = sent(house, session)
    house.gateway.allow(session.id, unpacked(offered(got)))
    view, got = sent(house, session)
    assert (got.status, view.request_body) == (200, BODY)
