from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from understudy import service
from understudy.http.access import PUBLIC
from understudy.http.endpoint import Endpoint
from understudy.http.query import Query
from understudy.service.openapi import described, document, to_text

COMMITTED = Path(service.__file__).with_name("openapi.json")


def test_the_committed_document_is_the_one_that_the_code_describes() -> None:
    assert COMMITTED.read_text("utf-8") == to_text(document()), (
        "run: python -m understudy.service.openapi > src/understudy/service/openapi.json"
    )


def test_every_reference_leads_somewhere() -> None:
    openapi = document()
    schemas = openapi["components"]["schemas"]
    references = {
        part.partition('"')[0]
        for part in json.dumps(openapi).split('"$ref": "#/components/schemas/')[1:]
    }
    assert references <= schemas.keys()
    assert references


def test_operations_are_named_once() -> None:
    names = [endpoint.operation for endpoint in described()]
    assert len(names) == len(set(names))
    addresses = [(endpoint.method, endpoint.path) for endpoint in described()]
    assert len(addresses) == len(set(addresses))


def test_the_tags_that_are_used_are_those_that_are_declared() -> None:
    declared = [tag["name"] for tag in document()["tags"]]
    assert sorted(declared) == sorted({endpoint.tag for endpoint in described()})


@pytest.mark.parametrize("endpoint", described(), ids=lambda endpoint: endpoint.operation)
def test_an_endpoint_says_who_may_call_and_describes_itself(endpoint: Endpoint) -> None:
    access = endpoint.access
    assert access.public != (access.operator or access.application)
    assert endpoint.summary[0].isupper()
    assert not endpoint.summary.endswith(".")
    if endpoint.idempotent:
        assert not endpoint.safe
        assert not access.public
    if access is PUBLIC and not endpoint.safe:
        assert endpoint.rate not in ("none", "read")


def test_every_operation_documents_its_security_and_problems() -> None:
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            public = not operation["security"]
            assert ("401" in operation["responses"]) or public, path
            assert "500" not in operation["responses"]


@pytest.mark.parametrize("path", ["/api/v1/impersonations", "/api/v1/impersonations/exchange"])
def test_what_hangs_on_the_time_says_that_the_clock_may_be_in_doubt(path: str) -> None:
    told = document()["paths"][path]["post"]["responses"]["503"]["description"]
    assert "`clock_in_doubt`" in told


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/oauth2/token", "application/json"),
        ("/access/v1/evaluation", "application/problem+json"),
        ("/api/v1/impersonations", "application/problem+json"),
    ],
)
def test_errors_are_described_in_the_shape_they_are_answered_in(path: str, media: str) -> None:
    responses = document()["paths"][path]["post"]["responses"]
    refusals = {status: answer for status, answer in responses.items() if status >= "400"}
    assert {"400", "401", "503"} <= refusals.keys()
    assert all(list(answer["content"]) == [media] for answer in refusals.values())


def test_unknown_fields_and_parameters_are_refused_by_type() -> None:
    for endpoint in described():
        assert issubclass(endpoint.query, Query)
        struct = endpoint.body.type if endpoint.body is not None else None
        if isinstance(struct, type) and issubclass(struct, msgspec.Struct):
            strict = struct.__struct_config__.forbid_unknown_fields
            # RFC 6749, section 3.2, and AuthZEN: unrecognised parameters and members are ignored.
            assert strict or endpoint.tag in ("oauth", "authzen"), endpoint.operation


def test_examples_are_of_the_schemas_that_carry_them() -> None:
    schemas = document()["components"]["schemas"]
    for name in ("StartImpersonation", "ImpersonationStarted", "OpenSession", "EntryAnswer"):
        (example,) = schemas[name]["examples"]
        assert set(schemas[name]["required"]) <= example.keys()
