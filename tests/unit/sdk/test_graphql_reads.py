"""Which requests to a GraphQL endpoint only read."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from urllib.parse import urlencode

import pytest

from understudy.errors import SetupError
from understudy.sdk.graphql_reads import GraphQLReads
from understudy.sdk.guard import Asked

JSON = "application/json"
QUERY, MUTATION = "query A { items { name } }", "mutation B { add(name: 1) { name } }"
BOTH = f"{QUERY} {MUTATION}"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def persisted(text: str) -> dict[str, object]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha(text)}}


def by_post(given: object, *, kind: str = JSON, query: str = "") -> bool:
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    return GraphQLReads(["/graphql"]).read_by_body(kind, query, body)


def by_get(**given: object) -> bool:
    texts = {name: one if isinstance(one, str) else json.dumps(one) for name, one in given.items()}
    return GraphQLReads(["/graphql"]).read_by_address(urlencode(texts))


@pytest.mark.parametrize(
    "given",
    [
        {"query": "{ items { name } }"},
        {"query": "# mutation\n{ mutation: items { name } }"},
        {"query": QUERY, "operationName": "A", "variables": {"a": 1}},
        {"query": QUERY, "operationName": None, "variables": None, "extensions": None},
        {"query": QUERY, "operationName": ""},
        {"query": BOTH, "operationName": "A"},
        {"query": "query A { a } query B { b }", "operationName": "B"},
        {"query": "fragment mutation on Item { name } query A { items { ...mutation } }"},
        {"query": QUERY, "extensions": persisted(QUERY)},
        {"query": QUERY, "extensions": {"clientLibrary": {"name": "a", "version": "1"}}},
        [{"query": QUERY}, {"query": "{ items { name } }"}],
    ],
)
def test_queries_only_read(given: object) -> None:
    assert by_post(given)


@pytest.mark.parametrize(
    "given",
    [
        {"query": MUTATION},
        {"query": "subscription C { added { name } }"},
        {"query": BOTH},
        {"query": BOTH, "operationName": ""},
        {"query": BOTH, "operationName": "B"},
        {"query": BOTH, "operationName": "C"},
        {"query": QUERY, "operationName": "C"},
        {"query": QUERY, "operationName": ["A"]},
        {"query": "query A { a } mutation A { b }", "operationName": "A"},
        {"query": "{ items { name }"},
        {"query": "fragment A on Item { name }"},
        {"query": "{ a }" * 2},
        {"query": "{ a " * 5_000 + "}" * 5_000},
        {"query": [QUERY]},
        {"query": ""},
        {},
        {"query": QUERY, "id": "known to the server"},
        {"query": QUERY, "extensions": persisted(MUTATION)},
        {"extensions": persisted(QUERY)},
        {"query": QUERY, "extensions": {"documentId": "1"}},
        {"query": QUERY, "extensions": {"persistedQuery": {"sha256Hash": 1}}},
        {"query": QUERY, "extensions": {"persistedQuery": "a"}},
        {"query": QUERY, "extensions": {"persistedQuery": {"id": "a"}}},
        {"query": QUERY, "extensions": "a"},
        [{"query": QUERY}, {"query": MUTATION}],
        [{"query": QUERY}] * 21,
        [],
        [QUERY],
        QUERY,
        b'{"query": "{ a }", "query": "mutation { a }"}',
        b'{"query": "{ a }", "variables": NaN}',
        b"\xff",
        b"[" * 50_000,
        b"",
    ],
)
def test_whatever_else_there_is_may_change_something(given: object) -> None:
    assert not by_post(given)


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("application/graphql", ""),
        ("multipart/form-data; boundary=a", ""),
        ("application/json; charset=utf-16", ""),
        ("application/json, text/plain", ""),
        ("", ""),
        (JSON, "query=mutation+B+{b}"),
        (JSON, "operationName=B"),
        (JSON, "documentId=7"),
    ],
)
def test_nor_is_it_certain_what_comes_in_another_shape(kind: str, query: str) -> None:
    assert not by_post({"query": QUERY}, kind=kind, query=query)


def test_a_type_may_name_its_charset_and_an_address_what_is_none_of_ours() -> None:
    assert by_post({"query": QUERY}, kind="application/json; charset=utf-8", query="a=1")


def test_by_get_nothing_but_a_query_is_asked_for() -> None:
    assert by_get()
    assert by_get(page="2")
    assert by_get(query=QUERY, variables={"a": 1}, operationName="A")
    assert not by_get(query=MUTATION)
    assert not by_get(query=BOTH, operationName="B")
    assert not by_get(query=QUERY, variables="{")
    assert not by_get(extensions=persisted(QUERY))
    assert not by_get(documentId="7")
    endpoint = GraphQLReads(["/graphql"])
    assert not endpoint.read_by_address("query={a}&query=mutation{a}")


def test_a_persisted_query_passes_once_its_text_was_seen() -> None:
    endpoint = GraphQLReads(["/graphql"])

    def ask(text: str | None, of: str) -> bool:
        given = {"extensions": persisted(of)} | ({} if text is None else {"query": text})
        return endpoint.read_by_body(JSON, "", json.dumps(given).encode())

    assert not ask(None, QUERY)
    assert ask(QUERY, QUERY)
    assert ask(None, QUERY)
    assert not ask(MUTATION, MUTATION)
    assert not ask(None, MUTATION)
    # Of which another operation could be asked for later.
    assert not ask(BOTH, BOTH)
    assert not ask(None, BOTH)


def test_no_more_than_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.sdk.graphql_reads._REMEMBERED", 1)
    endpoint = GraphQLReads(["/graphql"])
    for text in ("{ a }", "{ b }"):
        given = json.dumps({"query": text, "extensions": persisted(text)}).encode()
        assert endpoint.read_by_body(JSON, "", given)
    forgotten = json.dumps({"extensions": persisted("{ a }")}).encode()
    assert not endpoint.read_by_body(JSON, "", forgotten)


@pytest.mark.parametrize(
    ("asked", "may"),
    [
        (Asked(b"", ("POST",), ("/graphql",)), True),
        (Asked(b"", ("PUT",), ("/graphql",)), False),
        (Asked(b"", frozenset({"POST", "DELETE"}), ("/graphql",)), False),
        (Asked(b"", ("POST",), ("/graphql",), overridden=True), False),
        (Asked(b"", ("POST",), ("/graphql/",)), False),
        (Asked(b"", ("POST",), ("/GraphQL",)), False),
        (Asked(b"", ("GET",), ("/graphql",), socket=True), False),
    ],
)
def test_it_is_a_post_to_the_very_endpoint(asked: Asked, may: bool) -> None:
    endpoint = GraphQLReads(["/graphql"])
    assert endpoint.may_read(asked) is may
    assert endpoint.serve(asked)
    assert not endpoint.serve(Asked(b"", ("POST",), ("/other",)))


def test_without_the_library_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.sdk.graphql_reads.find_spec", lambda name: None)
    with pytest.raises(SetupError, match="graphql-core"):
        GraphQLReads(["/graphql"])
    assert not GraphQLReads()
    assert importlib.util.find_spec("graphql") is not None


@pytest.mark.parametrize("given", [["graphql"], ["/**"]])
def test_what_is_no_path_is_told(given: list[str]) -> None:
    with pytest.raises(SetupError):
        GraphQLReads(given)
