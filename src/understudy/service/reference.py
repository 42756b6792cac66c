"""The API reference at ``/docs``: the OpenAPI document as one plain page, without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Any

from understudy import errors
from understudy.core.rules.chain import RULES
from understudy.http.pages import document
from understudy.http.problems import TITLES
from understudy.service.openapi import document as openapi_document

Json = Mapping[str, Any]

_NONCE = "@@nonce@@"
_CODE = re.compile(r"`([^`]+)`")
_STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent) }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 56rem; margin: 3rem auto; padding: 0 1rem }
h1 { font-size: 1.8rem } h2 { margin-top: 3rem; border-bottom: 1px solid var(--line) }
h3 { font: 600 1rem ui-monospace, monospace; margin: 0 } nav a { margin-right: .9rem }
code, pre { font: .92em ui-monospace, monospace } pre { overflow: auto; padding: .8rem }
pre, details { border: 1px solid var(--line); border-radius: 6px }
details { padding: .6rem .9rem; margin: .6rem 0 } summary { cursor: pointer }
summary span { opacity: .75 } table { border-collapse: collapse; width: 100% }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line) }
"""


def reference_page(nonce: str) -> str:
    """The page, with ``nonce`` on its style."""
    return _page().replace(_NONCE, nonce)


@cache
def _page() -> str:
    openapi = openapi_document()
    info = openapi["info"]
    parts = [
        f"<h1>{escape(info['title'])} API</h1><p>{_text(info['description'])}</p>",
        '<p><a href="openapi.json">OpenAPI document</a></p>',
        "<nav>"
        + "".join(_link(tag) for tag in openapi["tags"])
        + '<a href="#problems">problems</a>'
        '<a href="#schemas">schemas</a></nav>',
        *(_section(tag, openapi) for tag in openapi["tags"]),
        _problems(),
        _schemas(openapi["components"]["schemas"]),
    ]
    return document(title="API", body="".join(parts), nonce=_NONCE, style=_STYLE)


def _link(tag: Json) -> str:
    return f'<a href="#{tag["name"]}">{escape(tag["name"])}</a>'


def _section(tag: Json, openapi: Json) -> str:
    operations = "".join(
        _operation(method, path, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
        if tag["name"] in operation["tags"]
    )
    head = f'<h2 id="{tag["name"]}">{escape(tag["name"])}</h2><p>{_text(tag["description"])}</p>'
    return head + operations


def _operation(method: str, path: str, operation: Json) -> str:
    rows = [*_parameters(operation), *_bodies(operation), *_answers(operation)]
    table = "".join(f"<tr><th>{left}</th><td>{right}</td></tr>" for left, right in rows)
    description = f"<p>{_text(operation.get('description', ''))}</p>"
    return (
        f'<details id="{operation["operationId"]}"><summary><code>{method.upper()} {escape(path)}'
        f"</code> <span>{escape(operation['summary'])}</span></summary>{description}"
        f"<table>{table}</table></details>"
    )


def _parameters(operation: Json) -> Iterator[tuple[str, str]]:
    for parameter in operation.get("parameters", ()):
        name = f"<code>{escape(parameter['name'])}</code> ({parameter['in']})"
        yield name, _text(parameter.get("description", "")) or _kind(parameter["schema"])


def _bodies(operation: Json) -> Iterator[tuple[str, str]]:
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "body", f"<code>{escape(media)}</code> {_kind(content.get('schema', {}))}"


def _answers(operation: Json) -> Iterator[tuple[str, str]]:
    for status, answer in operation["responses"].items():
        kinds = {_kind(content["schema"]) for content in answer.get("content", {}).values()}
        yield status, f"{_text(answer['description'])} {' '.join(sorted(kinds))}"


def _kind(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#schema-{name}">{escape(name)}</a>'
    return escape(str(schema.get("type", "")))


def _problems() -> str:
    rows = "".join(
        f'<tr id="problem-{error.code}"><th><code>{error.code}</code></th><td>{int(error.status)}'
        f"</td><td>{escape(title)}. {escape(error().detail)}</td></tr>"
        for error, title in TITLES.items()
        if error is not errors.Refused
    )
    rules = "".join(
        f"<tr><th><code>{escape(rule.code)}</code></th><td>{escape(rule.explanation)}</td></tr>"
        for rule in RULES.all
    )
    refused = errors.Refused
    return (
        '<h2 id="problems">problems</h2><p>Every error is a problem document (RFC 9457). Its '
        f"<code>code</code> is stable.</p><table>{rows}</table>"
        f'<h3 id="problem-{refused.code}">{refused.code} ({int(refused.status)})</h3>'
        "<p>A rule of the domain said no; <code>rule</code> says which.</p>"
        f"<table>{rules}</table>"
    )


def _schemas(schemas: Json) -> str:
    parts = [
        f'<details id="schema-{name}"><summary><code>{escape(name)}</code></summary>'
        f"<p>{_text(schema.get('description', ''))}</p>"
        f"<pre>{escape(json.dumps(schema, indent=2, ensure_ascii=False))}</pre></details>"
        for name, schema in schemas.items()
    ]
    return '<h2 id="schemas">schemas</h2>' + "".join(parts)


def _text(markdown: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(markdown.replace("``", "`")))
