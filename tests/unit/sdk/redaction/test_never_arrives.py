"""Whatever an app calls its answer, and however it spells it: what is hidden never arrives."""

from __future__ import annotations

import time

import pytest

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.sdk.redaction.brought_back import brings_back
from understudy.sdk.redaction.header_values import hidden_in_headers
from understudy.sdk.redaction.message_text import hidden_in_message
from understudy.sdk.redaction.redacting import redacting

RULES = ruled("field email", "detector email")
CANARY = b"c4nary"
HTML, TEXT, CSV, EVENTS = "text/html", "text/plain", "text/csv", "text/event-stream"
SCRIPT = "text/javascript"

ANSWERS = [
    *((kind, '{"email":"c4nary"}') for kind in (TEXT, HTML, EVENTS, SCRIPT, "image/svg+xml")),
    ("text/x-json", '\ufeff {"email":"c4nary"}'),
    ("application/json", '\ufeff{"email":"c4nary"}'),
    ("application/json", '{"user.email":"c4nary","user[email]":"c4nary","@email":"c4nary"}'),
    ("application/json", '[{"op":"add","path":"/users/0/email","value":"c4nary"}]'),
    ("application/json", '[{"type":"email","value":"c4nary"},{"k":"email","v":"c4nary"}]'),
    ("application/json", '{"html":"<input name=\\"email\\" value=\\"c4nary\\">"}'),
    (SCRIPT, '/**/cb({"email":"c4nary"});'),
    (SCRIPT, 'window.user = {"email":"c4nary"};'),
    (TEXT, "name: a\nemail: c4nary and more c4nary\n"),
    (TEXT, "EMAIL;TYPE=work:c4nary\n"),
    (CSV, "id|email\n1|c4nary\n"),
    (CSV, "sep=;\nid;email\n1,5;c4nary\n"),
    (CSV, "id;email\n1,5;c4nary\n"),
    (CSV, "Report\n\nid,email\n1,c4nary\n"),
    (CSV, "id,email\r1,c4nary\r2,c4nary"),
    (CSV, "email\nc4nary\nc4nary"),
    (CSV, 'id,"email"x,user.email\n1,c4nary,c4nary'),
    (CSV, 'id,note,email\n1,a"b,c4nary\n2,"x",c4nary'),
    (CSV, 'id,payload\n1,"{""email"":""c4nary""}"'),
    (EVENTS, "id: a@c4nary.test\nevent: a@c4nary.test\ndata: x\n\n"),
    (EVENTS, ': {"email":"c4nary"}\n\n\ufeffdata: {"email":"c4nary"}\n\n'),
    (EVENTS, 'data: 42["x",{"email":"c4nary"}]\n\ndata: email: c4nary\n\n'),
    (HTML, "<select name=email><option value=c4nary>c4nary</select>"),
    (HTML, "<div x-data=\"{ email: 'c4nary' }\" onclick=\"x({email:'c4nary'})\">"),
    (HTML, "<table><tr><td>Email</td><td>c4nary</td></tr></table>"),
    (HTML, "<table><tr><th colspan=2>Name<th>Email<tr><td>1<td>2<td>c4nary</table>"),
    (
        HTML,
        "<table><tr><th>Id<th>Email<tr><td>1<td><table><tr><td>x</table>c4nary</table>",
    ),
    (HTML, "<table><tr><th>Email<th>Id</tr><tr><th scope=row>c4nary</th><td>1</table>"),
    (HTML, '<iframe srcdoc="<input name=email value=c4nary>"></iframe>'),
    (HTML, '<input type=email value=c4nary><input id=email value="c4nary">'),
    (HTML, '<input name=x aria-label="Email" value=c4nary><input placeholder=Email value=c4nary>'),
    (HTML, '<input name="email" value="c4nary"'),
    (HTML, "<textarea name=email>c4nary"),
    (HTML, "</p a='a@c4nary.test'><!x a@c4nary.test><?x a@c4nary.test?>"),
    (HTML, '<e:email>c4nary</e:email><pre>{"email": "c4nary"}</pre>'),
    (HTML, '<script>e["email"]="c4nary";f={"\\x65mail":"c4nary"}</script>'),
    (HTML, "<script>JSON.parse('{\\u0022email\\u0022:\\u0022c4nary\\u0022}')</script>"),
]


