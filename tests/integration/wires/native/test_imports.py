from __future__ import annotations

import json

import httpx
import pytest

from tests.fixtures.service import World
from understudy.core.people.permissions import Role

IMPORT = "/api/v1/subjects/import"
PREVIEW = f"{IMPORT}/preview"
CSV = {"content-type": "text/csv"}
JSON = {"content-type": "application/json"}
SCIM = {
    "totalResults": 1,
    "Resources": [{"id": 7, "displayName": "Ines Okafor", "roles": [{"value": "owner"}]}],
}


async def test_a_preview_tells_what_would_be_read_and_saves_nothing(world: World) -> None:
    before = world.logged()
    file = b"sep=;\nuid;full name;plan\nana;Ana;pro\n;Ben;\n"
    query = {"map": ["id=uid", "name=full name"]}
    answer = await world.backend.post(PREVIEW, params=query, content=file, headers=CSV)
    nothing = dict.fromkeys(("email", "organization_id", "organization_name", "tags"))
    assert answer.json() == {
        "columns": ["uid", "full name", "plan"],
        "unread": ["plan"],
        "read": {"id": "uid", "name": "full name"},
        "rows": [{"id": "ana", "name": "Ana", "roles": None, "protected": None, **nothing}],
        "row_count": 1,
        "removed": None,
        "user_count": None,
        "many": False,
        "problems": [
            {
                "line": 4,
                "row": None,
                "column": "uid",
                "code": "id_missing",
                "detail": "Every row needs an id.",
            }
        ],
        "problem_count": 1,
    }
    assert (await world.backend.get("/api/v1/subjects/ana")).status_code == 404
    assert world.logged() == before


async def test_what_is_previewed_is_what_is_imported(world: World) -> None:
    query = {"preset": "scim", "map": ["roles=roles[*].value"]}
    file = json.dumps(SCIM).encode()
    preview = await world.backend.post(PREVIEW, params=query, content=file, headers=JSON)
    assert preview.json()["rows"][0]["roles"] == ["owner"]
    answer = await world.backend.post(IMPORT, params=query, content=file, headers=JSON)
    assert (answer.json()["saved"], answer.json()["problems"]) == (1, [])
    saved = (await world.backend.get("/api/v1/subjects/7")).json()
    assert (saved["name"], saved["roles"]) == ("Ines Okafor", ["owner"])


async def test_a_preset_takes_neither_protection_nor_roles_away(world: World) -> None:
    facts = {"name": "Ana", "roles": ["owner"], "protected": True}
    await world.backend.put("/api/v1/subjects/ana", json=facts)
    file = json.dumps([{"user_id": "ana", "email": "ana@x.example", "roles": []}]).encode()
    await world.backend.post(IMPORT, params={"preset": "auth0"}, content=file, headers=JSON)
    saved = (await world.backend.get("/api/v1/subjects/ana")).json()
    assert saved["email"] == "ana@x.example"
    assert (saved["name"], saved["roles"], saved["protected"]) == ("Ana", ["owner"], True)


async def test_a_document_that_ends_too_early_changes_nothing(world: World) -> None:
    before = world.logged()
    file = json.dumps([{"id": "ana"}, {"id": "ben"}]).encode()[:-1]
    answer = (await world.backend.post(IMPORT, content=file, headers=JSON)).json()
    assert (answer["saved"], [one["code"] for one in answer["problems"]]) == (0, ["not_json"])
    assert world.logged() == before


@pytest.mark.parametrize(
    ("file", "query", "columns"),
    [
        (b"uid;full name\n7;Ana\n", {}, ["uid", "full name"]),
        (b"id,name\n7,Ana\n", {"map": ["name=nick"]}, ["id", "name"]),
        (b"id,Role\n7,owner\n", {}, ["id", "role"]),
    ],
)
async def test_a_preview_of_a_file_that_is_not_mapped_yet_names_its_columns(
    world: World, file: bytes, query: dict[str, list[str]], columns: list[str]
) -> None:
    answer = await world.backend.post(PREVIEW, params=query, content=file, headers=CSV)
    assert (answer.json()["columns"], answer.json()["row_count"]) == (columns, 0)
    assert [one["code"] for one in answer.json()["problems"]] == ["not_mapped"]
    refused = await world.backend.post(IMPORT, params=query, content=file, headers=CSV)
    assert (refused.status_code, refused.json()["field"]) == (422, "map")


@pytest.mark.parametrize("path", [IMPORT, PREVIEW])
async def test_what_is_no_document_at_all_is_refused(world: World, path: str) -> None:
    answer = await world.backend.post(path, content=b"7", headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("path", [IMPORT, PREVIEW])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"preset": "acme"}, "preset"),
        ({"map": ["plan=x"]}, "map"),
        ({"map": [""]}, "map"),
        ({"map": ["name=x"] * 8}, "map"),
    ],
)
async def test_a_mapping_that_says_nothing_is_refused(
    world: World, path: str, query: dict[str, object], field: str
) -> None:
    answer = await world.backend.post(
        path,
        params=query,  # type: ignore[arg-type]
        content=b"id\nana\n",
        headers=CSV,
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert answer.json()["field"].startswith(field)


@pytest.mark.parametrize("path", [IMPORT, PREVIEW])
async def test_who_may_not_write_the_directory_imports_and_previews_nothing(
    world: World, path: str
) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    query = {"application_id": world.application.id}
    answer = await sam.browser.post(path, params=query, content=b"id\nana\n", headers=CSV)
    assert answer.status_code == 403


async def _sync(world: World, path: str, *ids: str, **query: int | str) -> httpx.Response:
    file = "\n".join(("id", *ids)).encode()
    return await world.backend.post(
        path,
        params={"mode": "sync", **query},
        content=file,
        headers=CSV,
    )


async def test_a_sync_says_how_many_would_go_and_asks_before_many_do(world: World) -> None:
    opened = await world.open_session()
    shown = (await _sync(world, PREVIEW, "root")).json()
    assert (shown["removed"], shown["user_count"], shown["many"]) == (1, 2, True)
    before = world.logged()
    refused = await _sync(world, IMPORT, "root")
    assert (refused.status_code, refused.json()["code"]) == (409, "removal_unconfirmed")
    assert "remove 1 of 2 users" in refused.json()["detail"]
    fewer = await _sync(world, IMPORT, "root", remove_at_most=0)
    assert fewer.json()["code"] == "removal_unconfirmed"
    assert world.logged() == before
    done = await _sync(world, IMPORT, "root", remove_at_most=1)
    assert (done.json()["removed"], done.json()["unchanged"]) == (1, 1)
    assert (await world.backend.get("/api/v1/subjects/ada")).status_code == 404
    session = (await world.backend.get(f"/api/v1/sessions/{opened['session']['id']}")).json()
    assert session["end_cause"] == "subject_inactive"


async def test_a_sync_of_good_rows_alone_is_refused(world: World) -> None:
    answer = await _sync(world, IMPORT, "root", partial="true", remove_at_most=9)
    assert (answer.status_code, answer.json()["field"]) == (422, "partial")
    assert (await world.backend.get("/api/v1/subjects/ada")).status_code == 200
