"""What is revealed in a session is shown there, at its address and for its time; all drivers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.passage.conftest import House
from tests.contract.passage.drivers import Asked, Got, View
from understudy.core.redaction.lifted import Lifted
from understudy.core.redaction.masks import HIDDEN
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.testing import FakeSession

IBAN = "GB82WEST12345698765432"
BODY = json.dumps(
    {"iban": IBAN, "tax_id": "7", "salary": 5, "note": "ghp_0123456789abcdefghij0123"}
)
JSON = {"content-type": "application/json"}
RULES = Redaction(
    rules=(
        RedactionRule(kind=RuleKind.FIELD, match="iban", revealable=True),
        RedactionRule(kind=RuleKind.PATH, match="salary", revealable=True),
        RedactionRule(kind=RuleKind.FIELD, match="tax_id"),
    )
)
PAGE = "/customers/7"
LIFTED = Lifted(kind="field", match="iban", path=PAGE)
REASON = "The customer reads it out"


def opened(house: House, *fields: str, rules: Redaction = RULES) -> FakeSession:
    session = house.open(redaction=rules, idle_minutes=30)
    for field in fields:
        kind = "path" if field == "salary" else "field"
        wanted = Lifted(kind=kind, match=field, path=PAGE)
        house.gateway.reveal(session.id, wanted, reason=REASON)
    return session


def seen(house: House, session: FakeSession, path: str = PAGE) -> dict[str, object]:
    got = house.visit(view(), session, Asked(path=path))
    found: dict[str, object] = json.loads(got.body)
    return found


def view(body: str = BODY) -> View:
    return View(headers=tuple(JSON.items()), parts=(body.encode(),))


def sent(house: House, session: FakeSession, body: str, **asked: object) -> Got:
    ready = Asked(method="POST", path=PAGE, headers=JSON, body=body.encode())
    return house.visit(view("{}"), session, replace(ready, **asked))  # type: ignore[arg-type]


def test_it_is_shown_and_nothing_else_is(house: House) -> None:
    session = opened(house, "iban")
    found = seen(house, session)
    assert found == {"iban": IBAN, "tax_id": HIDDEN, "salary": None, "note": HIDDEN}


def test_a_path_is_shown_as_well(house: House) -> None:
    assert seen(house, opened(house, "salary"))["salary"] == 5


def test_at_another_address_it_stays_hidden(house: House) -> None:
    session = opened(house, "iban")
    for path in ("/customers/8", "/customers", "/customers/7/x", "/customers/%2e%2e/customers/7"):
        assert seen(house, session, path)["iban"] == HIDDEN, path


def test_in_another_session_it_stays_hidden(house: House) -> None:
    opened(house, "iban")
    assert seen(house, house.open(redaction=RULES))["iban"] == HIDDEN


def test_its_time_is_up_by_this_machines_own_counter(house: House) -> None:
    session = opened(house, "iban")
    assert seen(house, session)["iban"] == IBAN
    house.gateway.forward(timedelta(minutes=9, seconds=59))
    assert seen(house, session)["iban"] == IBAN
    house.gateway.forward(timedelta(seconds=1))
    assert seen(house, session)["iban"] == HIDDEN


def test_what_lasts_longer_than_its_time_is_cut(house: House) -> None:
    session = opened(house, "iban")
    line = f'{{"iban": "{IBAN}"}}\n'.encode()
    streamed = View(headers=(("content-type", "application/x-ndjson"),), parts=(line, line))
    streamed.between = lambda: house.gateway.forward(timedelta(minutes=10))
    got = house.visit(streamed, session, Asked(path=PAGE))
    assert not got.whole
    assert got.body.count(IBAN.encode()) <= 1


def test_a_file_is_held_back_although_all_rules_are_lifted(house: House) -> None:
    rules = Redaction(rules=(RULES.rules[0],))
    session = opened(house, "iban", rules=rules)
    file = View(headers=(("content-type", "application/pdf"),), parts=(b"%PDF",))
    assert house.visit(file, session, Asked(path=PAGE)).status == 403


def test_what_was_seen_may_be_saved(house: House) -> None:
    session = opened(house, "iban")
    change = json.dumps({"iban": "GB29NWBK60161331926819"})
    assert sent(house, session, change).status == 200
    assert sent(house, session, change, method="PATCH").status == 200
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert sent(house, session, "iban=GB29NWBK60161331926819", headers=form).status == 200


def test_from_the_page_where_it_was_seen_it_is_saved_elsewhere(house: House) -> None:
    session = opened(house, "iban")
    change = json.dumps({"iban": "GB29NWBK60161331926819"})
    assert sent(house, session, change, path="/save").status == 409
    for origin, status in (("http://app.example", 200), ("http://evil.test", 409)):
        headers = {**JSON, "referer": f"{origin}{PAGE}"}
        assert sent(house, session, change, path="/save", headers=headers).status == status


@pytest.mark.parametrize(
    "value", [None, "", 0, False, [], {}, "0", "NaN", " null ", "undefined", "Hidd", "h", HIDDEN]
)
def test_what_apps_make_of_a_mask_is_never_saved(house: House, value: object) -> None:
    session = opened(house, "iban")
    assert sent(house, session, json.dumps({"iban": value})).status == 409
    patch = json.dumps([{"op": "replace", "path": "/iban", "value": value}])
    assert sent(house, session, patch).status == 409


@pytest.mark.parametrize(
    ("said", "status"), [("GB29NWBK60161331926819", 200), ("", 409), ("Hidden", 409)]
)
def test_the_same_of_forms_with_files(house: House, said: str, status: int) -> None:
    session = opened(house, "iban")
    head = 'Content-Disposition: form-data; name="iban"'
    body = f"--b\r\n{head}\r\n\r\n{said}\r\n--b--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert sent(house, session, body, headers=headers).status == status


def test_what_is_hidden_still_is_not_saved(house: House) -> None:
    session = opened(house, "iban")
    assert sent(house, session, json.dumps({"iban": "x1", "tax_id": "8"})).status == 409


def test_a_thing_is_put_back_once_it_was_shown_whole(house: House) -> None:
    session = opened(house)
    body = json.dumps({"iban": IBAN})
    assert json.loads(house.visit(view(body), session, Asked(path=PAGE)).body)["iban"] == HIDDEN
    house.gateway.reveal(session.id, LIFTED, reason=REASON)
    assert sent(house, session, body, method="PUT").status == 409
    assert json.loads(house.visit(view(body), session, Asked(path=PAGE)).body)["iban"] == IBAN
    assert sent(house, session, body, method="PUT").status == 200


def test_what_was_hidden_once_is_not_put_back_where_nothing_was_revealed(house: House) -> None:
    session = opened(house)
    assert seen(house, session)["iban"] == HIDDEN
    whole = json.dumps({"id": 7})
    house.visit(view(whole), session, Asked(path=PAGE, query="short=1"))
    assert sent(house, session, whole, method="PUT").status == 409
