from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.storage.make import application, subject
from understudy.core.applications.application import Vertical
from understudy.core.notices.events import EventType
from understudy.core.notices.webhooks import EndpointStatus, WebhookEndpoint
from understudy.core.ports import Entry
from understudy.flows.notices.messages import Message, Rendered
from understudy.service.table import WIRES
from understudy.wires.stytch import objects

AT = datetime(2026, 11, 22, 9, 30, 0, 123_000, tzinfo=UTC)
ENTRY = Entry(
    index=7,
    time=AT,
    type=EventType.SESSION_STARTED,
    leaf=b"",
    core={
        "application_id": "app_1",
        "session_id": "ses_1",
        "subject_ref": "sub_1",
        "actor_kind": "operator",
        "actor_ref": "opr_1",
        "outcome": "ok",
        "details": {"minutes": 30},
    },
    personal={
        "reason": "Missing invoice",
        "actor_email": "kim@support.example",
        "subject_id": "user-17",
        "subject_email": "ada@acme.example",
        "subject_name": "Ada",
        "organization_id": "acme",
    },
)
ENDPOINT = WebhookEndpoint(
    id="whe_1",
    application_id="app_1",
    url="https://hooks.example/",
    description="",
    format="native",
    types=frozenset(),
    personal=False,
    status=EndpointStatus.ACTIVE,
    secret_encrypted=b"",
    created_at=AT,
    updated_at=AT,
)
NAMES = ("Missing invoice", "kim@", "user-17", "ada@", "Ada", "acme")
CORE = {
    "entry_index": 7,
    "application_id": "app_1",
    "session_id": "ses_1",
    "subject_ref": "sub_1",
    "actor_kind": "operator",
    "actor_ref": "opr_1",
    "outcome": "ok",
    "details": {"minutes": 30},
}


def message(
    format: str,
    entry: Entry | None = ENTRY,
    *,
    personal: bool = False,
    vertical: Vertical = Vertical.B2B,
) -> Message:
    return Message(
        id="msg_1",
        at=AT if entry is None else entry.time,
        endpoint=replace(ENDPOINT, format=format, personal=personal),
        application=application(vertical=vertical),
        entry=entry,
        issuer="https://understudy.example",
    )


def render(made: Message) -> Rendered | None:
    return WIRES.formats[made.endpoint.format].spell(made)


def rendered(made: Message) -> tuple[str, dict[str, Any]]:
    found = render(made)
    assert found is not None
    return found.media_type, json.loads(found.body)


def test_our_own_format_is_type_timestamp_and_data() -> None:
    assert rendered(message("native")) == (
        "application/json",
        {"type": "session.started", "timestamp": "2026-11-22T09:30:00.123Z", "data": CORE},
    )


def test_personal_data_come_along_only_where_the_endpoint_asks() -> None:
    for format in ("native", "cloudevents"):
        thin = render(message(format))
        assert thin is not None
        assert not [name for name in NAMES if name in thin.body.decode()]
        _, full = rendered(message(format, personal=True))
        assert full["data"] == CORE | {"personal": dict(ENTRY.personal or {})}


def test_a_cloud_event_has_the_required_attributes_and_one_identity_for_one_entry() -> None:
    assert rendered(message("cloudevents")) == (
        "application/cloudevents+json",
        {
            "specversion": "1.0",
            "id": "7",
            "source": "https://understudy.example/applications/app_1",
            "type": "dev.understudy.session.started",
            "time": "2026-11-22T09:30:00.123Z",
            "datacontenttype": "application/json",
            "data": CORE,
        },
    )


def test_stytch_hears_of_an_impersonated_member() -> None:
    assert rendered(message("stytch")) == (
        "application/json",
        {
            "action": "IMPERSONATE",
            "event_id": "msg_1",
            "id": "user-17",
            "object_type": "member",
            "source": "DASHBOARD",
            "vertical": "B2B",
            "project_id": "app_1",
            "timestamp": "2026-11-22T09:30:00.123000Z",
            "member": {"member_id": "user-17", "organization_id": "acme"},
        },
    )


def test_stytch_hears_of_an_impersonated_user_of_a_consumer_application() -> None:
    core = {**(ENTRY.core or {}), "actor_kind": "named_by_application"}
    _, body = rendered(
        message(
            "stytch",
            replace(ENTRY, core=core),
            vertical=Vertical.CONSUMER,
        )
    )
    assert (body["object_type"], body["vertical"], body["source"]) == ("user", "CONSUMER", "DIRECT")
    assert body["user"] == {"user_id": "user-17"}


def test_the_whole_object_comes_along_where_it_was_given() -> None:
    person = subject(id="user-17", email="ada@acme.example")
    shown = replace(message("stytch", personal=True), subject=person)
    _, body = rendered(shown)
    assert body["member"] == objects.member(person)
    _, body = rendered(replace(shown, application=application(vertical=Vertical.CONSUMER)))
    assert body["user"] == objects.user(person)


@pytest.mark.parametrize("format", WIRES.formats)
def test_an_erased_entry_tells_nothing(format: str) -> None:
    assert render(message(format, replace(ENTRY, core=None, personal=None))) is None


@pytest.mark.parametrize("personal", [False, True])
def test_an_entry_whose_names_were_erased_tells_no_names(personal: bool) -> None:
    erased = replace(ENTRY, personal=None)
    for format in ("native", "cloudevents"):
        _, body = rendered(message(format, erased, personal=personal))
        assert body["data"] == CORE | ({"personal": {}} if personal else {})
    assert render(message("stytch", erased, personal=personal)) is None


def test_stytch_hears_of_nothing_else() -> None:
    other = replace(ENTRY, type=EventType.SESSION_ENDED)
    assert render(message("stytch", other)) is None


@pytest.mark.parametrize("personal", [False, True])
def test_a_test_tells_of_nothing_in_every_format(personal: bool) -> None:
    about = {"application_id": "app_1", "endpoint_id": "whe_1"}
    _, native = rendered(message("native", None, personal=personal))
    assert native == {
        "type": "webhook.test",
        "timestamp": "2026-11-22T09:30:00.123Z",
        "data": about,
    }
    _, cloud = rendered(message("cloudevents", None, personal=personal))
    assert (cloud["id"], cloud["type"], cloud["data"]) == (
        "msg_1",
        "dev.understudy.webhook.test",
        about,
    )
    _, stytch = rendered(message("stytch", None, personal=personal))
    assert (stytch["action"], stytch["object_type"], stytch["webhook"]) == (
        "TEST",
        "webhook",
        {"endpoint_id": "whe_1"},
    )


def test_times_are_those_of_the_event_and_not_of_the_attempt() -> None:
    later = replace(message("native"), at=AT + timedelta(seconds=1))
    _, body = rendered(later)
    assert body["timestamp"] == "2026-11-22T09:30:01.123Z"
