"""GraphQL endpoints, where what only reads is told by the document and not by the method.

A request passes where the operation that it asks for is a ``query`` (GraphQL October 2021, section
2.3); mutations, subscriptions, and whatever is not certain stay blocked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from understudy.core.impersonation.restrictions import ANY_METHOD, BlockedAction, Rulebook
from understudy.errors import SetupError
from understudy.sdk.declared_reads import DeclaredReads
from understudy.sdk.guard import Asked

_JSON = re.compile(
    r'application/json(?:[ \t]*;[ \t]*charset=(?:"utf-8"|utf-8))?[ \t]*', re.ASCII | re.IGNORECASE
)
_MEMBERS = frozenset({"query", "operationName", "variables", "extensions"})
# By what servers let somebody name a document that only they know.
_NAMING = _MEMBERS | {"id", "queryId", "documentId", "doc_id", "hash", "key"}
_EXTENSIONS = frozenset({"persistedQuery", "clientLibrary"})
_MOST_AT_ONCE = 20
_MOST_TOKENS = 10_000
_REMEMBERED = 1_024


class GraphQLReads:
    """The endpoints at ``paths``.

    A persisted query passes once its text was seen, and found to be nothing but queries.

    :raises SetupError: a path is none, or the library is missing that reads documents.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        given = (paths,) if isinstance(paths, str) else tuple(paths)
        self._exactly = DeclaredReads(given)
        if given and find_spec("graphql") is None:
            raise SetupError("GraphQL endpoints need graphql-core: install understudy[graphql].")
        rules = (BlockedAction(method=ANY_METHOD, pattern=path, label=path) for path in given)
        self._anyhow = Rulebook(rules)
        self._known: OrderedDict[str, None] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._exactly)

    def serve(self, asked: Asked) -> bool:
        """Whether some layer may take this for one of the endpoints."""
        return self._anyhow.blocked(asked.methods, asked.paths) is not None

    def may_read(self, asked: Asked) -> bool:
        """Whether this is a POST to one of them and nothing else, so that its body tells."""
        is_post = set(asked.methods) == {"POST"} and not asked.overridden and not asked.socket
        return is_post and self._exactly.cover(("POST",), asked.paths)

    def read_by_body(self, content_type: str, query: str, body: bytes) -> bool:
        """Whether a POST asks for nothing but what only reads. Of a batch each has to."""
        # Some servers look into the address first.
        if _JSON.fullmatch(content_type) is None or _named_in(query):
            return False
        try:
            given = _read(body.decode("utf-8"))
        except (ValueError, RecursionError):
            return False
        many = given if isinstance(given, list) else [given]
        return 0 < len(many) <= _MOST_AT_ONCE and all(map(self._only_queries, many))

    def read_by_address(self, query: str) -> bool:
        """Whether a GET asks for nothing but what only reads, or asks nothing at all."""
        named = _named_in(query)
        told: dict[str, Any] = dict(named)
        if not named:
            return True
        if len(told) != len(named):
            return False
        try:
            for name in ("variables", "extensions"):
                if name in told:
                    told[name] = _read(told[name])
        except (ValueError, RecursionError):
            return False
        return self._only_queries(told)

    def _only_queries(self, given: object) -> bool:
        if not isinstance(given, dict) or not given.keys() <= _MEMBERS:
            return False
        named = _persisted(given.get("extensions"))
        text = given.get("query")
        if named is None or not (text is None or isinstance(text, str)):
            return False
        if not text:
            return named in self._known
        if named and named != hashlib.sha256(text.encode("utf-8", "replace")).hexdigest():
            return False
        kinds = _operations(text)
        if named and kinds and all(kind == "query" for _, kind in kinds):
            self._remember(named)
        return _chosen(kinds, given.get("operationName")) == "query"

    def _remember(self, named: str) -> None:
        self._known[named] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _named_in(query: str) -> Sequence[tuple[str, str]]:
    pairs = parse_qsl(query, keep_blank_values=True)
    # Some readers make lists and objects of names with brackets.
    return [(name, value) for name, value in pairs if name.partition("[")[0] in _NAMING]


def _persisted(extensions: object) -> str | None:
    """The hash that is named, empty where none is; None where it is not certain what is."""
    if extensions is None:
        return ""
    if not isinstance(extensions, dict) or not extensions.keys() <= _EXTENSIONS:
        return None
    named = extensions.get("persistedQuery")
    if named is None:
        return ""
    if not isinstance(named, dict) or not named.keys() <= {"version", "sha256Hash"}:
        return None
    found = named.get("sha256Hash")
    return found if isinstance(found, str) and found else None


def _operations(text: str) -> Sequence[tuple[str | None, str]]:
    """Name and kind of each operation in a document; none where it cannot be read."""
    # Late, as it takes longer to load than all of the SDK.
    from graphql import GraphQLError, OperationDefinitionNode, parse

    try:
        document = parse(text, no_location=True, max_tokens=_MOST_TOKENS)
    except (GraphQLError, RecursionError):
        return []
    return [
        (one.name.value if one.name else None, one.operation.value)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
    ]


def _chosen(kinds: Sequence[tuple[str | None, str]], name: object) -> str | None:
    """The kind of the operation that is asked for; None where that is not certain."""
    # An empty name is none to some servers, and one that does not exist to others.
    if name is None or name == "":
        return kinds[0][1] if len(kinds) == 1 else None
    found = [kind for one, kind in kinds if one == name]
    return found[0] if len(found) == 1 else None


def _read(text: str) -> Any:  # noqa: ANN401  (whatever JSON says)
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_unknown)


def _unique(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _unknown(_: str) -> NoReturn:
    raise ValueError
