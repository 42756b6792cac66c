"""What is hidden as data, to which other languages are held as well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from understudy.core.redaction.rules import Deed, Redaction, RedactionRule, RuleKind
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction import json_body
from understudy.sdk.redaction.redacting import redacting
from understudy.sdk.redaction.unreadable import Unreadable

DOCUMENT = json.loads(
    (Path(__file__).parents[3] / "vectors/redaction/answers.json").read_text(encoding="utf-8")
)


def _cases() -> Iterator[Any]:
    for case in DOCUMENT["cases"]:
        yield pytest.param(case, id=case["name"])


def shown(case: dict[str, Any], cut: int) -> str | None:
    """What goes out of an answer that comes in two parts."""
    rules = tuple(
        RedactionRule(kind=RuleKind(rule["kind"]), match=rule["match"], deed=Deed(rule["deed"]))
        for rule in case["rules"]
    )
    rulings = Rulings(Redaction(secrets=case["secrets"], rules=rules))
    headers = [(b"content-type", case["content_type"].encode())]
    looked, body = redacting(rulings, ["/"], 200, headers), case["body"].encode()
    assert looked is not None
    try:
        parts = looked.part(body[:cut], more=True), looked.part(body[cut:], more=False)
    except Unreadable:
        return None
    return b"".join(parts).decode()


@pytest.mark.parametrize("case", list(_cases()))
@pytest.mark.parametrize("is_quick", [True, False])
def test_every_answer_goes_out_as_it_says(
    case: dict[str, Any], is_quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_quick:
        # As without google-re2.
        monkeypatch.setattr(json_body, "quick", lambda _: None)
    length = len(case["body"].encode())
    assert {shown(case, cut) for cut in (0, 1, length // 2, length)} == {case["shown"]}


def test_cases_have_names_of_their_own() -> None:
    names = [case["name"] for case in DOCUMENT["cases"]]
    assert DOCUMENT["format"] == 1
    assert len(names) == len(set(names)) >= 60
