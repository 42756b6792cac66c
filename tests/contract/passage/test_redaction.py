"""What of the app's answer is hidden, whatever drives the passage."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.contract.passage.conftest import House
from tests.contract.passage.drivers import Asked, Got, View
from understudy.core.redaction.masks import HIDDEN
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.sdk.values import Phase

CANARY = "ada@customer.test"
JSON = ("content-type", "application/json")
RULES = Redaction(
    rules=(
        RedactionRule(kind=RuleKind.FIELD, match="email"),
        RedactionRule(kind=RuleKind.DETECTOR, match="email"),
    )
)
BODY = b'{"id": 7, "email": "ada@customer.test", "balance": 1.10, "note": "ask ada@customer.test"}'
SHOWN = (
    b'{"id": 7, "email": "HiddenByUnderstudy", "balance": 1.10, "note": "ask HiddenByUnderstudy"}'
)


def served(house: House, view: View, rules: Redaction = RULES, **asked: str) -> Got:
    """What comes of one request in a session with ``rules``."""
    return house.visit(view, house.open(redaction=rules), Asked(**asked))  # type: ignore[arg-type]


def test_json_goes_out_without_what_is_hidden_and_the_rest_to_the_byte(house: House) -> None:
    length = ("content-length", str(len(BODY)))
    got = served(house, View(headers=(JSON, length), parts=(BODY,)))
    assert got.body == SHOWN
    assert got.header("content-length") == [str(len(SHOWN))]
    assert got.whole


def test_json_in_parts_is_hidden_wherever_it_is_cut(house: House) -> None:
    parts = tuple(BODY[at : at + 9] for at in range(0, len(BODY), 9))
    assert served(house, View(headers=(JSON,), parts=parts)).body == SHOWN


def test_without_rules_nothing_is_touched(house: House) -> None:
    got = served(house, View(headers=(JSON,), parts=(BODY,)), Redaction())
    assert got.body == BODY


def test_a_users_own_answer_is_not_touched(house: House) -> None:
    assert house.visit(View(headers=(JSON,), parts=(BODY,)), None).body == BODY


def test_what_is_not_the_json_that_it_says_is_held_back(house: House) -> None:
    session = house.open(redaction=RULES)
    got = house.visit(View(headers=(JSON,), parts=(BODY[:-1], b",")), session)
    assert got.status == 403
    assert json.loads(got.body)["code"] == "redaction_unreadable"
    (action,) = house.actions(session)
    assert (action.phase, action.rule) == (Phase.BLOCKED, "redaction_unreadable")


def test_a_file_is_held_back_unless_its_address_is_open(house: House) -> None:
    view = View(headers=(("content-type", "application/pdf"),), parts=(b"%PDF", b"-1.7"))
    assert served(house, view).status == 403
    is_open = Redaction(rules=RULES.rules, open_routes=("/invoices/{id}",))
    assert served(house, view, is_open, path="/invoices/1").body == b"%PDF-1.7"
    assert served(house, view, is_open, path="/customers/1").status == 403


def test_an_open_address_is_open_however_it_is_read(house: House) -> None:
    view = View(headers=(("content-type", "application/pdf"),), parts=(b"%PDF",))
    is_open = Redaction(rules=RULES.rules, open_routes=("/invoices/**",))
    assert served(house, view, is_open, path="/invoices/..%2fcustomers").status == 403


def test_what_is_compressed_is_unpacked_and_hidden(house: House) -> None:
    packed = gzip.compress(BODY)
    headers = (JSON, ("content-encoding", "gzip"), ("content-length", str(len(packed))))
    got = served(house, View(headers=headers, parts=(packed[:9], packed[9:])))
    assert (got.body, got.header("content-encoding")) == (SHOWN, [])
    assert got.header("content-length") == [str(len(SHOWN))]


@pytest.mark.parametrize(
    ("coding", "part"), [("compress", b"\x0b"), ("gzip", BODY), ("br, gzip", b"x")]
)
def test_what_cannot_be_unpacked_is_held_back(house: House, coding: str, part: bytes) -> None:
    headers = (JSON, ("content-encoding", coding))
    assert served(house, View(headers=headers, parts=(part,))).status == 403


def test_a_part_of_a_whole_is_not_asked_for_and_not_passed_on(house: House) -> None:
    view = View(headers=(JSON, ("content-range", "bytes 0-1/2")), parts=(b"{}",), status=206)
    got = house.visit(view, house.open(redaction=RULES), Asked(headers={"range": "bytes=0-1"}))
    assert got.status == 403
    assert "range" not in view.request_headers


def test_secrets_alone_hold_no_file_back(house: House) -> None:
    view = View(headers=(("content-type", "application/pdf"),), parts=(b"%PDF",))
    assert served(house, view, Redaction(secrets=True)).body == b"%PDF"


def test_secrets_are_found_by_name_and_by_how_they_begin(house: House) -> None:
    body = b'{"api_key": "x", "csrf_token": "y", "hint": "ghp_0123456789abcdefghij0123"}'
    got = served(house, View(headers=(JSON,), parts=(body,)), Redaction(secrets=True))
    assert json.loads(got.body) == {"api_key": HIDDEN, "csrf_token": "y", "hint": HIDDEN}


def test_an_answer_without_a_body_goes_out(house: House) -> None:
    view = View(status=302, headers=(("location", "/next"),), parts=(b"",))
    assert served(house, view).status == 302


def test_text_is_looked_through(house: House) -> None:
    view = View(headers=(("content-type", "text/plain"),), parts=(b"ask ada@", b"customer.test\n"))
    assert served(house, view).body == f"ask {HIDDEN}\n".encode()


def test_how_long_a_hidden_answer_is_no_head_tells(house: House) -> None:
    view = View(headers=(JSON, ("content-length", str(len(BODY)))), parts=(b"",))
    assert str(len(BODY)) not in served(house, view, method="HEAD").header("content-length")


FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM["content-type"], f"note=a&mail={HIDDEN}"),
        (FORM["content-type"], f"note={HIDDEN.lower()}"),
        (FORM["content-type"], "user%5Bemail%5D=new"),
        (FORM["content-type"], "contact-0-e_mail="),
        ("application/json", json.dumps({"note": f"see {HIDDEN}"})),
        ("application/json", json.dumps({"users": [{"Email": None}]})),
        ("application/json", '{"users": [{"\\u0065mail": 1}]}'),
        ("multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="email"'),
        ("text/plain", HIDDEN),
        ("application/octet-stream", f"\0{HIDDEN}"),
    ],
)
def test_what_was_hidden_is_never_saved_back(house: House, content_type: str, body: str) -> None:
    session = house.open(redaction=RULES)
    headers = {"content-type": content_type}
    asked = Asked(method="POST", headers=headers, body=body.encode())
    got = house.visit(View(), session, asked)
    assert (got.status, json.loads(got.body)["code"]) == (409, "masked_value_saved")
    assert "view" not in house.events
    (action,) = house.actions(session)
    assert (action.phase, action.rule) == (Phase.BLOCKED, "masked_value_saved")


def test_a_mask_in_an_address_is_not_saved_either(house: House) -> None:
    asked = Asked(method="DELETE", query=f"email={HIDDEN}")
    assert house.visit(View(), house.open(redaction=RULES), asked).status == 409


def test_any_other_change_reaches_the_app_whole(house: House) -> None:
    for body in (b"", b"note=hello", b"a=" + b"x" * 200_000):
        view = View(headers=(("content-type", "text/plain"),), parts=(b"ok",))
        asked = Asked(method="POST", headers=FORM, body=body)
        assert house.visit(view, house.open(redaction=RULES), asked).body == b"ok"
        assert view.request_body == body


def test_a_secret_may_be_set_without_being_seen(house: House) -> None:
    view = View(headers=(("content-type", "text/plain"),), parts=(b"ok",))
    asked = Asked(method="POST", headers=FORM, body=b"password=new")
    assert house.visit(view, house.open(redaction=Redaction(secrets=True)), asked).body == b"ok"


STREAMED = [
    (
        "text/html",
        (b"<body><p>ask ad", b"a@customer.test", b"</p><p>and <b>on</b>"),
        b"<body><p>ask HiddenByUnderstudy</p><p>and <b>on</b>",
    ),
    (
        "application/x-ndjson",
        (b'{"email": "ada@', b'customer.test"}\n{"id"', b": 1.10}\n"),
        b'{"email": "HiddenByUnderstudy"}\n{"id": 1.10}\n',
    ),
    (
        "text/event-stream",
        (b"event: a\nda", b'ta: {"email":\ndata: "ada@customer.test"}\n', b"\n: on\n\ndata: x\n\n"),
        b'event: a\ndata: {"email":\ndata: "HiddenByUnderstudy"}\n\n: on\n\ndata: x\n\n',
    ),
    (
        "text/csv",
        (b'id;e-mail;note\n1;"ada@', b'customer.test";"a\n""b""', b' ada@customer.test"\n2;;x'),
        b'id;e-mail;note\n1;HiddenByUnderstudy;"a\n""b"" HiddenByUnderstudy"\n2;;x',
    ),
    (
        "application/xml",
        (b"<a><email><b>ada</b></em", b"ail><c><![CDATA[ada@customer.test]]></c></a>"),
        b"<a><email><b>HiddenByUnderstudy</b></email><c><![CDATA[HiddenByUnderstudy]]></c></a>",
    ),
]


@pytest.mark.parametrize(("content_type", "parts", "shown"), STREAMED)
def test_streams_are_hidden_wherever_they_are_cut(
    house: House, content_type: str, parts: tuple[bytes, ...], shown: bytes
) -> None:
    whole = b"".join(parts)
    for cut in (parts, (whole,), tuple(whole[at : at + 5] for at in range(0, len(whole), 5))):
        got = served(house, View(headers=(("content-type", content_type),), parts=cut))
        assert (got.body, got.whole) == (shown, True)


def test_a_stream_goes_out_as_it_comes(house: House) -> None:
    sent: list[str] = []
    lines = (b'{"a": 1}\n', b'{"b": 2}\n')
    view = View(headers=(("content-type", "application/x-ndjson"),), parts=lines)
    view.between = lambda: sent.append("between")
    got = served(house, view)
    assert [part for part in got.parts if part] == list(lines)


def test_a_stream_that_can_be_read_no_more_is_cut_and_not_ended(house: House) -> None:
    session = house.open(redaction=RULES)
    lines = (b'{"a": 1}\n', b'{"email": "ada@customer.test"\n', b'{"b": 2}\n')
    view = View(headers=(("content-type", "application/x-ndjson"),), parts=lines)
    got = house.visit(view, session)
    assert (got.body, got.whole) == (lines[0], False)
    (action,) = house.actions(session)
    assert action.rule == "redaction_unreadable"


def test_a_page_is_hidden_and_gets_its_banner(house: House) -> None:
    document = {"accept": "text/html", "sec-fetch-dest": "document"}
    page = b'<html><body><input name="email" value="ada">ada@customer.test</body></html>'
    asked = Asked(headers=document)
    view = View(headers=(("content-type", "text/html"), ("content-length", "74")), parts=(page,))
    got = house.visit(view, house.open(redaction=RULES), asked)
    assert b"<understudy-banner " in got.body
    assert got.body.endswith(
        b'<input name="email" value="HiddenByUnderstudy" disabled>HiddenByUnderstudy</body></html>'
    )
    assert got.header("content-length") in ([], [str(len(got.body))])


def test_json_that_only_some_programs_take_hides_secrets_all_the_same(house: House) -> None:
    body = b'{"a": NaN, "api_key": "x", "note": "\xe9"}'
    got = served(house, View(headers=(JSON,), parts=(body,)), Redaction(secrets=True))
    assert got.body == b'{"a": NaN, "api_key": "HiddenByUnderstudy", "note": "\xe9"}'


def test_a_thing_that_was_shown_in_part_is_not_put_back_whole(house: House) -> None:
    session = house.open(redaction=RULES)
    put = Asked(method="PUT", path="/users/1", body=b'{"id": 7}', headers={"content-type": JSON[1]})
    view = View(headers=(JSON,), parts=(b'{"id": 7}',))
    assert house.visit(view, session, put).status == 200
    house.visit(View(headers=(JSON,), parts=(BODY,)), session, Asked(path="/users/1"))
    assert house.visit(view, session, put).status == 409
    assert house.visit(view, session, Asked(method="PUT", path="/users/2")).status == 200


def test_another_name_for_a_field_does_not_show_it(house: House) -> None:
    query = json.dumps({"query": "{ user { contact: email } }"}).encode()
    asked = Asked(method="POST", headers={"content-type": JSON[1]}, body=query)
    view = View(headers=(JSON,), parts=(b'{"contact": "ada"}',))
    got = house.visit(view, house.open(redaction=RULES), asked)
    assert got.body == b'{"contact": "HiddenByUnderstudy"}'
    # In the next answer of that session it is a name like any other.
    assert house.visit(view, house.open(redaction=RULES)).body == b'{"contact": "ada"}'


def test_a_document_that_only_the_server_knows_is_not_asked_for(house: House) -> None:
    body = json.dumps({"extensions": {"persistedQuery": {"sha256Hash": "a"}}}).encode()
    asked = Asked(method="POST", headers={"content-type": JSON[1]}, body=body)
    assert house.visit(View(), house.open(redaction=RULES), asked).status == 403
    assert "view" not in house.events


def test_headers_are_hidden_as_well(house: House) -> None:
    view = View(status=302, headers=(("location", "/?to=ada@customer.test"),), parts=(b"",))
    assert served(house, view).header("location") == [f"/?to={HIDDEN}"]
