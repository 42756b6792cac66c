from __future__ import annotations

import httpx
import pytest

from tests.fixtures.service import World
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import EntryFilter
from understudy.http import readings

CSV = {"content-type": "text/csv"}
NDJSON = {"content-type": "application/x-ndjson"}
IMPORT = "/api/v1/subjects/import"


async def found(backend: httpx.AsyncClient, **query: object) -> list[str]:
    answer = await backend.get("/api/v1/subjects", params=query)  # type: ignore[arg-type]
    return [one["id"] for one in answer.json()["items"]]


async def test_a_subject_is_saved_found_changed_and_deleted(world: World) -> None:
    facts = {"email": "Bea@Acme.example", "name": "Béa", "organization_id": "acme", "roles": ["x"]}
    saved = await world.backend.put("/api/v1/subjects/bea", json=facts)
    assert saved.status_code == 200
    assert saved.json()["email"] == "bea@acme.example"
    assert saved.json()["organization"] == {"id": "acme", "name": "Acme"}
    assert await found(world.backend, query="BÉA") == ["bea"]
    assert await found(world.backend, organization_id="acme") == ["ada", "bea"]
    changed = await world.backend.put("/api/v1/subjects/bea", json={"name": "Bea B."})
    assert (changed.json()["email"], changed.json()["roles"]) == ("bea@acme.example", ["x"])
    emptied = {"email": None, "roles": None, "organization_id": None}
    taken = await world.backend.put("/api/v1/subjects/bea", json=emptied)
    assert (taken.json()["email"], taken.json()["roles"]) == (None, [])
    assert (taken.json()["name"], taken.json()["organization"]) == ("Bea B.", None)
    for _ in range(2):
        assert (await world.backend.delete("/api/v1/subjects/bea")).status_code == 204
    assert (await world.backend.get("/api/v1/subjects/bea")).status_code == 404
    assert await found(world.backend, query="bea") == []


async def test_tags_are_said_taken_away_and_left_alone(world: World) -> None:
    saved = await world.backend.put("/api/v1/subjects/bea", json={"tags": ["VIP", "late payer"]})
    assert saved.json()["tags"] == ["late payer", "vip"]
    for facts in ({"name": "Bea"}, {"tags": ["vip", "Late Payer"]}):
        same = await world.backend.put("/api/v1/subjects/bea", json=facts)
        assert same.json()["tags"] == ["late payer", "vip"]
    file = "id,name,tags\nbea,Bea B.,\nada,Ada,VIP;Founder\n"
    for body in ("id,name\nbea,Bea B.\n", file):
        answer = await world.backend.post(IMPORT, content=body, headers=CSV)
        assert answer.json()["saved"] == body.count("\n") - 1
        bea = (await world.backend.get("/api/v1/subjects/bea")).json()["tags"]
        assert bea == ([] if body == file else ["late payer", "vip"])
    rows = '{"id": "bea", "tags": ["x"]}\n{"id": "ada", "tags": null}\n'
    preview = await world.backend.post(f"{IMPORT}/preview", content=rows, headers=NDJSON)
    assert [one["tags"] for one in preview.json()["rows"]] == [["x"], []]
    await world.backend.post(IMPORT, content=rows, headers=NDJSON)
    found = (await world.backend.get("/api/v1/subjects")).json()["items"]
    assert {one["id"]: one["tags"] for one in found} == {"ada": [], "bea": ["x"], "root": []}
    taken = await world.backend.put("/api/v1/subjects/bea", json={"tags": None})
    assert taken.json()["tags"] == []
    for wrong in (["x" * 101], ["a\nb"], "vip", [""]):
        refused = await world.backend.put("/api/v1/subjects/bea", json={"tags": wrong})
        assert refused.status_code == 422


async def test_saving_the_same_twice_is_one_entry(world: World) -> None:
    before = world.logged()
    for _ in range(2):
        await world.backend.put("/api/v1/subjects/bea", json={"name": "Bea"})
    assert world.logged() == [*before, EventType.SUBJECT_SAVED]


async def test_a_list_is_paged_without_gaps_or_repeats(world: World) -> None:
    for number in range(7):
        await world.backend.put(f"/api/v1/subjects/u{number}", json={"name": f"N {number % 3}"})
    seen: list[str] = []
    query: dict[str, str | int] = {"limit": 2}
    while True:
        page = (await world.backend.get("/api/v1/subjects", params=query)).json()
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert sorted(seen) == sorted({"ada", "root", *(f"u{number}" for number in range(7))})
    assert len(seen) == len(set(seen))


