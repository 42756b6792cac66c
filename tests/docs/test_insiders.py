from __future__ import annotations

import json
from pathlib import Path

from tests.docs.pages import ROOT, blocks
from tests.fixtures.service import REASON, world
from understudy.core.people.permissions import Role


async def test_the_page_about_limits_on_those_who_impersonate_says_what_the_service_takes(
    tmp_path: Path,
) -> None:
    page = ROOT / "docs/howto/insiders.md"
    limits, honey = (json.loads(one.text) for one in blocks(page))
    async with world(tmp_path) as place:
        mara = await place.operator(Role.ADMIN)
        application_id = place.application.id
        answer = await mara.browser.patch(f"/api/v1/applications/{application_id}", json=limits)
        assert answer.json()["settings"]["insiders"] == limits["settings"]["insiders"]
        where = f"/api/v1/honey-users/ada?application_id={application_id}"
        assert (await mara.browser.put(where, json=honey)).json()["honey"] is True
        sam = await place.operator(Role.SUPPORT_MANAGER, email="agent@support.example")
        ask = {"application_id": application_id, "subject_id": "ada", "reason": REASON}
        await sam.browser.post("/api/v1/impersonations", json=ask)
        used = await mara.browser.get(f"/api/v1/operators/{sam.operator.id}/use?days=30")
        assert [day["alarms"] for day in used.json()["days"]] == [1]
    told = page.read_text()
    for name in (*limits["settings"]["insiders"], "off_hours", "ticketless", "honey.touched"):
        assert f"`{name}`" in told
