"""Every command and every program in the documents works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from tests.docs.pages import ROOT, RUN, SHOWN, blocks, pages
from tests.docs.shell import Shell
from tests.docs.visitor import Visitor

README = ROOT / "README.md"
QUICKSTART = ROOT / "docs/quickstart.md"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A reader's terminal in an empty folder."""
    return Shell(tmp_path)


def _follow(shell: Shell, page: Path) -> None:
    for block in blocks(page):
        if block.language in RUN:
            shell.run(block)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_is_run_or_only_to_be_looked_at(page: Path) -> None:
    for block in blocks(page):
        assert block.language in RUN | SHOWN, f"{block.where}: {block.language}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), f"{page.relative_to(ROOT)}: {target}"
        if anchor:
            assert anchor in _anchors(linked), f"{page.relative_to(ROOT)}: {target}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def test_the_quickstart_leads_to_a_banner(shell: Shell) -> None:
    with shell:
        following = iter(list(blocks(QUICKSTART)))
        for block in following:
            shell.run(block)
            if block.text.startswith("uvicorn"):
                break
        sam = Visitor(shell.ports["8700"], app_port=shell.ports["8000"])
        sam.sign_in("you@example.com", "correct horse battery staple")
        assert "Hello stranger" in sam.visit("/")
        sam.impersonate(shell.found("app_"), "1", reason="Cannot find the reports tab")
        page = sam.visit("/")
        assert "Hello Ada" in page
        assert "<understudy-banner" in page
        sam.end()
        assert "Hello stranger" in sam.visit("/")
        for block in following:
            shell.run(block)


def test_the_three_lines_of_the_readme_are_enough(shell: Shell) -> None:
    given: dict[str, Any] = {"app": FastAPI(), "get_user": {"1": object()}.get}
    shell.given.update(given)
    shell._printed = "app_readme usk_readme"
    _follow(shell, README)
    assert [one.cls.__name__ for one in given["app"].user_middleware] == ["UnderstudyMiddleware"]
