"""The page about hidden fields says what is hidden."""

from __future__ import annotations

import re
from pathlib import Path

from understudy.core.redaction.detecting.detectors import Detector
from understudy.core.redaction.names import SECRET_NAMES
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_body import hidden_in_json

PAGE = (Path(__file__).parents[2] / "docs/howto/redaction.md").read_text()


def block(info: str) -> str:
    """The one fenced block that is called ``info``."""
    found = re.findall(rf"```{info}\n(.*?)```", PAGE, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def test_the_example_comes_out_as_the_page_says() -> None:
    kinds = (RuleKind.FIELD, RuleKind.DETECTOR)
    rules = tuple(RedactionRule(kind=kind, match="email") for kind in kinds)
    shown = hidden_in_json(block("json before").encode(), Rulings(Redaction(rules=rules)))
    assert shown.decode() == block("json after")


def test_the_names_of_secrets_are_all_there() -> None:
    assert tuple(block("text secrets").split()) == SECRET_NAMES


def test_the_detectors_are_all_there() -> None:
    table = PAGE.partition("| detector | finds |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(Detector)
