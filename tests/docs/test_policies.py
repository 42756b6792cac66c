"""The page about policies: its example holds, and its cases say of it what the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.fixtures.service import world
from understudy.cedar.judge import CedarJudge
from understudy.cli.policy_cases import read_cases
from understudy.flows.governance.policies import draft
from understudy.wires.authzen.evaluation import PATH

PAGE = (Path(__file__).parents[2] / "docs/howto/policies.md").read_text("utf-8")
JUDGE = CedarJudge()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", PAGE, re.DOTALL)


def test_what_the_page_shows_can_be_held_to() -> None:
    default, example = blocks("cedar")
    assert JUDGE.check(default) == JUDGE.check(example) == ()
    assert JUDGE.default_text.endswith(default)


def test_the_cases_of_the_page_are_decided_as_it_says(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(blocks("yaml")[0])
    held = draft(blocks("cedar")[1])
    found = [case.differences(JUDGE.judge(held, case.question)) for case in read_cases(file)]
    assert found == [[]] * 6


async def test_the_question_of_the_page_is_answered_as_it_says(tmp_path: Path) -> None:
    headers = {"content-type": "application/json"}
    async with world(tmp_path) as found:
        answer = await found.backend.post(PATH, content=blocks("json")[0], headers=headers)
    assert f"`{json.dumps(answer.json())}`" in PAGE
