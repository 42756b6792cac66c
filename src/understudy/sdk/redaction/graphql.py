"""By which other names a GraphQL query asks for fields that are hidden."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.unreadable import Unreadable

# An alias as specified (GraphQL October 2021, section 2.7); an argument looks alike, and one name
# too many hides no more than a field of that name.
_ALIAS = re.compile(r"([_A-Za-z]\w*)[\s,]*:[\s,]*([_A-Za-z]\w*)")
_COMMENT = re.compile(r"#[^\r\n]*")


def other_names(rulings: Rulings, content_type: str, query: str, body: bytes) -> Mapping[str, Deed]:
    """The aliases of hidden fields in a request's document; none where it is no GraphQL.

    :raises Unreadable: the server knows the document and we do not.
    """
    found: dict[str, Deed] = {}
    for document in _documents(rulings, content_type, query, body):
        for alias, field in _ALIAS.findall(_COMMENT.sub("", document)):
            deed = rulings.fields.deed(field)
            if deed is not None:
                found[alias] = deed
    return found


def _documents(rulings: Rulings, content_type: str, query: str, body: bytes) -> Iterator[str]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/graphql":
        yield body.decode("utf-8", "replace")
    elif kind.endswith("json"):
        yield from _in_json(rulings, body)
    asked = parse_qs(query)
    yield from asked.get("query", ())
    if "query" not in asked and "persistedQuery" in "".join(asked.get("extensions", ())):
        _refuse(rulings)


def _in_json(rulings: Rulings, body: bytes) -> Iterator[str]:
    try:
        given: Any = json.loads(body)
    except (ValueError, RecursionError):
        return
    for one in given if isinstance(given, list) else [given]:
        if not isinstance(one, dict):
            continue
        document = one.get("query")
        if isinstance(document, str):
            yield document
        elif "persistedQuery" in str(one.get("extensions")):
            _refuse(rulings)


def _refuse(rulings: Rulings) -> None:
    if rulings.is_strict:
        raise Unreadable("a document that only the server knows")