async def test_an_operator_says_which_application_is_meant(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    without = await sam.browser.get("/api/v1/subjects")
    assert (without.status_code, without.json()["field"]) == (422, "application_id")
    assert await found(sam.browser, application_id=world.application.id) == ["ada", "root"]
    elsewhere = await sam.browser.get("/api/v1/subjects", params={"application_id": "app_x"})
    assert elsewhere.status_code == 404


async def test_rule_10_an_application_sees_its_own_directory_only(world: World) -> None:
    other = world.other_application()
    assert await found(other.backend) == []
    assert (await other.backend.get("/api/v1/subjects/ada")).status_code == 404
    foreign = await other.backend.get(
        "/api/v1/subjects/ada", params={"application_id": world.application.id}
    )
    assert foreign.status_code == 404


async def test_a_support_manager_reads_the_directory_and_does_not_write_it(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    query = {"application_id": world.application.id}
    put = await sam.browser.put("/api/v1/subjects/ada", params=query, json={"protected": False})
    delete = await sam.browser.delete("/api/v1/subjects/ada", params=query)
    assert put.status_code == delete.status_code == 403


async def test_a_good_file_is_imported_whole(world: World) -> None:
    file = (
        "id,email,name,organization_id,organization_name,roles,protected\n"
        'ana,ana@x.example,"Ana, the first",north,North,owner;finance,\n'
        "ben,,,north,,,true\n"
    )
    answer = await world.backend.post(IMPORT, content=file.encode(), headers=CSV)
    clean = {"removed": 0, "unread": [], "problems": [], "problem_count": 0}
    roles = [{"role": "finance", "users": 1}, {"role": "owner", "users": 1}]
    unranked = {"users": 1, "roles": roles, "role_count": 2}
    assert answer.json() == {"saved": 2, "unchanged": 0, **clean, "unranked": unranked}
    ana = (await world.backend.get("/api/v1/subjects/ana")).json()
    assert (ana["name"], ana["roles"]) == ("Ana, the first", ["owner", "finance"])
    assert ana["organization"] == {"id": "north", "name": "North"}
    again = await world.backend.post(IMPORT, content=file.encode(), headers=CSV)
    assert (again.json()["saved"], again.json()["unchanged"]) == (0, 2)


async def test_bad_rows_are_named_and_nothing_is_saved_unless_asked(world: World) -> None:
    rows = ("ana,ana@x.example,", ",no@id.example,", "bo,not-an-address,", "ana,,", "c,,maybe")
    file = "\n".join(("id,email,protected", *rows)).encode()
    answer = (await world.backend.post(IMPORT, content=file, headers=CSV)).json()
    assert answer["saved"] == 0
    assert [(one["line"], one["code"]) for one in answer["problems"]] == [
        (3, "id_missing"),
        (4, "email_malformed"),
        (5, "id_repeated"),
        (6, "protected_not_boolean"),
    ]
    assert await found(world.backend, query="ana") == []
    partial = await world.backend.post(
        IMPORT, params={"partial": "true"}, content=file, headers=CSV
    )
    assert (partial.json()["saved"], partial.json()["problem_count"]) == (1, 4)
    assert await found(world.backend, query="ana") == ["ana"]


async def test_ndjson_is_imported_too(world: World) -> None:
    file = b'{"id":"ana","roles":["x"],"protected":true}\n\n{"id":"b","id":"c"}\n[1]\n'
    answer = (await world.backend.post(IMPORT, content=file, headers=NDJSON)).json()
    assert [(one["line"], one["code"]) for one in answer["problems"]] == [
        (3, "member_repeated"),
        (4, "wrong_members"),
    ]


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"\xff\xfe", CSV, 422, "invalid_input"),
        (b"", CSV, 422, "invalid_input"),
        (b"name\nAna\n", CSV, 422, "invalid_input"),
        (b"id,id\n1,2\n", CSV, 422, "invalid_input"),
        (b"id\nana\n", {"content-type": "text/plain"}, 415, "unsupported_media_type"),
        (b"id\n" + b"x" * (20 * 1024 * 1024), CSV, 413, "body_too_large"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused(
    world: World, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await world.backend.post(IMPORT, content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_unknown_organization_is_a_clear_error(world: World) -> None:
    answer = await world.backend.put("/api/v1/subjects/b", json={"organization_id": "nowhere"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_organizations_are_saved_listed_and_deleted(world: World) -> None:
    saved = await world.backend.put("/api/v1/organizations/north", json={"name": "North"})
    assert saved.json()["status"] == "active"
    listed = (await world.backend.get("/api/v1/organizations", params={"query": "nor"})).json()
    assert [one["id"] for one in listed["items"]] == ["north"]
    disabled = await world.backend.put(
        "/api/v1/organizations/north", json={"name": "North", "disabled": True}
    )
    assert disabled.json()["status"] == "disabled"
    assert (await world.backend.delete("/api/v1/organizations/north")).status_code == 204
    assert (await world.backend.get("/api/v1/organizations/north")).status_code == 404
    assert (await world.backend.delete("/api/v1/organizations/never")).status_code == 404


async def test_rule_08_saving_somebody_as_protected_ends_the_session_in_them(
    world: World,
) -> None:
    opened = await world.open_session()
    body = {"organization_id": "acme", "protected": True}
    await world.backend.put("/api/v1/subjects/ada", json=body)
    session = (await world.backend.get(f"/api/v1/sessions/{opened['session']['id']}")).json()
    assert session["end_cause"] == "subject_protected"


UNSAID = [
    ("text/csv", b"id,email,name\nvip,vip@acme.example,Vera\n"),
    ("text/csv", b"id\nvip\n"),
    ("application/x-ndjson", b'{"id":"vip","name":"Vera"}\n'),
    ("application/json", b'{"name":"Vera"}'),
    ("application/json", b"{}"),
]


@pytest.mark.parametrize(("media", "content"), UNSAID)
async def test_what_is_absent_is_not_empty_at_any_door(
    world: World, media: str, content: bytes
) -> None:
    facts = {
        "email": "vip@acme.example",
        "name": "Vera",
        "organization_id": "acme",
        "roles": ["owner"],
        "protected": True,
    }
    before = (await world.backend.put("/api/v1/subjects/vip", json=facts)).json()
    headers = {"content-type": media}
    if media == "application/json":
        answer = await world.backend.put("/api/v1/subjects/vip", content=content, headers=headers)
    else:
        answer = await world.backend.post(IMPORT, content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    assert (await world.backend.get("/api/v1/subjects/vip")).json() == before
    assert "subject.unprotected" not in world.logged()


@pytest.mark.parametrize(
    ("media", "content"),
    [
        ("text/csv", b"id,protected,roles\nvip,,\n"),
        ("application/x-ndjson", b'{"id":"vip","protected":null,"roles":null}\n'),
        ("application/json", b'{"protected":null,"roles":null}'),
    ],
)
async def test_protection_that_is_taken_away_is_an_entry_of_its_own_at_every_door(
    world: World, media: str, content: bytes
) -> None:
    facts = {"roles": ["owner"], "protected": True}
    await world.backend.put("/api/v1/subjects/vip", json=facts)
    headers = {"content-type": media}
    if media == "application/json":
        await world.backend.put("/api/v1/subjects/vip", content=content, headers=headers)
    else:
        await world.backend.post(IMPORT, content=content, headers=headers)
    assert world.logged()[-2:] == ["subject.saved", "subject.unprotected"]
    entries = (await world.backend.get("/api/v1/audit/entries")).json()["items"]
    details = entries[0]["details"]
    assert (details["protected_before"], details["roles_before"]) == (True, "owner")


async def test_an_import_says_which_roles_have_no_rank(world: World) -> None:
    text = "id,roles\nbea,Editor\ncy,editor\n"
    answer = await world.backend.post(IMPORT, content=text, headers=CSV)
    unranked = {"users": 2, "roles": [{"role": "editor", "users": 2}], "role_count": 1}
    assert answer.json()["unranked"] == unranked
    sam = await world.operator(Role.SUPPORT_MANAGER)
    url = f"/api/v1/applications/{world.application.id}/unranked-roles"
    assert (await sam.browser.get(url)).json() == unranked
    assert (await world.backend.get(url)).status_code == 403
    other = await sam.browser.get("/api/v1/applications/app_nowhere/unranked-roles")
    assert other.status_code == 404


async def test_a_role_is_kept_whole_and_ranked_by_its_parts(world: World) -> None:
    facts = {"roles": ["Owner, member"]}
    saved = (await world.backend.put("/api/v1/subjects/bea", json=facts)).json()
    assert saved["roles"] == ["Owner, member"]


async def test_nobody_reads_the_directory_without_a_trace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "BUDGET", 3)
    kim = (await world.operator(Role.SUPPORT_MANAGER)).browser
    where = {"application_id": world.application.id}
    for _ in range(3):
        assert (await kim.get("/api/v1/subjects/ada", params=where)).status_code == 200
    # Applications read what is their own.
    for _ in range(5):
        assert (await world.backend.get("/api/v1/subjects")).status_code == 200
    assert EventType.SUBJECTS_READ not in world.logged()
    shown = (await kim.get("/api/v1/subjects", params=where)).json()["items"]
    assert world.logged()[-1] == EventType.SUBJECTS_READ
    entry = list(world.installation.engine.stream_entries(EntryFilter()))[-1]
    assert (entry.core or {})["details"] == {"read": 3 + len(shown)}
    assert (entry.core or {})["application_id"] == world.application.id
    await kim.get("/api/v1/subjects/ada", params=where)
    assert world.logged().count(EventType.SUBJECTS_READ) == 1


async def test_opening_many_users_is_an_alarm_where_an_admin_says_how_many(world: World) -> None:
    world.change_settings(insiders=InsiderLimits(look_ups_an_hour=1))
    agent = await world.operator(Role.SUPPORT_MANAGER)
    for subject_id in ("ada", "ada", "nobody"):
        await agent.browser.get(_opened(world, subject_id))
    await world.backend.get("/api/v1/subjects/root")
    assert "subjects.opened" not in world.logged()
    answer = await agent.browser.get(_opened(world, "root"))
    assert answer.status_code == 200
    assert world.logged()[-1] == "subjects.opened"


async def test_without_a_limit_nobody_is_told_of(world: World) -> None:
    agent = await world.operator(Role.SUPPORT_MANAGER)
    for subject_id in ("ada", "root"):
        await agent.browser.get(_opened(world, subject_id))
    assert "subjects.opened" not in world.logged()


def _opened(world: World, subject_id: str) -> str:
    return f"/api/v1/subjects/{subject_id}?application_id={world.application.id}"
