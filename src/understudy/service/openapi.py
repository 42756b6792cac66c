"""The OpenAPI 3.1 document, made from the endpoint table and the types of ``schemas``.

``python -m understudy.service.openapi`` prints it. It is committed, because the dashboard's client
is generated from it where Python may not be at hand; a test keeps both in step.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from understudy.errors import (
    BodyTooLarge,
    CrossSiteRefused,
    IdempotencyConflict,
    InvalidInput,
    MalformedRequest,
    NotSignedIn,
    PermissionMissing,
    TooManyRequests,
    Unavailable,
    UnderstudyError,
    UnsupportedMediaType,
)
from understudy.http.access import SIGNED_IN_OR_APPLICATION
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.http.endpoint import FORM, JSON, Answered, Endpoint, RateClass
from understudy.http.query import Query
from understudy.http.shapes import Problem
from understudy.service.examples import EXAMPLES
from understudy.service.table import TABLE
from understudy.wires.oauth.client import on_error as as_oauth
from understudy.wires.oauth.schemas import OAuthError

PROBLEM = "application/problem+json"
Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/{name}"
_TAGS = {
    "impersonations": "Starting an impersonation, and exchanging its token.",
    "sessions": "The time in which somebody works as a user.",
    "events": "Hearing of sessions at once.",
    "grants": "What was permitted to whom, and launching it.",
    "directory": "The users and organizations of applications.",
    "approvals": "What waits until others agree, and reviews of what did not wait.",
    "consents": "What users agree to, and what they did not.",
    "audit": "The log of everything that happened.",
    "applications": "The apps in which impersonation is offered.",
    "policies": "Which impersonations admins forbid or limit, in words of their own.",
    "webhooks": "Telling other systems: events by webhook, ended sessions by logout token.",
    "operators": "The people who may sign in to the dashboard.",
    "account": "Signing in, and one's own account.",
    "authzen": "Decisions alone, as any enforcement point of AuthZEN asks for them.",
    "oauth": "The hand-off into the app, as any OAuth library speaks it.",
    "log": "The log as mirrors, witnesses and verifiers read it.",
    "operations": "Health and metrics of the process.",
}
_SECTIONS = (
    "impersonations",
    "sessions",
    "events",
    "grants",
    "directory",
    "approvals",
    "consents",
    "audit",
    "applications",
    "policies",
    "webhooks",
    "operators",
    "account",
    "authzen",
    "oauth",
    "log",
    "operations",
)
_PLACED = {"issue_actor_token": "grants"}
"""What stands beside what it goes with, and not in the section of its tag."""
_FILE = {"type": "string", "format": "binary"}
_JSON_FILE = {"type": ["array", "object"]}
_PATH_PARAMETERS: Mapping[str, tuple[Json, str]] = {
    "index": ({"type": "integer", "minimum": 0}, "The entry's index in the log."),
    "version": ({"type": "integer", "minimum": 1}, "The version of the policies."),
    "tile": ({"type": "string"}, "The path of a tile below `/log/tile/`."),
    "subject_id": (
        {"type": "string", "minLength": 1, "maxLength": 255},
        "The application's own id of the user, percent-encoded.",
    ),
    "organization_id": (
        {"type": "string", "minLength": 1, "maxLength": 255},
        "The application's own id of the organization, percent-encoded.",
    ),
}
_HEADER_PARAMETERS: Mapping[str, tuple[Json, str]] = {
    "Idempotency-Key": (
        {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[\\x21-\\x7e]+$"},
        "The same key with the same request gets the first answer again, for 24 hours.",
    ),
    "Last-Event-ID": (
        {"type": "string", "pattern": "^[0-9]{1,18}$"},
        "The index after which to resume.",
    ),
}
_IN_PARTS = (
    " Whoever has to split a request adds `;part=` and a number to its key: parts of what was done "
    "already are not done again."
)
_PARAMETER = re.compile(r"\{(\w+)(?::rest)?\}")


def described() -> tuple[Endpoint, ...]:
    """The endpoints of our own protocols, section by section; theirs are others' to describe."""
    ours = [endpoint for wire in TABLE if wire.described for endpoint in wire.endpoints]
    return tuple(sorted(ours, key=lambda one: _SECTIONS.index(_PLACED.get(one.operation, one.tag))))


