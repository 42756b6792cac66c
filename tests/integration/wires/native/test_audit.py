from __future__ import annotations

import json

import pytest

from tests.fixtures.service import World
from understudy.audit.tlog.note import Verifier
from understudy.audit.tlog.receipt import Receipt
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

ENTRIES = "/api/v1/audit/entries"


async def test_entries_are_listed_newest_first_and_page_by_page(world: World) -> None:
    await world.open_session()
    first = (await world.backend.get(ENTRIES, params={"limit": 1})).json()
    assert [item["type"] for item in first["items"]] == ["session.started"]
    params = {"limit": 1, "cursor": first["next_cursor"]}
    second = (await world.backend.get(ENTRIES, params=params)).json()
    assert [item["type"] for item in second["items"]] == ["grant.created"]


async def test_an_entry_names_both_people(world: World) -> None:
    await world.open_session(ticket="HELP-9")
    found = await world.backend.get(ENTRIES, params={"type": "session.started"})
    (entry,) = found.json()["items"]
    assert entry["actor"]["kind"] == "named_by_application"
    assert entry["actor"]["id"] == "kim"
    assert entry["subject"]["kind"] == "subject"
    assert (entry["subject"]["id"], entry["subject"]["name"]) == ("ada", "Ada Lovett")
    assert entry["organization"]["name"] == "Acme"
    assert (entry["ticket"], entry["outcome"], entry["erased"]) == ("HELP-9", "ok", [])
    assert entry["address"] == "127.0.0.1"
    assert (await world.backend.get(f"{ENTRIES}/{entry['index']}")).json() == entry


async def test_entries_are_found_by_what_they_are_about(world: World) -> None:
    opened = await world.open_session()

    async def found(**params: str | list[str]) -> list[str]:
        answer = await world.backend.get(ENTRIES, params=params)
        assert answer.status_code == 200, answer.text
        return [item["type"] for item in answer.json()["items"]]

    both = ["session.started", "grant.created"]
    assert await found(type=["grant.created", "session.started"]) == both
    assert await found(session_id=opened["session"]["id"]) == ["session.started"]
    assert await found(grant_id=opened["session"]["grant_id"]) == both
    assert await found(subject_id="nobody") == []
    assert await found(actor_id="kim") == both
    assert await found(organization_id="acme", outcome="denied") == []
    assert await found(since="2026-11-22T09:31:00Z") == []
    assert await found(until="2026-11-22T09:30:00Z") == []


async def test_an_application_reads_its_own_entries_only(world: World) -> None:
    shop = world.other_application().backend
    await world.open_session()
    mine = (await shop.get(ENTRIES)).json()["items"]
    assert [item["type"] for item in mine] == ["application.created"]
    newest = (await world.backend.get(ENTRIES, params={"limit": 1})).json()["items"][0]["index"]
    assert (await shop.get(f"{ENTRIES}/{newest}")).status_code == 404
    assert (await shop.get(f"{ENTRIES}/{newest}/receipt")).status_code == 404
    assert (await shop.get(f"{ENTRIES}/0")).status_code == 404


async def test_a_receipt_verifies_offline(world: World) -> None:
    await world.open_session()
    answer = (await world.backend.get(f"{ENTRIES}/2/receipt")).json()
    verifier = Verifier.from_text(answer["verifier_keys"][-1])
    log = (await world.backend.get("/api/v1/audit/log")).json()
    assert log["verifier_keys"] == answer["verifier_keys"]
    receipt = Receipt.from_bytes(answer["receipt"].encode())
    leaf = answer["leaf"].encode()
    checkpoint = receipt.verify(leaf, verifier=verifier, origin=log["origin"])
    assert checkpoint.size == log["size"]


async def test_a_receipt_comes_as_a_file_too(world: World) -> None:
    answer = await world.backend.get(f"{ENTRIES}/2/receipt", headers={"accept": "text/plain"})
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'filename="entry-2.tlog-proof"' in answer.headers["content-disposition"]
    assert answer.text.startswith("c2sp.org/tlog-proof@v1\nindex 2\n")


async def test_what_is_no_index_is_no_entry(world: World) -> None:
    for index in ("-1", "01", "1.0", "x", "999999", "9" * 40, "1%20"):
        assert (await world.backend.get(f"{ENTRIES}/{index}")).status_code == 404


async def test_an_export_is_written_down_before_it_is_sent(world: World) -> None:
    await world.open_session()
    ann = await world.operator(Role.AUDITOR)
    answer = await ann.browser.get("/api/v1/audit/export")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert world.logged()[-1] == EventType.AUDIT_EXPORTED
    assert len(lines) == 1 + len(world.logged())


async def test_an_export_as_csv_shows_what_the_filter_shows(world: World) -> None:
    await world.open_session()
    ann = await world.operator(Role.AUDITOR)
    params = {"format": "csv", "type": "session.started"}
    answer = await ann.browser.get("/api/v1/audit/export", params=params)
    assert answer.headers["content-type"].startswith("text/csv")
    header, row = answer.text.splitlines()
    assert "session.started" in row
    assert "session.started" not in header


@pytest.mark.parametrize(
    ("kind", "media", "name", "shown"),
    [
        ("ocsf", "application/x-ndjson", "audit.ocsf.ndjson", '"type_uid":300207'),
        ("ecs", "application/x-ndjson", "audit.ecs.ndjson", '"action":"impersonation-started"'),
        ("cef", "text/plain; charset=utf-8", "audit.cef", "|Impersonation started|5|"),
    ],
)
async def test_an_export_for_a_siem_is_one_line_for_each_entry_that_the_filter_shows(
    world: World, kind: str, media: str, name: str, shown: str
) -> None:
    await world.open_session()
    ann = await world.operator(Role.AUDITOR)
    params = {"format": kind, "application_id": world.application.id, "type": "session.started"}
    answer = await ann.browser.get("/api/v1/audit/export", params=params)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    assert name in answer.headers["content-disposition"]
    assert answer.text.count("\n") == 1
    assert shown in answer.text
    assert "ada@acme.example" in answer.text
    assert world.logged()[-1] == EventType.AUDIT_EXPORTED


async def test_an_unknown_format_is_refused(world: World) -> None:
    ann = await world.operator(Role.AUDITOR)
    answer = await ann.browser.get("/api/v1/audit/export", params={"format": "leef"})
    assert (answer.status_code, answer.json()["field"]) == (422, "format")
    assert EventType.AUDIT_EXPORTED not in world.logged()


async def test_exporting_takes_a_permission_of_its_own(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    assert (await sam.browser.get("/api/v1/audit/export")).status_code == 403
    assert (await world.backend.get("/api/v1/audit/export")).status_code == 403


async def test_only_those_who_read_the_log_see_entries(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    assert (await sam.browser.get(ENTRIES)).status_code == 403
    ann = await world.operator(Role.AUDITOR, email="ann@support.example")
    assert (await ann.browser.get(ENTRIES)).status_code == 200


async def test_a_cursor_that_nobody_made_is_refused(world: World) -> None:
    for cursor in ("x", "WyJhIl0", "e30", "!!", "WyIxIiwiMiJd"):
        answer = await world.backend.get(ENTRIES, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["field"]) == (422, "cursor")
