"""The main job, from sign-in to an offline proof, as three people live through it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, Shoot, person, shots_into

REASON = "Ada writes that she cannot find the reports tab"
SCREENSHOTS = Path(os.environ.get("STORY_SCREENSHOTS", "build/screenshots"))


@pytest.fixture
def shoot() -> Shoot:
    return shots_into(SCREENSHOTS)


def test_a_support_manager_an_admin_and_an_auditor_do_their_jobs(
    browser: Browser, apart: Demo, shoot: Shoot, tmp_path: Path
) -> None:
    demo = apart
    sam, mara, theo = (person(browser, demo) for _ in range(3))
    own_view = sam.sign_in_to_app("sam@harbor.example")
    expect(own_view.get_by_role("link", name="Reports")).to_be_visible()

    sam.sign_in_to_dashboard("sam@harbor.example")
    shoot(sam.page, "users")
    as_ada = _work_as_ada(sam, shoot)
    _is_blocked_from_changing_the_password(as_ada, shoot)
    _ends_the_session(as_ada)
    own_view.goto(demo.app_url + "/")
    expect(own_view.get_by_role("link", name="Reports")).to_be_visible()
    expect(own_view.get_by_text("Sam Rivers")).to_be_visible()

    mara.sign_in_to_dashboard("mara@harbor.example")
    _revocation_reaches_the_open_page(sam, mara, shoot)

    theo.sign_in_to_dashboard("theo@harbor.example")
    _auditor_sees_every_step(theo, shoot)
    _auditor_verifies_offline(demo, tmp_path)
    assert sam.complaints + mara.complaints + theo.complaints == []


def _work_as_ada(sam: Person, shoot: Shoot) -> Page:
    sam.ask_for("Ada Lovelace")
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Impersonate").click()
    expect(dialog.get_by_text("reason", exact=False).first).to_be_visible()
    expect(dialog.get_by_role("button", name="Launch in new tab")).to_have_count(0)
    dialog.get_by_label("Reason").fill(REASON)
    dialog.get_by_label("Ticket").fill("SUP-481")
    shoot(sam.page, "request")
    dialog.get_by_role("button", name="Impersonate").click()
    expect(dialog.get_by_role("button", name="Launch in new tab")).to_be_visible()
    shoot(sam.page, "launch")
    tab = sam.launch()
    expect(tab.get_by_text("Viewing as")).to_be_visible()
    expect(tab.get_by_role("heading", name="Good morning, Ada")).to_be_visible()
    expect(tab.get_by_role("link", name="Reports")).to_have_count(0)
    assert "code=" not in tab.url
    shoot(tab, "as-ada")
    return tab


def _is_blocked_from_changing_the_password(tab: Page, shoot: Shoot) -> None:
    tab.goto(tab.url.rstrip("/") + "/settings")
    with tab.expect_response(lambda response: response.request.method == "POST") as answered:
        tab.get_by_role("button", name="Change password").click()
    answer: Response = answered.value
    assert answer.status == 403
    expect(tab.get_by_text("changing the password")).to_be_visible()
    shoot(tab, "blocked")


def _ends_the_session(tab: Page) -> None:
    tab.go_back()
    tab.get_by_role("button", name="End session").click()
    expect(tab.get_by_text("Viewing as")).to_have_count(0)


def _revocation_reaches_the_open_page(sam: Person, mara: Person, shoot: Shoot) -> None:
    as_dalia = sam.work_as("Dalia Haddad", "Dalia cannot open invoice T-1040")
    mara.page.goto(mara.demo.dashboard_url + "/sessions")
    row = mara.page.get_by_role("row").filter(has_text="Dalia Haddad")
    expect(row).to_be_visible()
    shoot(mara.page, "sessions")
    row.get_by_role("button", name="Revoke").click()
    asked = mara.page.get_by_role("dialog").get_by_role("button", name="Revoke")
    asked.click()
    started = time.monotonic()
    expect(as_dalia.get_by_text("has ended", exact=False).first).to_be_visible(timeout=2_000)
    assert time.monotonic() - started < 2
    shoot(as_dalia, "revoked")


def _auditor_sees_every_step(theo: Person, shoot: Shoot) -> None:
    theo.page.goto(theo.demo.dashboard_url + "/audit")
    expect(theo.page.get_by_text("Ada Lovelace").first).to_be_visible()
    shoot(theo.page, "audit")
    entries = theo.page.request.get(
        f"{_loopback(theo.demo)}/api/v1/audit/entries?limit=200",
        headers={"Host": theo.demo.dashboard_url.removeprefix("http://"), **_cookies(theo)},
    ).json()["items"]
    steps = [entry for entry in entries if entry["grant_id"]]
    kinds = {entry["type"] for entry in steps}
    assert kinds >= {
        "grant.created",
        "grant.launched",
        "session.started",
        "action.completed",
        "action.blocked",
        "session.ended",
        "session.revoked",
    }
    for entry in steps:
        assert entry["actor"]["email"] == "sam@harbor.example"
        assert entry["subject"]["id"] in ("ada", "dalia")
    blocked = next(entry for entry in steps if entry["type"] == "action.blocked")
    theo.page.goto(f"{theo.demo.dashboard_url}/audit/{blocked['index']}")
    expect(theo.page.get_by_text("Verified", exact=False).first).to_be_visible()
    shoot(theo.page, "entry")


def _loopback(demo: Demo) -> str:
    return demo.dashboard_url.replace("localhost", "127.0.0.1")


def _cookies(who: Person) -> dict[str, str]:
    cookies = who.context.cookies(who.demo.dashboard_url)
    return {"Cookie": "; ".join(f"{one.get('name')}={one.get('value')}" for one in cookies)}


def _auditor_verifies_offline(demo: Demo, folder: Path) -> None:
    export, checkpoint = folder / "export.ndjson", folder / "checkpoint"
    where = ("--data-dir", str(demo.data_dir))
    kept = demo.command("audit", "checkpoint", "--json", *where)
    assert kept.returncode == 0, kept.stderr
    key = json.loads(kept.stdout)["verifier_keys"][-1]
    checkpoint.write_text(json.loads(kept.stdout)["checkpoint"])
    exported = demo.command("audit", "export", "--output", str(export), *where)
    assert exported.returncode == 0, exported.stderr
    offline = ("audit", "verify", str(export), "--key", key, "--checkpoint", str(checkpoint))
    verified = demo.command(*offline, "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert json.loads(verified.stdout)["ok"] is True
    export.write_bytes(export.read_bytes().replace(b"SUP-481", b"SUP-482"))
    tampered = demo.command(*offline, "--json")
    assert tampered.returncode == 1
    assert json.loads(tampered.stdout)["findings"][0]["code"] == "payload_mismatch"