def document(endpoints: Iterable[Endpoint] | None = None) -> Json:
    """The OpenAPI document of ``endpoints``, by default of all that are ours."""
    table = described() if endpoints is None else tuple(endpoints)
    schemas = _Schemas(table)
    paths: Json = {}
    for endpoint in table:
        path = _PARAMETER.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {"schemas": schemas.components, "securitySchemes": _security_schemes()},
    }


def to_text(openapi: Json) -> str:
    """The document as it is committed: stable, and readable in a diff."""
    return json.dumps(openapi, indent=1, ensure_ascii=False) + "\n"


class _Schemas:
    """Schemas of all types that the table mentions, by reference."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        types: list[Any] = [Problem]
        for endpoint in endpoints:
            if endpoint.body is not None and endpoint.body.type is not bytes:
                types.append(endpoint.body.type)
            types += [answer.type for answer in endpoint.answers if answer.type is not None]
        types = list({repr(type_): type_ for type_ in types}.values())
        references, components = msgspec.json.schema_components(types, ref_template=_SCHEMAS)
        self._references = dict(zip(map(repr, types), references, strict=True))
        self.components = {name: components[name] for name in sorted(components)}
        for example in EXAMPLES:
            component = self.components.get(type(example).__name__)
            if component is not None:
                component["examples"] = [msgspec.to_builtins(example)]

    def of(self, type_: Any) -> Json:  # noqa: ANN401  # whatever msgspec can describe
        """The reference to the schema of ``type_``."""
        return self._references[repr(type_)]


def _info() -> Json:
    return {
        "title": "Understudy",
        # The API's version, not the package's: the document changes when the API does.
        "version": "1",
        "summary": "Work inside an app as one particular user, safely.",
        "description": (
            "JSON in snake_case, times as RFC 3339 in UTC, errors as RFC 9457 problems with a "
            "stable `code`. Unknown fields and parameters are refused, but for those of OAuth "
            "and AuthZEN, which their specifications have passed over. Applications sign in by "
            "HTTP Basic with id and secret, the dashboard by its operator's session. Subject ids "
            "are unique within an application only: operators pass `application_id` with them."
        ),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def _security_schemes() -> Json:
    return {
        "operatorSession": {
            "type": "apiKey",
            "in": "cookie",
            "name": OPERATOR_COOKIE,
            "description": (
                "Set by signing in. Requests that change something are taken from the service's "
                "own pages only."
            ),
        },
        "applicationBasic": {
            "type": "http",
            "scheme": "basic",
            "description": "The application's id and secret.",
        },
    }


def _operation(endpoint: Endpoint, schemas: _Schemas) -> Json:
    operation: Json = {
        "operationId": endpoint.operation,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "security": _security(endpoint),
    }
    if endpoint.description or endpoint.access.permission:
        operation["description"] = _description(endpoint)
    parameters = [*_path_parameters(endpoint), *_query_parameters(endpoint.query)]
    parameters += _header_parameters(endpoint)
    if parameters:
        operation["parameters"] = parameters
    body = _request_body(endpoint, schemas)
    if body is not None:
        operation["requestBody"] = body
    operation["responses"] = _responses(endpoint, schemas)
    return operation


def _description(endpoint: Endpoint) -> str:
    permission = endpoint.access.permission
    needs = f"Operators need `{permission}`." if permission else ""
    return "\n\n".join(filter(None, (endpoint.description, needs)))


def _security(endpoint: Endpoint) -> list[Json]:
    access = endpoint.access
    schemes = {"operatorSession": access.operator, "applicationBasic": access.application}
    return [{name: []} for name, taken in schemes.items() if taken]


def _path_parameters(endpoint: Endpoint) -> list[Json]:
    found = []
    for name in _PARAMETER.findall(endpoint.path):
        schema, description = _PATH_PARAMETERS.get(name, ({"type": "string"}, ""))
        parameter = {"name": name, "in": "path", "required": True, "schema": schema}
        found.append(parameter | ({"description": description} if description else {}))
    return found


def _query_parameters(query: type[Query]) -> list[Json]:
    (reference,), components = msgspec.json.schema_components([query], ref_template=_SCHEMAS)
    schema = components[reference["$ref"].rpartition("/")[2]]
    found = []
    for name, property_ in schema.get("properties", {}).items():
        inlined = _inlined(property_, components)
        description = inlined.pop("description", None)
        parameter = {"name": name, "in": "query", "schema": inlined}
        found.append(parameter | ({"description": description} if description else {}))
    return found


def _inlined(schema: Any, components: Mapping[str, Any]) -> Any:  # noqa: ANN401  # any JSON
    """``schema`` with small enumerations written out, as parameters are read one by one."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            referred = components[schema["$ref"].rpartition("/")[2]]
            return {"type": "string", "enum": referred["enum"]}
        return {name: _inlined(value, components) for name, value in schema.items()}
    return schema


