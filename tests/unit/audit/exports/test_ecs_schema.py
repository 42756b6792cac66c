"""Every entry against the fields that the Elastic Common Schema publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.fixtures.node import run_client
from tests.unit.audit.example_entries import SOURCE
from tests.unit.audit.exports.every_entry import entries_of
from understudy.audit.exports.ecs import ecs_event
from understudy.core.notices.events import EventType

OURS = "understudy."
KINDS: Mapping[str, type] = {
    "keyword": str,
    "wildcard": str,
    "match_only_text": str,
    "ip": str,
    "long": int,
    "date": str,
}


@pytest.fixture(scope="module")
def fields() -> Mapping[str, Any]:
    found: Mapping[str, Any] = run_client("ecs_fields.mjs", {})
    return found


def leaves(document: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, Any]]:
    """Each field by its full name."""
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{under}{name}.")
        else:
            yield f"{under}{name}", value


def allowed(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {one["name"]: one for one in fields[name].get("allowed_values", ())}


@pytest.mark.parametrize("event_type", list(EventType))
def test_every_field_is_one_that_the_schema_knows_and_of_its_type(
    fields: Mapping[str, Any], event_type: EventType
) -> None:
    for what, entry in entries_of(event_type):
        for name, value in leaves(ecs_event(entry, SOURCE)):
            if name.startswith(OURS):
                continue
            assert name in fields, (what, name)
            many = "array" in fields[name]["normalize"]
            assert isinstance(value, list) == many, (what, name)
            known = allowed(fields, name)
            for one in value if many else [value]:
                assert isinstance(one, KINDS[fields[name]["type"]]), (what, name)
                assert not known or one in known, (what, name)


@pytest.mark.parametrize("event_type", list(EventType))
def test_each_of_its_categories_knows_the_types_of_an_event(
    fields: Mapping[str, Any], event_type: EventType
) -> None:
    known = allowed(fields, "event.category")
    for what, entry in entries_of(event_type):
        event = ecs_event(entry, SOURCE)["event"]
        for category in event.get("category", ()):
            assert set(event["type"]) <= set(known[category]["expected_event_types"]), what


def test_the_user_of_a_document_is_its_doer_and_the_sessions_actor_the_target() -> None:
    told = {what: ecs_event(entry, SOURCE) for what, entry in entries_of(EventType.SESSION_REVOKED)}
    document = told["with a doer"]
    assert document["user"]["id"] == "opr_2"
    assert document["user"]["target"]["id"] == "opr_1"
    assert "effective" not in document["user"]
    assert document["understudy"]["doer"] == {"kind": "operator", "ref": "opr_2"}
    assert document["understudy"]["actor"] == {"kind": "operator", "ref": "opr_1"}
    assert {"opr_1", "opr_2", "user-1017"} <= set(document["related"]["user"])


def test_whom_an_application_made_up_does_not_read_like_an_operator() -> None:
    told = {what: ecs_event(entry, SOURCE) for what, entry in entries_of(EventType.SESSION_STARTED)}
    assert told["named by an application"]["user"]["domain"] == "app_1"
    assert told["named by an application"]["understudy"]["actor"]["kind"] == "named_by_application"
    assert "domain" not in told["by operator"]["user"]
