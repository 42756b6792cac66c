from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.unit.webhooks.test_formats import ENTRY, message, rendered
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry
from understudy.webhooks.slack import SLACK


def lines(entry: Entry | None = ENTRY, *, personal: bool = False) -> list[str]:
    media_type, body = rendered(message("slack", entry, personal=personal))
    assert media_type == "application/json"
    assert body == {"text": body["text"], "unfurl_links": False, "unfurl_media": False}
    return str(body["text"]).split("\n")


def said(**personal: Any) -> Entry:
    return replace(ENTRY, personal=personal)


def test_a_message_says_what_happened_where_and_opens_its_entry() -> None:
    assert lines() == [
        "*Impersonation started* in Acme",
        "<https://understudy.example/audit/7|Open in Understudy>",
    ]


def test_people_and_reason_come_along_only_where_the_endpoint_asks() -> None:
    assert lines(personal=True)[1:-1] == [
        "Actor: kim@support.example",
        "User: Ada",
        "Reason: Missing invoice",
    ]


def test_what_somebody_typed_mentions_nobody_and_links_nowhere() -> None:
    entry = said(reason="<!channel> see\n<https://evil.example|the ticket> & go", ticket="#7")
    assert lines(entry, personal=True)[1:-1] == [
        "Reason: &lt;!channel&gt; see &lt;https://evil.example|the ticket&gt; &amp; go",
        "Ticket: #7",
    ]


def test_what_waits_for_an_answer_leads_to_the_approvals() -> None:
    for kind in (EventType.GRANT_REQUESTED, EventType.GLASS_BROKEN):
        asked = replace(ENTRY, type=kind)
        assert lines(asked)[-1] == "<https://understudy.example/approvals|Open in Understudy>"


def test_a_test_says_that_it_is_one() -> None:
    assert lines(None) == ["*This is a test.* in Acme"]


def test_what_was_erased_is_told_to_nobody() -> None:
    assert SLACK.spell(message("slack", replace(ENTRY, core=None))) is None


def test_the_body_is_what_slack_documents() -> None:
    found = SLACK.spell(message("slack"))
    assert found is not None
    assert json.loads(found.body)["text"].startswith("*Impersonation started*")