def _header_parameters(endpoint: Endpoint) -> list[Json]:
    found = [_header_parameter(name) for name in endpoint.headers]
    if endpoint.idempotent:
        found.append(_header_parameter("Idempotency-Key", _IN_PARTS if endpoint.in_parts else ""))
    return found


def _header_parameter(name: str, more: str = "") -> Json:
    schema, description = _HEADER_PARAMETERS[name]
    return {"name": name, "in": "header", "schema": schema, "description": description + more}


def _request_body(endpoint: Endpoint, schemas: _Schemas) -> Json | None:
    content: Json = {}
    body = endpoint.body
    if body is not None:
        # A file in one of these forms: generators of clients leave out what has no schema.
        of = _file if body.type is bytes else lambda _: schemas.of(body.type)
        content = {media: {"schema": of(media)} for media in body.media}
    if endpoint.form:
        content |= {
            JSON: {"schema": {"type": "object", "maxProperties": 0}},
            FORM: {"schema": {"type": "object", "maxProperties": 0}},
        }
    if not content:
        return None
    return {"required": body is not None and body.required, "content": content}


def _file(media: str) -> Json:
    return _JSON_FILE if media == JSON else _FILE


def _responses(endpoint: Endpoint, schemas: _Schemas) -> Json:
    responses: Json = {}
    for answer in endpoint.answers:
        described = responses.setdefault(str(int(answer.status)), {"description": ""})
        text = answer.description or HTTPStatus(answer.status).phrase
        described["description"] = " ".join(filter(None, (described["description"], text)))
        content = described.setdefault("content", {})
        content.update(_content(answer, schemas))
        if not content:
            del described["content"]
    for status, errors in sorted(_problems(endpoint).items()):
        described = responses.setdefault(str(status), {"description": ""})
        _describe_problems(described, endpoint, errors, schemas)
    return responses


def _describe_problems(
    described: Json, endpoint: Endpoint, errors: list[type[UnderstudyError]], schemas: _Schemas
) -> None:
    content = described.setdefault("content", {})
    if endpoint.on_error is as_oauth:
        described["description"] = described["description"] or "RFC 6749, section 5.2."
        content[JSON] = {"schema": schemas.of(OAuthError)}
        return
    codes = ", ".join(f"`{error.code}`" for error in errors)
    described["description"] = f"{described['description']} {codes}".strip()
    content[PROBLEM] = {"schema": schemas.of(Problem)}


def _content(answer: Answered, schemas: _Schemas) -> Json:
    content: Json = {}
    for media in answer.media:
        typed = media == JSON and answer.type is not None
        content[media] = {"schema": schemas.of(answer.type) if typed else {"type": "string"}}
    return content


def _problems(endpoint: Endpoint) -> dict[int, list[type[UnderstudyError]]]:
    errors = list(endpoint.problems)
    errors.append(MalformedRequest)
    if not endpoint.access.public:
        errors.append(NotSignedIn)
    if not (endpoint.access.public or endpoint.access == SIGNED_IN_OR_APPLICATION):
        errors.append(PermissionMissing)
    # OAuth and AuthZEN have one status for both kinds of bad input.
    if not (endpoint.safe and endpoint.raw_query) and endpoint.on_error is None:
        errors.append(InvalidInput)
    if not endpoint.safe:
        errors += [BodyTooLarge, UnsupportedMediaType]
        if endpoint.access.operator or endpoint.access.public:
            errors.append(CrossSiteRefused)
    if endpoint.idempotent:
        errors.append(IdempotencyConflict)
    if endpoint.rate is not RateClass.NONE:
        errors.append(TooManyRequests)
    # What tells how the service is asks nothing of the database that could keep it waiting.
    if endpoint.rate is not RateClass.NONE or not endpoint.safe:
        errors.append(Unavailable)
    grouped: dict[int, list[type[UnderstudyError]]] = {}
    for error in dict.fromkeys(errors):
        grouped.setdefault(int(error.status), []).append(error)
    return grouped


if __name__ == "__main__":
    sys.stdout.write(to_text(document()))
