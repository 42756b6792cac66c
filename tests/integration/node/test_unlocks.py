"""A change in a session that only reads: asked for, allowed by somebody else, made once."""

from __future__ import annotations

import html
import re

from tests.docs.visitor import Visitor
from tests.integration.node.desk import APPROVER, NodeApp, session_of
from tests.integration.node.exchanges import PAGE, upload

REASON = "The customer asked for it on the phone"
PRO = {"plan": "pro"}


def reading(app: NodeApp) -> Visitor:
    """Somebody of support who may only look."""
    sam = app.visitor()
    sam.impersonate(app.application_id, "ada", reason="Looking only", scope="read_only")
    return sam


def test_a_change_is_asked_for_allowed_and_made_once(app: NodeApp) -> None:
    sam = reading(app)
    refused = sam.post("/plan", json=PRO)
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only")
    offered = refused.json()["unlock"]
    asked = sam.post(offered["at"], json={"write": offered["write"], "reason": REASON})
    assert (asked.status_code, asked.json()["status"]) == (200, "asked")
    # Not before somebody has said so.
    assert sam.post("/plan", json=PRO).status_code == 403
    (waited,) = app.visitor(APPROVER).allow_changes()
    assert (waited["reason"], waited["path"]) == (REASON, "/plan")
    assert waited["fields"] == [{"name": "plan", "value": '"pro"'}]
    other = sam.post("/plan", json={"plan": "max"})
    assert other.status_code == 403
    assert "another change than the one that was allowed, by: plan." in other.json()["detail"]
    assert sam.post("/plan", json=PRO).json() == {"plan": "pro", "of": "Ada"}
    assert sam.post("/plan", json=PRO).status_code == 403
    session = session_of(sam)
    sam.end()
    told = [phase for _, path, phase in app.actions(session) if path == "/plan"]
    made = [phase for phase in told if phase != "blocked"]
    # Spent before the app is called: twice it is never made.
    assert made == ["asked", "allowed", "spent", "intended", "completed"]


def test_a_person_asks_on_the_page_that_refused_and_the_upload_is_read(express: NodeApp) -> None:
    sam = reading(express)
    body, kind = upload("the new terms")
    headers = {"Content-Type": kind, **PAGE, **sam.mark(), "Sec-Fetch-Site": "same-origin"}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def sent() -> tuple[int, str]:
        answer = sam.send("POST", "/upload", headers=headers, content=body)
        return answer.status_code, answer.text

    status, page = sent()
    assert (status, "Ask for this change" in page) == (403, True)
    form = re.search(r'action="([^"]+)"><input type="hidden" name="write" value="([^"]+)"', page)
    assert form is not None
    at, write = map(html.unescape, form.groups())
    asked = sam.post(at, data={"write": write, "reason": REASON})
    assert asked.status_code == 200
    express.visitor(APPROVER).allow_changes()
    assert sent() == (200, '{"bytes":13,"of":"Ada"}')
    assert sent()[0] == 403
