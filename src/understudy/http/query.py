"""Query strings, decoded strictly: nothing unknown, nothing twice, no odd bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import inspect

from understudy.errors import InvalidInput, MalformedRequest
from understudy.http.validation import invalid


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The query parameters of one endpoint."""


class NoQuery(Query, frozen=True, kw_only=True):
    """No query parameters at all."""


Q = TypeVar("Q", bound=Query)

_MAX_PARAMETERS = 100
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False}


def parse(query_string: bytes) -> list[tuple[str, str]]:
    """Names and values of a query string or form, in order.

    :raises MalformedRequest: when it is not one, or not UTF-8.
    """
    if not query_string:
        return []
    try:
        return parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError as error:
        raise MalformedRequest("The query string could not be read.") from error


def decode(query_string: bytes, type_: type[Q]) -> Q:
    """The query parameters as ``type_``.

    :raises MalformedRequest: not readable, or a parameter appears twice.
    :raises InvalidInput: unknown or unfit parameters.
    """
    if not query_string:
        none: Q = _none(type_)
        return none
    kinds = _kinds(type_)
    values: dict[str, Any] = {}
    for name, text in parse(query_string):
        kind = kinds.get(name, str)
        if "\x00" in text or "\x00" in name:
            raise InvalidInput("A parameter holds a NUL character.")
        if kind is list:
            values.setdefault(name, []).append(text)
        elif name in values:
            raise MalformedRequest(f"The parameter {name!r} appears more than once.")
        else:
            values[name] = _value(name, text, kind)
    return _converted(values, type_)


@cache
def _none(type_: type[Query]) -> Any:  # noqa: ANN401  # a ``type_``
    """What it means when no parameter is given; queries are frozen, so that one serves all."""
    return _converted({}, type_)


def _converted(values: Mapping[str, object], type_: type[Q]) -> Q:
    try:
        return msgspec.convert(values, type_)
    except msgspec.ValidationError as error:
        raise invalid(error) from None


def _value(name: str, text: str, kind: type) -> object:
    if kind is int:
        if _INTEGER.fullmatch(text) is None:
            raise InvalidInput(f"{name} is a whole number.", facts={"field": name})
        return int(text)
    if kind is bool:
        if text not in _BOOLEANS:
            raise InvalidInput(f"{name} is true or false.", facts={"field": name})
        return _BOOLEANS[text]
    return text


@cache
def repeatable(type_: Any) -> frozenset[str]:  # noqa: ANN401  # whatever msgspec can decode
    """The fields of ``type_`` that may appear more than once."""
    return frozenset(name for name, kind in _kinds(type_).items() if kind is list)


@cache
def _kinds(type_: type[msgspec.Struct]) -> Mapping[str, type]:
    """Which parameters are numbers, flags or lists; all others are text."""
    info = inspect.type_info(type_)
    fields = info.fields if isinstance(info, inspect.StructType) else ()
    return {field.encode_name: _kind(field.type) for field in fields}


def _kind(type_: inspect.Type) -> type:
    if isinstance(type_, inspect.UnionType):
        return next((kind for kind in map(_kind, type_.types) if kind is not str), str)
    if isinstance(type_, inspect.Metadata):
        return _kind(type_.type)
    kinds: dict[type[inspect.Type], type] = {
        inspect.IntType: int,
        inspect.BoolType: bool,
        inspect.ListType: list,
    }
    return kinds.get(type(type_), str)
