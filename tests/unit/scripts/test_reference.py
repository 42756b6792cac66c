from __future__ import annotations

from pathlib import Path

import pytest

from scripts import reference
from scripts.generated import stale
from scripts.reference_words import PERMISSIONS, ROLES
from understudy.config import PREFIX, Settings
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Permission, Role
from understudy.core.rules.chain import RULES


def test_the_reference_says_what_the_code_says() -> None:
    assert stale(reference.files()) == [], "run: python -m scripts.reference"


def test_everything_that_has_a_name_has_words() -> None:
    assert set(PERMISSIONS) == set(Permission)
    assert set(ROLES) == set(Role)


def test_nothing_is_left_out() -> None:
    pages = reference.pages()
    for name in Settings.__dataclass_fields__:
        told = name[0] != "_" and name != "embedded"  # which no environment says
        assert (f"`{PREFIX}{name.upper()}`" in pages["configuration.md"]) is told
    for kind in (*EventType, *EndCause):
        assert f"`{kind.value}`" in pages["events.md"]
    for rule in RULES.all:
        assert f"`{rule.code}`" in pages["errors.md"]
    for verb in ("demo", "serve", "users import", "audit verify", "keys rotate", "doctor"):
        assert f"## understudy {verb}\n" in pages["cli.md"]


def test_a_page_that_was_changed_by_hand_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "reference")
    assert reference.main(["--check"]) == 1
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    page = tmp_path / "reference/events.md"
    page.write_text(page.read_text() + "By the way.\n")
    capsys.readouterr()
    assert reference.main(["--check"]) == 1
    assert f"{page} is out of date: python -m scripts.reference" in capsys.readouterr().err
