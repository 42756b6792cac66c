"""Request bodies: read within their limit, and decoded strictly."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import msgspec
from starlette.types import Receive

from understudy.errors import (
    BodyTooLarge,
    InvalidInput,
    MalformedRequest,
    UnderstudyError,
    UnsupportedMediaType,
)
from understudy.http.endpoint import FORM, MAX_BODY_BYTES, Body, Endpoint
from understudy.http.incoming import Headers
from understudy.http.names import names_at_least
from understudy.http.query import parse, repeatable
from understudy.http.validation import invalid

# An escaped NUL: with an even number of backslashes before it, which escape each other.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_UTF8 = frozenset({"", "utf-8", '"utf-8"', "utf8"})


class ClientGoneError(UnderstudyError):
    """The client went away in the middle of its own request."""


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of an endpoint that takes none: absent, or an empty object."""


_NO_BODY = Body(type=Nothing, required=False)


async def read(receive: Receive, headers: Headers, limit: int) -> bytes:
    """The whole body.

    :raises BodyTooLarge: as soon as it is certain.
    """
    announced = headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        chunk = message.get("body", b"")
        if chunk:
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def limit_of(endpoint: Endpoint) -> int:
    """How many bytes ``endpoint`` takes."""
    return endpoint.body.max_bytes if endpoint.body is not None else MAX_BODY_BYTES


def decode(endpoint: Endpoint, headers: Headers, body: bytes) -> Any:  # noqa: ANN401
    """The body as the type that ``endpoint`` declares.

    :raises UnsupportedMediaType: another Content-Type than it takes.
    :raises MalformedRequest: not readable, or with a field that appears twice.
    :raises InvalidInput: readable, but not of that type.
    """
    declared = endpoint.body or _NO_BODY
    if not body and not declared.required:
        return declared.type()
    media = _media_type(headers)
    if endpoint.form and media == FORM:
        return declared.type()
    if media not in declared.media:
        raise UnsupportedMediaType(f"Send this as {' or '.join(declared.media)}.")
    if declared.type is bytes:
        return body
    if media == FORM:
        return from_form(body, declared.type)
    try:
        return from_json(body, declared.type)
    except InvalidInput as error:
        if declared.reads is None or isinstance(error, MalformedRequest):
            raise
        return _strict_json(body, declared.reads)


def from_json(body: bytes, type_: Any) -> Any:  # noqa: ANN401  # whatever msgspec can decode
    """A JSON document as ``type_``, without a NUL in it."""
    decoded = _strict_json(body, type_)
    if _NUL.search(body):
        raise InvalidInput("The body holds a NUL character.")
    return decoded


def _strict_json(body: bytes, type_: Any) -> Any:  # noqa: ANN401
    """Of two equal names in one object msgspec takes the last, we take neither."""
    try:
        decoded = _decoder(type_).decode(body)
    except msgspec.ValidationError as error:
        raise invalid(error, _untyped(body)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedRequest("The body is not a JSON document in UTF-8.") from error
    if body.count(b":") != names_at_least(decoded):
        _require_unique_names(body)
    return decoded


def _untyped(body: bytes) -> object:
    """What stands in the body, to say what is wrong with it; None where it cannot be read at all.

    A value of the wrong type is found before whatever is wrong behind it.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def from_form(body: bytes, type_: Any) -> Any:  # noqa: ANN401
    """A form as ``type_``, all of whose fields are text.

    Only a field whose type is a list may appear more than once.
    """
    pairs = parse(body)
    fields: dict[str, str | list[str]] = {
        name: [text for one, text in pairs if one == name]
        for name in repeatable(type_) & {name for name, _ in pairs}
    }
    single = [(name, text) for name, text in pairs if name not in fields]
    if len(dict(single)) != len(single):
        raise MalformedRequest("A field appears more than once.")
    fields |= single
    if any("\x00" in text for pair in pairs for text in pair):
        raise InvalidInput("The body holds a NUL character.")
    try:
        return msgspec.convert(fields, type_)
    except msgspec.ValidationError as error:
        raise invalid(error, fields) from None


def _unique(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise MalformedRequest("A field appears more than once in the same object.")


_UNIQUE = json.JSONDecoder(object_pairs_hook=_unique)


def _require_unique_names(body: bytes) -> None:
    try:
        _UNIQUE.decode(body.decode())
    except (ValueError, RecursionError) as error:
        # What one parser reads and another does not is nothing to act on.
        raise MalformedRequest("The body is not a JSON document in UTF-8.") from error


def _media_type(headers: Headers) -> str:
    media, _, parameters = headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=")
    if charset not in _UTF8 and "charset" in parameters.lower():
        raise UnsupportedMediaType("Only UTF-8 is taken.")
    return media.strip().lower()


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"The body is larger than {limit} bytes, which is the limit here.")


@cache
def _decoder(type_: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401
    return msgspec.json.Decoder(type_)