@pytest.mark.parametrize(("kind", "answer"), ANSWERS)
def test_it_is_hidden_wherever_the_answer_is_cut(kind: str, answer: str) -> None:
    body = answer.encode()
    headers = [(b"content-type", kind.encode())]
    for cut in range(len(body) + 1):
        looked = redacting(RULES, ["/"], 200, headers)
        assert looked is not None
        parts = [(body[:cut], True), (body[cut:], True), (b"", False)]
        shown = b"".join(looked.part(part, more=more) for part, more in parts)
        assert CANARY not in shown
        assert shown


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (SCRIPT, b"const x = {email: t.email};call({a: 1})"),
        (SCRIPT, b'{"use strict"; let email = 1}'),
        (HTML, b"<style>a{b:'x'}</style><script>a.b='x'</script>{{ user.email }}"),
        (TEXT, b"Dear Ada,\nwe have no e-mail of you.\r\n"),
        (CSV, b'id;note\n1,5;"a""b"\n\n2;\'x'),
        (EVENTS, b": on\n\ndata: x\r\ndata: y\r\n\r\nretry: 10\n\n"),
    ],
)
def test_what_is_nobodys_stays_to_the_byte(kind: str, body: bytes) -> None:
    looked = redacting(RULES, ["/"], 200, [(b"content-type", kind.encode())])
    assert looked is not None
    parts = [(body[:9], True), (body[9:], True), (b"", False)]
    assert b"".join(looked.part(part, more=more) for part, more in parts) == body
    assert not looked.has_hidden


def test_a_quote_around_an_address_stays_a_quote() -> None:
    looked = redacting(RULES, ["/"], 200, [(b"content-type", b"text/html")])
    assert looked is not None
    page = b"<script>a='a@c4nary.test'</script>"
    shown = b"<script>a='HiddenByUnderstudy'</script>"
    assert looked.part(page, more=False) == shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"location", b"/x?a=1&user%5Bemail%5D=c4nary#email=c4nary"),
        (b"link", b'</x?email=c4nary>; rel="next"'),
        (b"refresh", b"0; url=/x?email=c4nary"),
        (b"x-user-email", b"c4nary"),
        (b"hx-trigger", b'{"email":"c4nary"}'),
        (b"x-message", b"%7B%22email%22%3A%22c4nary%22%7D"),
        (b"content-md5", b"c4nary"),
    ],
)
def test_no_header_tells(name: bytes, value: bytes) -> None:
    assert CANARY not in b"".join(
        b"".join(one) for one in hidden_in_headers([(name, value)], RULES)
    )


@pytest.mark.parametrize(
    "text",
    [
        '<turbo-stream><input name="email" value="c4nary"></turbo-stream>',
        '["1",{"r":{"0":"<input name=\\"email\\" value=\\"c4nary\\">"}}]',
    ],
)
def test_no_message_tells(text: str) -> None:
    assert "c4nary" not in hidden_in_message(text, RULES)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", r'{"n":"\u0048iddenByUnderstudy"}'),
        ("application/x-www-form-urlencoded", "n=Hidden%42yUnderstudy"),
        ("application/json", '[{"op":"replace","path":"/email","value":"x"}]'),
        ("application/json", '{"fields":[{"name":"email","value":"x"}]}'),
        ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=email"),
        ("text/plain", '{"email":"x"}'),
        ("", "email=x"),
        ("application/x-www-form-urlencoded", "a=1;email=x"),
    ],
)
def test_however_it_is_sent_back_it_is_seen(kind: str, body: str) -> None:
    assert brings_back(RULES, kind, "", body.encode())


@pytest.mark.parametrize("query", ["user%5Bemail%5D=x", "q=%48iddenByUnderstudy"])
def test_an_address_brings_nothing_back_either(query: str) -> None:
    assert brings_back(RULES, "", query, b"")


@pytest.mark.parametrize(
    ("kind", "body"),
    [("", "email"), ("application/json", '{"channel":"email"}'), ("text/plain", "my email")],
)
def test_an_ordinary_change_passes(kind: str, body: str) -> None:
    assert not brings_back(RULES, kind, "a=1", body.encode())


LONG = 60_000


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (HTML, "<script>" + "a" * LONG),
        (HTML, "<script>" + "\\" * LONG),
        (EVENTS, "\n" * LONG),
        ("application/json", '{"a":"' + '<a \\"' * (LONG // 5) + '"}'),
        ("application/json", "[" + '"email",' * (LONG // 8) + "1]"),
    ],
)
def test_long_answers_take_a_time_that_grows_as_they_do(kind: str, body: str) -> None:
    looked = redacting(RULES, ["/"], 200, [(b"content-type", kind.encode())])
    assert looked is not None
    begin = time.thread_time()
    looked.part(body.encode(), more=False)
    # Each took from eight seconds to minutes where it grew by the square.
    assert time.thread_time() - begin < 4
