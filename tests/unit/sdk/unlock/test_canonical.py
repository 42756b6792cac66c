"""The same change is the same however it is sent, and no other one is (prototype `canon.py`)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.sdk.unlock.canonical import FORM, JSON, MOST_BYTES, Sent, write_of
from understudy.sdk.unlock.unbound import Unbound


def multipart(boundary: str, *parts: tuple[str, str]) -> tuple[str, bytes]:
    """A form with files; a name may bring further parameters with it."""
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts
    )
    return f"multipart/form-data; boundary={boundary}", f"{body}--{boundary}--\r\n".encode()


def sent(content_type: str = JSON, body: bytes = b"", query: str = "") -> Sent:
    return Sent(
        method="POST",
        host="app.example",
        path="/billing/7/plan",
        query=query,
        content_type=content_type,
        body=body,
    )


def part(disposition: str, *headers: str, value: str = "x") -> tuple[str, bytes]:
    """A form with one part, whose headers are these."""
    head = "\r\n".join((f"Content-Disposition: form-data; {disposition}", *headers))
    body = f"--a\r\n{head}\r\n\r\n{value}\r\n--a--\r\n"
    return "multipart/form-data; boundary=a", body.encode()


PLAN = b'{"plan":"pro","seats":5}'
SAME = [
    ("order of keys", sent(JSON, PLAN), sent(JSON, b'{ "seats": 5, "plan": "pro" }')),
    ("order within", sent(JSON, b'{"a":{"b":1,"c":2}}'), sent(JSON, b'{"a":{"c":2,"b":1}}')),
    ("parameters of the type", sent(JSON, PLAN), sent("application/json; charset=utf-8", PLAN)),
    ("a token in a form", sent(FORM, b"_token=A&plan=pro"), sent(FORM, b"plan=pro&_token=B")),
    ("escapes", sent(FORM, b"plan=p%72o"), sent(FORM, b"plan=pro")),
    ("order of the query", sent("", query="b=2&a=1"), sent("", query="a=1&b=2")),
    (
        "boundary",
        sent(*multipart("aaaa", ("plan", "pro"))),
        sent(*multipart("bbbb", ("plan", "pro"))),
    ),
]
OTHER = [
    (
        "which version is meant",
        replace(sent(JSON, PLAN), if_match='"1"'),
        replace(sent(JSON, PLAN), if_match='"2"'),
    ),
    (
        "a version and a field of its name",
        replace(sent(FORM, b""), if_match='"1"'),
        sent(FORM, b"If-Match=%221%22"),
    ),
    (
        "the type of a file",
        sent(*part('name="a"; filename="a"', "Content-Type: text/csv")),
        sent(*part('name="a"; filename="a"', "Content-Type: text/html")),
    ),
    ("a number as it is written", sent(JSON, b'{"a":1.10}'), sent(JSON, b'{"a":1.1}')),
    ("big", sent(JSON, b'{"a":9007199254740993}'), sent(JSON, b'{"a":9007199254740992}')),
    ("a number and a text", sent(JSON, b'{"a":5}'), sent(JSON, b'{"a":"5"}')),
    ("nothing and false", sent(JSON, b'{"a":null}'), sent(JSON, b'{"a":false}')),
    ("a list and its text", sent(JSON, b'{"a":[1]}'), sent(JSON, b'{"a":"[1]"}')),
    ("no object", sent(JSON, b'["a"]'), sent(JSON, b'{"whole":["a"]}')),
    ("order of one name", sent(FORM, b"x=1&x=2"), sent(FORM, b"x=2&x=1")),
    ("one field more", sent(FORM, b"plan=pro"), sent(FORM, b"plan=pro&admin=1")),
    ("an empty one more", sent(FORM, b"plan=pro"), sent(FORM, b"plan=pro&admin=")),
    ("form and JSON", sent(FORM, b"plan=pro"), sent(JSON, b'{"plan":"pro"}')),
    ("query and form", sent(FORM, b"plan=pro"), sent(FORM, b"", query="plan=pro")),
    (
        "a value in a form with files",
        sent(*multipart("a", ("plan", "pro"))),
        sent(*multipart("a", ("plan", "max"))),
    ),
    (
        "what is in a file",
        sent(*multipart("a", ('plan"; filename="a', "pro"))),
        sent(*multipart("a", ('plan"; filename="a', "max"))),
    ),
    (
        "the name of a file",
        sent(*multipart("a", ('plan"; filename="a', "pro"))),
        sent(*multipart("a", ('plan"; filename="b', "pro"))),
    ),
]


@pytest.mark.parametrize(("what", "one", "other"), SAME, ids=[case[0] for case in SAME])
def test_the_same_change_is_the_same(what: str, one: Sent, other: Sent) -> None:
    assert write_of(one) == write_of(other)


@pytest.mark.parametrize(("what", "one", "other"), OTHER, ids=[case[0] for case in OTHER])
def test_another_change_is_another(what: str, one: Sent, other: Sent) -> None:
    assert write_of(one) != write_of(other)


def test_a_text_is_never_taken_for_a_file() -> None:
    file = write_of(sent(*multipart("a", ('plan"; filename="a', "pro"))))
    ((_, value),) = file.fields
    assert write_of(sent(*multipart("a", ("plan", value)))) != file


@pytest.mark.parametrize(
    "one",
    [
        sent(JSON, b'{"a":1,"a":2}'),
        sent(JSON, b'{"a":{"b":1,"b":2}}'),
        sent(JSON, b'{"a":NaN}'),
        sent(JSON, b'{"a":1'),
        sent(JSON, b'{"a":"\xff"}'),
        sent(JSON, b"[" * 20_000),
        sent(JSON, b'{"_method":"DELETE"}'),
        sent(FORM, b"plan=pro&_method=DELETE"),
        sent(FORM, b"plan=pro&_Method=DELETE"),
        sent(JSON, PLAN, query="_method=DELETE"),
        sent(FORM, b"a=%ff"),
        sent(FORM, b"a=\xff"),
        sent(FORM, b"&".join(b"a=1" for _ in range(201))),
        sent(FORM, b"a=" + b"x" * MOST_BYTES),
        sent("text/plain", PLAN),
        sent("application/xml", b"<a/>"),
        sent("application/octet-stream"),
        sent("", PLAN),
        sent("multipart/form-data", b"--a--\r\n"),
        sent("multipart/form-data; boundary=a", b"nothing"),
        sent("multipart/form-data; boundary=\u0142", b"--a--\r\n"),
        sent("multipart/form-data; boundary=a", b"--a\r\n\r\nnameless\r\n--a--\r\n"),
        sent(
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="x"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\ncHJv\r\n--a--\r\n",
        ),
        sent(
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="x"\r\n\r\n\xff\r\n--a--\r\n',
        ),
        sent(
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="x"\r\n'
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            b"--b\r\n\r\nx\r\n--b--\r\n\r\n--a--\r\n",
        ),
    ],
)
def test_what_could_be_read_in_two_ways_is_not_bound(one: Sent) -> None:
    with pytest.raises(Unbound):
        write_of(one)


@pytest.mark.parametrize(
    "one",
    [
        sent("application/json; charset=latin-1", PLAN),
        sent("application/json, application/json", PLAN),
        sent(f"{FORM}; charset=latin-1", b"name=%C3%BC"),
        sent(FORM, b"a=1", query="name=\xfc"),
        sent(JSON, b'{"a":"\\ud800"}'),
        sent(JSON, b'{"' + b"a" * 501 + b'":1}'),
        replace(sent(JSON, PLAN), path="/" + "a" * 2_000),
        sent(*part('name="note"; name="role"')),
        sent(*part("name=note")),
        sent(*part('name="a\\\\b"')),
        sent(*part('name="a"', 'Content-Disposition: form-data; name="role"')),
        sent(*part('name="a"', "Content-Type: text/plain; charset=latin-1")),
        sent(*part('name="a"', "Content-Type: text/html")),
        sent(*part('name="a"', "X-Other: b")),
        sent(*part('name="a"', "Content-Type: text/plain;", " charset=latin-1")),
        sent(*part('name="a"; filename="b"; filename*=UTF-8\'\'c')),
        sent(*part('name="a"', value="x\n--a\nContent-Disposition: form-data; name=role\n\ny")),
        sent("multipart/form-data; boundary=b; boundary=a", part('name="a"')[1]),
        sent("multipart/form-data; boundary=a, multipart/form-data; boundary=b", part("")[1]),
        sent("multipart/form-data; boundary=a", b"before\r\n" + part('name="a"')[1]),
        sent("multipart/form-data; boundary=a", part('name="a"')[1] + b"behind"),
        sent("multipart/form-data; boundary=a", part('name="a"')[1].replace(b"\r\n", b"\n")),
        sent(*multipart("a", *((f'{name}{"x" * 20}"; filename="a', "b") for name in range(5)))),
    ],
)
def test_what_readers_read_in_two_ways_is_not_bound_either(one: Sent) -> None:
    with pytest.raises(Unbound):
        write_of(one)


def test_a_form_with_files_is_bound_as_browsers_send_it() -> None:
    kind = 'multipart/form-data; boundary="----WebKitFormBoundary7MA4YWxkTrZu0gW"'
    body = (
        "------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n"
        'Content-Disposition: form-data; name="plan"\r\n\r\nJürgen\r\n\r\n2\r\n'
        "------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n"
        'Content-Disposition: form-data; name="logo"; filename="ü.png"\r\n'
        "Content-Type: image/png\r\n\r\n\r\n"
        "------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n"
    )
    write = write_of(sent(kind, body.encode()))
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert write.fields == (
        ("logo", f'{{"file": "ü.png", "type": "image/png", "sha256": "{empty}"}}'),
        ("plan", "Jürgen\r\n\r\n2"),
    )
    assert write.media_type == "multipart/form-data;file=logo"


def test_nothing_sent_is_bound_by_its_address() -> None:
    write = write_of(sent("", b"", query="a=1"))
    assert (write.query, write.fields, write.media_type) == ((("a", "1"),), (), "")
    assert write_of(replace(sent("", b""), method="delete")).method == "DELETE"


def test_an_app_says_what_else_varies() -> None:
    one, other = sent(FORM, b"plan=pro&at=1"), sent(FORM, b"plan=pro&AT=2")
    assert write_of(one, varying={"at"}) == write_of(other, varying={"at"})
    assert write_of(one) != write_of(other)


@given(st.binary(max_size=60), st.sampled_from([JSON, FORM, "multipart/form-data; boundary=a"]))
def test_whatever_comes_is_bound_or_is_not(body: bytes, kind: str) -> None:
    try:
        assert write_of(sent(kind, body)) == write_of(sent(kind, body))
    except Unbound:
        return
