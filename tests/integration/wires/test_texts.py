"""One rule of text at every door and for every field (DESIGN rule 15)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from urllib.parse import quote

import httpx
import pytest

from tests.fixtures.service import OWN_SITE, REASON, World, client
from understudy.core.applications.application import ApplicationSettings, Vertical
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.flows.applications import administer
from understudy.flows.origin import Origin
from understudy.flows.people import set_up, team

Door = Callable[[World, str], Awaitable[httpx.Response]]
DOORS: dict[str, Door] = {}
NAMES: set[str] = set()
PROSE: set[str] = set()
PATHS = {"native /subjects/{id}", "native /organizations/{id}"}

NAME = "\u0646\u06cc\u0644\u0648\u0641\u0631\u200c\u067e\u0648\u0631"
HOSTILE = {
    "override": ("a\u202eb", "U+202E (RIGHT-TO-LEFT OVERRIDE) at character 2"),
    "escape": ("a\x1bb", "U+001B (a control character) at character 2"),
    "isolate": ("a\u2066b", "U+2066 (LEFT-TO-RIGHT ISOLATE) at character 2"),
}
LINES = {
    "line feed": ("a\nb", "U+000A (a control character) at character 2"),
    "separator": ("a\u2028b", "U+2028 (LINE SEPARATOR) at character 2"),
}


def door(name: str, *, joins: bool = False, lines: bool = False) -> Callable[[Door], Door]:
    """``joins``: a name or prose, where joiners are text. ``lines``: several lines are."""

    def add(one: Door) -> Door:
        DOORS[name] = one
        if joins:
            NAMES.add(name)
        if lines:
            PROSE.add(name)
        return one

    return add


def _native(method: str, path: str, field: str, *, joins: bool = False, **more: object) -> None:
    async def ask(world: World, text: str) -> httpx.Response:
        body = {**more, field: [text] if field == "roles" else text}
        return await world.backend.request(method, f"/api/v1{path}", json=body)

    DOORS[f"native {path} {field}"] = ask
    if joins:
        NAMES.add(f"native {path} {field}")


_native("PUT", "/subjects/bea", "name", joins=True)
_native("PUT", "/subjects/bea", "email")
_native("PUT", "/subjects/bea", "roles")
_native("PUT", "/organizations/north", "name", joins=True)


@door("native /subjects/{id}")
async def _subject_id(world: World, text: str) -> httpx.Response:
    return await world.backend.put(f"/api/v1/subjects/{quote(text)}", json={})


@door("native /organizations/{id}")
async def _organization_id(world: World, text: str) -> httpx.Response:
    return await world.backend.put(f"/api/v1/organizations/{quote(text)}", json={"name": "N"})


def _actor(field: str, *, joins: bool = False) -> None:
    @door(f"native actor.{field}", joins=joins)
    async def ask(world: World, text: str) -> httpx.Response:
        body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim", field: text}}
        return await world.backend.post("/api/v1/impersonations", json=body)


_actor("id")
_actor("email")
_actor("name", joins=True)


@door("native reason", joins=True, lines=True)
async def _reason(world: World, text: str) -> httpx.Response:
    body = {"subject_id": "ada", "reason": f"{text} and so on", "actor": {"id": "kim"}}
    return await world.backend.post("/api/v1/impersonations", json=body)


@door("native ticket", joins=True)
async def _ticket(world: World, text: str) -> httpx.Response:
    body = {"subject_id": "ada", "reason": REASON, "ticket": text, "actor": {"id": "kim"}}
    return await world.backend.post("/api/v1/impersonations", json=body)


def _file(column: str, kind: str, *, joins: bool = False) -> None:
    @door(f"{kind} {column}", joins=joins)
    async def ask(world: World, text: str) -> httpx.Response:
        row = {"id": "bea", "organization_id": "north", "organization_name": "North"}
        row[column] = text
        if kind == "csv":
            cells = ",".join('"' + cell + '"' for cell in row.values())
            content, media = f"{','.join(row)}\n{cells}\n", "text/csv"
        else:
            content, media = json.dumps(row), "application/x-ndjson"
        headers = {"content-type": media}
        answer = await world.backend.post(
            "/api/v1/subjects/import", content=content.encode(), headers=headers
        )
        problems = answer.json()["problems"]
        return httpx.Response(422, json=problems) if problems else answer


for _kind in ("csv", "ndjson"):
    for _column in ("id", "email", "name", "organization_id", "organization_name", "roles"):
        _file(_column, _kind, joins=_column in ("name", "organization_name"))


def _settings(name: str, **settings: object) -> None:
    async def ask(world: World, text: str) -> httpx.Response:
        said = json.loads(json.dumps(settings).replace("TEXT", json.dumps(text)[1:-1]))
        mara = await world.operator(Role.ADMIN)
        path = f"/api/v1/applications/{world.application.id}"
        return await mara.browser.patch(path, json={"settings": said})

    DOORS[f"settings {name}"] = ask


_settings("label", blocked_actions=[{"method": "POST", "pattern": "/x", "label": "TEXT"}])
_settings("pattern", blocked_actions=[{"method": "POST", "pattern": "/TEXT", "label": "x"}])
_settings("rank", role_ranks={"TEXT": 1})
_settings("role_id", rbac_roles=[{"role_id": "TEXT", "permissions": []}])
_settings(
    "action",
    rbac_roles=[{"role_id": "r", "permissions": [{"resource_id": "x", "actions": ["TEXT"]}]}],
)
_settings(
    "resource",
    rbac_roles=[{"role_id": "r", "permissions": [{"resource_id": "TEXT", "actions": ["x"]}]}],
)


@door("settings description", joins=True, lines=True)
async def _description(world: World, text: str) -> httpx.Response:
    mara = await world.operator(Role.ADMIN)
    roles = [{"role_id": "r", "description": text, "permissions": []}]
    path = f"/api/v1/applications/{world.application.id}"
    return await mara.browser.patch(path, json={"settings": {"rbac_roles": roles}})


@door("new application", joins=True)
async def _new_application(world: World, text: str) -> httpx.Response:
    mara = await world.operator(Role.ADMIN)
    return await mara.browser.post("/api/v1/applications", json={"name": text})


@door("application's name", joins=True)
async def _application_name(world: World, text: str) -> httpx.Response:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    return await mara.browser.patch(path, json={"name": text})


@door("invited operator", joins=True)
async def _invited(world: World, text: str) -> httpx.Response:
    mara = await world.operator(Role.ADMIN)
    body = {"email": "kim@support.example", "name": text, "roles": ["auditor"]}
    return await mara.browser.post("/api/v1/operators", json=body)


@door("operator's address")
async def _operator_email(world: World, text: str) -> httpx.Response:
    mara = await world.operator(Role.ADMIN)
    body = {"email": f"{text}@support.example", "name": "Kim", "roles": ["auditor"]}
    return await mara.browser.post("/api/v1/operators", json=body)


@door("operator's name", joins=True)
async def _operator_name(world: World, text: str) -> httpx.Response:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/operators/{mara.operator.id}"
    return await mara.browser.patch(path, json={"name": text})


@door("who joins", joins=True)
async def _joining(world: World, text: str) -> httpx.Response:
    invited = world.installation.engine.run(
        lambda unit: team.invite(
            unit,
            email="kim@support.example",
            name="Kim",
            roles=[Role.AUDITOR],
            by=SYSTEM,
            origin=Origin(),
        )
    )
    body = {"token": invited.token, "name": text, "password": "correct horse battery staple"}
    async with client(world.app, headers=OWN_SITE) as browser:
        return await browser.post("/api/v1/invitations/accept", json=body)


@door("first admin", joins=True)
async def _first(world: World, text: str) -> httpx.Response:
    token = world.installation.engine.run(set_up.offer)
    body = {
        "token": token,
        "email": "mara@support.example",
        "name": text,
        "password": "correct horse battery staple",
    }
    async with client(world.app, headers=OWN_SITE) as browser:
        return await browser.post("/api/v1/setup", json=body)


@door("hold's reason", joins=True, lines=True)
async def _hold(world: World, text: str) -> httpx.Response:
    mara = await world.operator(Role.ADMIN)
    body = {"application_id": world.application.id, "reason": text}
    return await mara.browser.post("/api/v1/holds", json=body)


@door("webhook's description", joins=True)
async def _webhook(world: World, text: str) -> httpx.Response:
    mara = await world.operator(Role.ADMIN)
    url = "https://hooks.example/in"
    body = {"application_id": world.application.id, "url": url, "description": text}
    return await mara.browser.post("/api/v1/webhooks", json=body)


def _clerk(
    path: str, parameter: str, body: object, *, joins: bool = False, lines: bool = False
) -> None:
    @door(f"clerk {path} {parameter}", joins=joins, lines=lines)
    async def ask(world: World, text: str) -> httpx.Response:
        said = json.loads(json.dumps(body).replace("TEXT", json.dumps(text)[1:-1]))
        headers = {"authorization": f"Bearer {world.secret}"}
        async with client(world.app, headers=headers) as backend:
            return await backend.post(f"/clerk/v1/{path}", json=said)


for _name in ("first_name", "last_name"):
    _clerk("users", _name, {_name: "TEXT"}, joins=True)
for _name in ("username", "locale", "external_id"):
    _clerk("users", _name, {_name: "TEXT"})
_clerk("users", "email_address", {"email_address": ["TEXT@x.example"]})
_clerk("users", "role", {"public_metadata": {"role": "TEXT"}})
_ACTOR = {"sub": "kim", "reason": REASON}
for _name in ("sub", "email"):
    _clerk("actor_tokens", _name, {"user_id": "ada", "actor": {**_ACTOR, _name: "TEXT"}})
for _name in ("name", "ticket"):
    _body = {"user_id": "ada", "actor": {**_ACTOR, _name: "TEXT"}}
    _clerk("actor_tokens", _name, _body, joins=True)
for _claims in ({"team": "TEXT"}, {"TEXT": 1}, {"teams": [{"lead": "TEXT"}]}):
    _named = {"user_id": "ada", "actor": {**_ACTOR, **_claims}}
    _clerk("actor_tokens", f"member {json.dumps(_claims)}", _named, joins=True, lines=True)


@door("clerk actor_tokens reason", joins=True, lines=True)
async def _clerk_reason(world: World, text: str) -> httpx.Response:
    body = {"user_id": "ada", "actor": {"sub": "kim", "reason": f"{text} and so on"}}
    headers = {"authorization": f"Bearer {world.secret}"}
    async with client(world.app, headers=headers) as backend:
        return await backend.post("/clerk/v1/actor_tokens", json=body)


def _stytch(path: str, field: str, body: object, *, joins: bool = False) -> None:
    @door(f"stytch {path} {field}", joins=joins)
    async def ask(world: World, text: str) -> httpx.Response:
        said = json.loads(json.dumps(body).replace("TEXT", json.dumps(text)[1:-1]))
        method = "PUT" if "rbac" in path else "POST"
        if "b2b" in path:
            return await world.backend.request(method, path, json=said)
        made = world.installation.engine.run(
            lambda unit: administer.create(
                unit,
                name="Consumers",
                vertical=Vertical.CONSUMER,
                settings=ApplicationSettings(),
                by=SYSTEM,
                origin=Origin(),
            )
        )
        async with client(world.app, auth=(made.application.id, made.secret)) as backend:
            return await backend.post(path, json=said)


_ORGANIZATIONS, _MEMBERS = "/v1/b2b/organizations", "/v1/b2b/organizations/acme/members"
_stytch(_ORGANIZATIONS, "organization_name", {"organization_name": "TEXT"}, joins=True)
_stytch(
    _ORGANIZATIONS,
    "organization_slug",
    {"organization_name": "N", "organization_slug": "TEXT"},
)
for _name in ("organization_logo_url", "sso_default_connection_id"):
    _stytch(_ORGANIZATIONS, _name, {"organization_name": "N", _name: "TEXT"})
for _name in (
    "email_allowed_domains",
    "claimed_email_domains",
    "allowed_auth_methods",
    "sso_jit_provisioning_allowed_connections",
    "allowed_first_party_connected_apps",
):
    _stytch(_ORGANIZATIONS, _name, {"organization_name": "N", _name: ["TEXT"]})
for _rule in ({"domain": "TEXT", "role_id": "r"}, {"domain": "x.example", "role_id": "TEXT"}):
    _rules = {"organization_name": "N", "rbac_email_implicit_role_assignments": [_rule]}
    _stytch(_ORGANIZATIONS, f"assignment {json.dumps(_rule)}", _rules)
_stytch(_MEMBERS, "name", {"email_address": "bea@x.example", "name": "TEXT"}, joins=True)
_stytch(_MEMBERS, "email_address", {"email_address": "TEXT@x.example"})
_stytch(_MEMBERS, "external_id", {"email_address": "b@x.example", "external_id": "TEXT"})
_stytch(_MEMBERS, "roles", {"email_address": "bea@x.example", "roles": ["TEXT"]})
for _name in ("first_name", "middle_name", "last_name"):
    _body = {"email": "bea@x.example", "name": {_name: "TEXT"}}
    _stytch("/v1/users", _name, _body, joins=True)
_stytch("/v1/users", "email", {"email": "TEXT@x.example"})
_stytch("/v1/users", "roles", {"email": "bea@x.example", "roles": ["TEXT"]})


# Where a text may have several lines, their ends are text.
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (name, kind)
        for name in DOORS
        for kind in (*HOSTILE, *LINES)
        if not (kind in LINES and name in PROSE)
    ],
)
async def test_what_is_no_text_is_refused_by_its_character_and_place(
    world: World, name: str, kind: str
) -> None:
    text, said = (HOSTILE | LINES)[kind]
    answer = await DOORS[name](world, text)
    assert 400 <= answer.status_code < 500, answer.text
    if name in PATHS and kind in ("escape", "line feed"):
        assert answer.json()["code"] == "not_found"  # ids hold none, so that it names nothing
        return
    assert said.partition(" at ")[0] in _words(answer)


@pytest.mark.parametrize("name", sorted(NAMES))
async def test_a_joiner_within_a_name_is_text(world: World, name: str) -> None:
    answer = await DOORS[name](world, NAME)
    assert answer.status_code < 300, answer.text


def _words(answer: httpx.Response) -> str:
    return json.dumps(answer.json(), ensure_ascii=False)
