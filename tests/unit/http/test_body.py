from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from starlette.types import Message

from tests.fixtures.refusals import refusal_of
from understudy.errors import BodyTooLarge, InvalidInput, MalformedRequest, UnsupportedMediaType
from understudy.http import body
from understudy.http.access import PUBLIC
from understudy.http.body import ClientGoneError, from_form, from_json, read
from understudy.http.call import Call
from understudy.http.endpoint import FORM, NOTHING, Body, Endpoint
from understudy.http.incoming import Headers


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    """What tests send."""

    name: str
    inner: dict[str, int] = {}


async def nothing(call: Call[None, object]) -> None:
    """Answer nothing."""


def endpoint(taken: Body | None, *, form: bool = False) -> Endpoint:
    return Endpoint(
        method="POST",
        path="/things",
        operation="things",
        summary="Things",
        tag="",
        access=PUBLIC,
        handler=nothing,
        answers=(NOTHING,),
        body=taken,
        form=form,
    )


def sent(*chunks: bytes, gone: bool = False) -> Callable[[], object]:
    messages: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    ]
    end: Message = {"type": "http.disconnect"} if gone else {"type": "http.request"}
    rest = iter([*messages, end])

    async def receive() -> Message:
        return next(rest)

    return receive


def headers(**values: str) -> Headers:
    return Headers([(n.replace("_", "-").encode(), v.encode()) for n, v in values.items()])


async def test_chunks_are_put_together() -> None:
    assert await read(sent(b"ab", b"", b"c"), headers(), 3) == b"abc"  # type: ignore[arg-type]


async def test_a_byte_too_much_is_refused_at_once() -> None:
    with refusal_of(BodyTooLarge, "body_too_large"):
        await read(sent(b"ab", b"cd"), headers(), 3)  # type: ignore[arg-type]
    with refusal_of(BodyTooLarge, "body_too_large"):
        await read(sent(), headers(content_length="4"), 3)  # type: ignore[arg-type]


async def test_a_client_that_leaves_in_the_middle_is_noticed() -> None:
    with pytest.raises(ClientGoneError):
        await read(sent(b"a", gone=True), headers(), 3)  # type: ignore[arg-type]


def test_json_is_decoded_into_its_type() -> None:
    assert from_json(b'{"name":"a","inner":{"x":1}}', Thing) == Thing(name="a", inner={"x": 1})


@pytest.mark.parametrize(
    "document",
    [
        b'{"name":"a","name":"a"}',
        b'{"name":"a","inner":{"x":1,"x":1}}',
        b'{"name":"a","inner":{"\\u0078":1,"x":1}}',
        b'{"name":"a"',
        b'{"name":"\xff"}',
        b"",
    ],
)
def test_what_two_parsers_could_read_differently_is_refused(document: bytes) -> None:
    with refusal_of(MalformedRequest, "malformed_request"):
        from_json(document, Thing)


@pytest.mark.parametrize(
    ("document", "nul"),
    [
        (b'{"name":"\\u0000"}', True),
        (b'{"name":"\\\\\\u0000"}', True),
        (b'{"name":"\\\\u0000"}', False),
        (b'{"name":"u0000"}', False),
    ],
)
def test_a_nul_is_refused_and_only_a_nul(document: bytes, nul: bool) -> None:
    if nul:
        with refusal_of(InvalidInput, "invalid_input"):
            from_json(document, Thing)
    else:
        assert "0000" in from_json(document, Thing).name


def test_a_form_is_decoded_and_its_fields_come_once() -> None:
    assert from_form(b"name=a+b%C3%A4", Thing) == Thing(name="a bä")
    with refusal_of(MalformedRequest, "malformed_request"):
        from_form(b"name=a&name=a", Thing)
    with refusal_of(InvalidInput, "invalid_input"):
        from_form(b"name=%00", Thing)


def test_a_body_may_be_left_out_where_it_is_not_required() -> None:
    optional = endpoint(Body(type=Thing, required=False))
    with pytest.raises(TypeError):
        body.decode(optional, headers(), b"")  # a type whose fields have no defaults is a mistake
    none = endpoint(None)
    assert body.decode(none, headers(), b"") == body.Nothing()
    assert body.decode(none, headers(content_type="application/json"), b"{}") == body.Nothing()
    with refusal_of(InvalidInput, "invalid_input", field="a"):
        body.decode(none, headers(content_type="application/json"), b'{"a":1}')


class Several(msgspec.Struct):
    """A form with a field that may be repeated."""

    name: str
    places: list[str] = []


def test_a_field_that_is_a_list_may_come_more_than_once() -> None:
    assert from_form(b"name=a", Several) == Several(name="a")
    assert from_form(b"places=x&name=a&places=y", Several) == Several(name="a", places=["x", "y"])
    assert from_form(b"name=a&places=", Several) == Several(name="a", places=[""])
    with refusal_of(MalformedRequest, "malformed_request"):
        from_form(b"name=a&places=x&name=b", Several)


def test_a_form_is_taken_only_where_forms_may_ask() -> None:
    form = headers(content_type=f"{FORM}; charset=UTF-8")
    assert body.decode(endpoint(None, form=True), form, b"a=b") == body.Nothing()
    with refusal_of(UnsupportedMediaType, "unsupported_media_type"):
        body.decode(endpoint(None), form, b"a=b")


def test_raw_bodies_are_handed_on_as_they_are() -> None:
    taken = endpoint(Body(type=bytes, media=("text/csv",)))
    assert body.decode(taken, headers(content_type="text/csv"), b"\xff") == b"\xff"
    with refusal_of(UnsupportedMediaType, "unsupported_media_type"):
        body.decode(taken, headers(content_type="text/plain"), b"")
