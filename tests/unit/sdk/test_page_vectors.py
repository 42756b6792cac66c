"""What people and programs get in place of a page, held to what every SDK is held to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from understudy.core.impersonation.restrictions import Restrictions, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk import pages, wording
from understudy.sdk.banner import Banner, BannerLinks
from understudy.sdk.cache import Ended
from understudy.sdk.page_policy import may_run, nonce_in
from understudy.sdk.page_script import page_script
from understudy.sdk.plain_page import plain_page
from understudy.sdk.typed_text import Field, fields_of
from understudy.sdk.values import ActiveSession, Actor, Organization, Subject
from understudy.sdk.visit import Answer, problem, wants_page

FILE = Path(__file__).parents[2] / "vectors" / "guard" / "pages.json"
VECTORS = json.loads(FILE.read_text())
Given = Mapping[str, Any]


def _session(name: str | None) -> ActiveSession | None:
    return None if name is None else _made(VECTORS["sessions"][name])


def _made(told: Given) -> ActiveSession:
    organization = told["organization"]
    return ActiveSession(
        id=told["id"],
        grant_id=told["grant_id"],
        application_id=told["application_id"],
        actor=Actor(**told["actor"]),
        subject=Subject(**{**told["subject"], "roles": tuple(told["subject"]["roles"])}),
        organization=organization and Organization(**organization),
        reason=told["reason"],
        ticket=told["ticket"],
        restrictions=Restrictions(scope=Scope(told["scope"])),
        started_at=datetime.fromisoformat(told["started_at"]),
        ends_at=datetime.fromisoformat(told["ends_at"]),
        idle_ends_at=datetime.fromisoformat(told["idle_ends_at"]),
        last_active_at=datetime.fromisoformat(told["last_active_at"]),
    )


def _ended(told: Given) -> Ended:
    cause = told["cause"]
    return Ended(cause=cause and EndCause(cause), session=_session(told["session"]))


def _typed(told: Given) -> list[Field]:
    return [Field(*pair) for pair in told.get("typed", ())]


def _banner(told: Given) -> bytes:
    session = _session(told["session"])
    assert session is not None
    banner = Banner(session, BannerLinks(**told["links"]))
    now = datetime.fromisoformat(told["server_now"])
    return banner.render(server_now=now, nonce=told["nonce"], can_write=told["can_write"])


def _refused(told: Given) -> Answer:
    return pages.refused_page(
        told["status"],
        told["detail"],
        home=told["home"],
        session=_session(told["session"]),
        banner=told["banner"].encode(),
        typed=_typed(told),
        offer=told.get("offer") and tuple(told["offer"]),
    )


CALLS: Mapping[str, Callable[[Given], object]] = {
    "ended_page": lambda told: pages.ended_page(
        _ended(told),
        undone=told["undone"],
        home=told["home"],
        dashboard=told["dashboard"],
        typed=_typed(told),
    ),
    "gone_page": lambda told: pages.gone_page(
        _ended(told),
        undone=told["undone"],
        dashboard=told["dashboard"],
        back=told["back"],
        typed=_typed(told),
    ),
    "refused_page": _refused,
    "asked_page": lambda told: pages.asked_page(back=told["back"], is_allowed=told["is_allowed"]),
    "not_asked_page": lambda told: pages.not_asked_page(
        told["status"], told["detail"], back=told["back"]
    ),
    "mismatch_page": lambda told: pages.mismatch_page(
        told["who"], told["whose"], typed=_typed(told), again=told["again"], home=told["home"]
    ),
    "for_whom_page": lambda told: pages.for_whom_page(
        told["who"], address=told["address"], home=told["home"]
    ),
    "confirm_page": lambda told: pages.confirm_page(
        _session(told["session"]), live=told["live"], end=told["end"], home=told["home"]
    ),
    "not_ended_page": lambda told: pages.not_ended_page(end=told["end"], home=told["home"]),
    "left_page": lambda told: pages.left_page(told["target"], to_app=told["to_app"]),
    "launch_failed_page": lambda told: pages.launch_failed_page(
        told["status"], told["detail"], home=told["home"], dashboard=told["dashboard"]
    ),
    "started_page": lambda told: pages.started_page(told["target"]),
    "not_started_page": lambda told: pages.not_started_page(
        told["status"],
        told["detail"],
        back=told["back"],
        in_doubt=told["in_doubt"],
        typed=_typed(told),
    ),
    "plain_page": lambda told: plain_page(
        told["status"],
        told["title"],
        told["content"],
        ancestors=told["ancestors"],
        banner=told["banner"].encode(),
    ),
    "problem": lambda told: problem(
        told["status"], told["code"], told["detail"], **told.get("more", {})
    ),
    "banner": _banner,
    "page_script": lambda told: page_script(told["src"], told["identity"], told["nonce"]),
    "cause_text": lambda told: wording.cause_text(told["cause"] and EndCause(told["cause"])),
    "refusal_text": lambda told: wording.refusal_text(told["code"], told["label"]),
    "differs_text": lambda told: wording.differs_text(told["names"]),
    "page_text": lambda told: wording.page_text(told["mark"], _session(told["session"])),
    "subject_text": lambda told: wording.subject_text(_session(told["session"])),
    "fields_of": lambda told: [
        list(field) for field in fields_of(told["content_type"], told["body"].encode("latin-1"))
    ],
    "nonce_in": lambda told: nonce_in(told["policies"]),
    "may_run": lambda told: may_run(told["policies"], told["address"], told["nonce"]),
    "wants_page": lambda told: wants_page(told["headers"]),
}


def outcome(call: str, told: Given) -> object:
    """What ``call`` gives, as vectors have it: pages without the style, which all of them share."""
    given = CALLS[call](told)
    if isinstance(given, bytes):
        return given.decode("ascii")
    if not isinstance(given, Answer):
        return given
    body = given.body.decode()
    is_json = body.startswith("{")
    return {
        "status": int(given.status),
        "headers": [list(pair) for pair in given.all_headers()],
        "body": json.loads(body) if is_json else body.replace(VECTORS["style"], ""),
    }


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_a_page_is_what_every_sdk_makes_of_it(case: Given) -> None:
    found = outcome(case["call"], case["given"])
    assert _without_length(found, case["call"]) == _without_length(case["expect"], case["call"])


def _without_length(found: Any, call: str) -> object:
    """How many bytes JSON takes is each writer's own."""
    if call != "problem":
        return found
    kept = [pair for pair in found["headers"] if pair[0] != "content-length"]
    return {**found, "headers": kept}


def test_every_page_and_every_text_has_a_vector() -> None:
    assert {case["call"] for case in VECTORS["cases"]} == set(CALLS)
    causes = {case["given"]["cause"] for case in VECTORS["cases"] if case["call"] == "cause_text"}
    assert causes == {None, *EndCause}
