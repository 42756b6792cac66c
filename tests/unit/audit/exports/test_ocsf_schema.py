"""Every entry against the schema that OCSF publishes."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from ocsf_json_schema import (  # type: ignore[import-untyped]
    OcsfJsonSchemaEmbedded,
    get_ocsf_schema,
)

from tests.unit.audit.example_entries import SOURCE
from tests.unit.audit.exports.every_entry import KIM, METHODS, entries_of
from understudy.audit.exports.ocsf import VERSION, ocsf_event
from understudy.core.notices.events import EventType


@cache
def published() -> Any:
    return get_ocsf_schema(VERSION)


@cache
def validator(class_uid: int) -> jsonschema_rs.Draft202012Validator:
    """What the schema says of a class and of all that can lie in it."""
    schema = OcsfJsonSchemaEmbedded(published())
    name = schema.lookup_class_name_from_uid(class_uid)
    return jsonschema_rs.Draft202012Validator(schema.get_class_schema(name))


def captions(class_uid: int, attribute: str) -> dict[str, str]:
    """What the ids of an attribute are called."""
    classes = published()["classes"].values()
    found = next(one for one in classes if one["uid"] == class_uid)
    enum = found["attributes"][attribute]["enum"]
    return {value: one["caption"] for value, one in enum.items()}


@pytest.mark.parametrize("event_type", list(EventType))
def test_every_entry_fits_the_schema_of_its_class(event_type: EventType) -> None:
    for what, entry in entries_of(event_type):
        event = ocsf_event(entry, SOURCE)
        found = validator(event["class_uid"]).iter_errors(event)
        assert [f"{'.'.join(map(str, e.instance_path))}: {e.message}" for e in found] == [], what


@pytest.mark.parametrize("event_type", list(EventType))
def test_an_activity_goes_by_the_caption_of_its_id(event_type: EventType) -> None:
    for what, entry in entries_of(event_type):
        event = ocsf_event(entry, SOURCE)
        known = captions(event["class_uid"], "activity_id")
        assert str(event["activity_id"]) in known, what
        # 99 is for what has no caption: there it is what we call it.
        if event["activity_id"] != 99:
            assert event["activity_name"] == known[str(event["activity_id"])], what


def test_a_method_that_the_schema_does_not_know_is_told_beside_it() -> None:
    told = {what: ocsf_event(entry, SOURCE) for what, entry in entries_of(EventType.ACTION_BLOCKED)}
    for method in METHODS:
        ours = told[method]["unmapped"]["understudy"].get("method")
        assert told[method]["http_request"].get("http_method", ours) == method


def test_whom_an_application_made_up_does_not_read_like_an_operator() -> None:
    told = {
        what: ocsf_event(entry, SOURCE) for what, entry in entries_of(EventType.SESSION_STARTED)
    }
    made_up, doer = told["named by an application"], told["by operator"]
    user = made_up["actor"]["user"]
    assert user["email_addr"] == KIM.email
    assert (user["type_id"], user["type"], user["domain"]) == (99, "named_by_application", "app_1")
    assert (doer["actor"]["user"]["type_id"], "domain" in doer["actor"]["user"]) == (1, False)
    assert made_up["unmapped"]["understudy"]["actor_kind"] == "named_by_application"


def test_the_user_of_an_event_is_its_doer_and_the_sessions_actor_stands_beside() -> None:
    told = {
        what: ocsf_event(entry, SOURCE) for what, entry in entries_of(EventType.SESSION_REVOKED)
    }
    event = told["with a doer"]
    assert event["actor"]["user"]["uid"] == "opr_2"
    assert "session" not in event["actor"]
    ours = event["unmapped"]["understudy"]
    assert (ours["actor"]["uid"], ours["actor_kind"], ours["doer_kind"]) == (
        "opr_1",
        "operator",
        "operator",
    )
    assert event["user"]["uid"] == "user-1017"
