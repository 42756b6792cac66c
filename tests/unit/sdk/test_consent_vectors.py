"""The user's own pages and what they send, as both SDKs have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from understudy.errors import UnderstudyError
from understudy.sdk import consent_pages as pages
from understudy.sdk.consent_form import read_said
from understudy.sdk.user_says import Deed
from understudy.sdk.visit import Answer, Visit

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "guard" / "consent.json").read_text("utf-8")
)
LINKS = pages.Links(**VECTORS["links"])
PAGES = {"consent": pages.consent_page, "code": pages.code_page, "history": pages.history_page}


def page(name: str, told: Mapping[str, Any]) -> Answer:
    if name == "refused":
        return pages.refused_page(told["status"], told["detail"], LINKS)
    return PAGES[name](told, LINKS)


@pytest.mark.parametrize("case", VECTORS["pages"])
def test_a_page_is_the_same_in_every_language(case: Mapping[str, Any]) -> None:
    answer = page(case["page"], case["told"])
    assert (answer.status, answer.body.decode()) == (case["status"], case["body"])


@pytest.mark.parametrize("case", VECTORS["forms"])
def test_what_a_page_sends_is_read_alike(case: Mapping[str, Any]) -> None:
    headers = () if case["type"] is None else (("content-type", case["type"]),)
    visit = Visit(method="POST", origin="https://app.test", base="", headers=headers)
    among = frozenset(Deed(name) for name in case["among"])
    try:
        said = read_said(visit, case["body"].encode(), subject_id="ada", among=among)
    except UnderstudyError as error:
        found: Mapping[str, Any] = {"code": error.code, "field": error.facts.get("field")}
    else:
        found = {"deed": said.deed, "target": said.target, "facts": said.facts}
    assert found == case["said"]
