"""Several decisions at once, and the metadata of AuthZEN's Authorization API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fixtures import service
from tests.fixtures.service import BASE, REASON, World
from tests.integration.wires.authzen.test_evaluation import question
from understudy.core.notices.events import EventType
from understudy.http.rate_limits import PER_MINUTE, RateClass
from understudy.wires.authzen.boxcar import EVALUATIONS, METADATA
from understudy.wires.authzen.schemas_boxcar import MOST_AT_ONCE

ADA, ROOT, NOBODY = ({"resource": {"type": "user", "id": name}} for name in ("ada", "root", "none"))
YES = {"decision": True, "context": {"minutes": 30, "scope": "full"}}


def no(reason: str) -> dict[str, Any]:
    return {"decision": False, "context": {"reason": reason}}


def boxcar(*evaluations: dict[str, Any], **changes: Any) -> dict[str, Any]:
    shared = question()
    del shared["resource"]
    return shared | {"evaluations": list(evaluations)} | changes


async def asked(world: World, body: dict[str, Any]) -> dict[str, Any]:
    answer = await world.backend.post(EVALUATIONS, json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_each_question_is_answered_in_its_place(world: World) -> None:
    before = world.logged()
    found = await asked(world, boxcar(ADA, ROOT, NOBODY, ADA))
    expected = [YES, no("subject_protected"), no("subject_unknown"), YES]
    assert found == {"evaluations": expected}
    assert world.logged() == [*before, EventType.GRANT_DENIED, EventType.GRANT_DENIED]


async def test_what_a_question_says_itself_goes_before_what_is_said_for_all(world: World) -> None:
    own = ADA | {"subject": {"type": "actor", "id": "ada"}}
    # A context of its own is that alone: the reason of the others is not mixed in.
    bare = ADA | {"context": {"minutes": 5}}
    short = ADA | {"context": {"reason": REASON, "minutes": 5}}
    found = await asked(world, boxcar(own, bare, short))
    within = {"decision": True, "context": {"minutes": 5, "scope": "full"}}
    assert found["evaluations"] == [no("subject_is_actor"), no("reason_missing"), within]


@pytest.mark.parametrize(
    ("semantic", "answered"),
    [("execute_all", 4), ("deny_on_first_deny", 2), ("permit_on_first_permit", 1)],
)
async def test_the_semantic_says_when_it_is_enough(
    world: World, semantic: str, answered: int
) -> None:
    options = {"evaluations_semantic": semantic}
    found = await asked(world, boxcar(ADA, ROOT, ADA, ROOT, options=options))
    everything = [YES, no("subject_protected")] * 2
    assert found["evaluations"] == everything[:answered]


async def test_what_is_not_answered_any_more_leaves_no_trace(world: World) -> None:
    before = world.logged()
    options = {"evaluations_semantic": "permit_on_first_permit"}
    await asked(world, boxcar(ADA, ROOT, options=options))
    assert world.logged() == before


async def test_without_questions_it_is_the_one_question(world: World) -> None:
    assert await asked(world, question()) == YES
    assert await asked(world, question(evaluations=[])) == YES
    assert await asked(world, question(**ROOT)) == no("subject_protected")
    incomplete = question()
    del incomplete["action"]
    answer = await world.backend.post(EVALUATIONS, json=incomplete)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")


async def test_what_is_no_question_keeps_no_other_from_its_answer(world: World) -> None:
    found = await asked(world, boxcar({}, ADA))
    error = {"status": 400, "message": "A question has a subject, an action and a resource."}
    assert found["evaluations"] == [{"decision": False, "context": {"error": error}}, YES]


@pytest.mark.parametrize(
    "body",
    [
        {"evaluations": {}},
        {"evaluations": [[]]},
        {"options": {"evaluations_semantic": "at_will"}},
        {"evaluations": [{}] * (MOST_AT_ONCE + 1)},
    ],
)
async def test_what_cannot_be_read_is_a_400_without_a_decision(
    world: World, body: dict[str, Any]
) -> None:
    answer = await world.backend.post(EVALUATIONS, json=question() | body)
    assert answer.status_code == 400
    assert "decision" not in answer.text.replace("decision_point", "")


async def test_each_question_counts_as_a_call(tmp_path: Path) -> None:
    async with service.world(tmp_path, rate_multiplier=1.0) as world:
        limit = PER_MINUTE[RateClass.SESSION]
        body = boxcar(*[{"action": {"name": "delete"}, **ADA}] * MOST_AT_ONCE)
        statuses = [
            (await world.backend.post(EVALUATIONS, json=body)).status_code
            for _ in range(limit // MOST_AT_ONCE + 1)
        ]
    assert statuses == [200] * (limit // MOST_AT_ONCE) + [429]


async def test_the_applications_own_backend_asks_and_nobody_else(world: World) -> None:
    answer = await world.stranger.post(EVALUATIONS, json=boxcar(ADA))
    assert answer.status_code == 401


async def test_the_metadata_say_where_it_is_asked(world: World) -> None:
    answer = await world.stranger.get(METADATA, headers={"X-Request-ID": "pep-request-0007"})
    assert answer.json() == {
        "policy_decision_point": BASE,
        "access_evaluation_endpoint": f"{BASE}/access/v1/evaluation",
        "access_evaluations_endpoint": f"{BASE}{EVALUATIONS}",
    }
    assert answer.headers["content-type"].startswith("application/json")
    # Section 10.1.3: whoever names a request finds it again.
    assert answer.headers["x-request-id"] == "pep-request-0007"
