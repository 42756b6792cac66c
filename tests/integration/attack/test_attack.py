"""The attacks that customers get, on an example and on what people use today."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
OPTIONS = (
    *("-p", "understudy.pytest_attack", "-p", "no:cacheprovider"),
    *("-c", os.devnull, "--rootdir", str(ROOT), "--confcutdir", str(HERE)),
    *("--import-mode=importlib", "-o", f"pythonpath={ROOT}"),
)
# Of these nobody else has one: an end by time, a log of both people, pages that are not kept, and
# what only the user may do.
NOWHERE_ELSE = {
    "test_a_change_is_put_down_to_both_people",
    "test_a_session_ends_by_time",
    "test_pages_of_a_session_are_not_kept",
    "test_what_only_the_user_may_do_is_refused",
}
RED = {
    "hijack": {
        *NOWHERE_ELSE,
        "test_a_session_ends_with_its_agents_account",
        "test_leaving_works_when_the_user_is_disabled",
        "test_the_agents_own_sign_in_is_left_alone",
    },
    "impersonate": {
        *NOWHERE_ELSE,
        "test_a_link_ends_nothing",
        "test_a_link_starts_nothing",
        "test_another_site_starts_and_ends_nothing",
    },
    "loginas": {
        *NOWHERE_ELSE,
        "test_a_link_ends_nothing",
        "test_a_session_ends_with_its_agents_account",
        "test_the_agents_own_sign_in_is_left_alone",
    },
}


def attack(*words: str | Path) -> tuple[int, str]:
    """How pytest ends, and what it says. It knows this plugin alone, and none of our settings."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *OPTIONS, *words],
        cwd=HERE,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=False,
        capture_output=True,
        text=True,
        timeout=400,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "example",
    ["django_shop", "express_clerk", "express_tally", "fastapi_tally", "flask_crm", "running"],
)
def test_an_example_stands_all_of_them(example: str) -> None:
    code, said = attack("--understudy-attack", example)
    assert (code, re.search(r"(\d+) passed", said) is not None) == (0, True), said
    assert int(re.findall(r"(\d+) passed", said)[0]) >= 23


@pytest.mark.parametrize("library", RED)
def test_what_others_made_falls_where_it_is_known_to(library: str) -> None:
    code, said = attack("--understudy-attack", library)
    assert code == 1, said
    assert set(re.findall(r"FAILED \S+::(\w+)", said)) == RED[library], said


def test_an_attack_on_nobody_is_a_mistake() -> None:
    code, said = attack("--understudy-attack", "../wheel")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "No conftest.py among what was collected has understudy_attack_target" in said


def test_without_the_option_nothing_is_collected() -> None:
    code, said = attack("flask_crm")
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED, said


def test_the_plugin_brings_nothing_else_of_ours_along() -> None:
    told = "sorted(name for name in sys.modules if name.startswith('understudy'))"
    seen = f"import sys, understudy.pytest_attack; print({told})"
    done = subprocess.run(
        [sys.executable, "-c", seen], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "['understudy', 'understudy.pytest_attack']"
