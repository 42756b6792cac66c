"""The page about Flask leads from an empty folder to a session, word for word."""

from __future__ import annotations

from pathlib import Path

from tests.docs.pages import ROOT, RUN, Block, blocks
from tests.docs.shell import Shell
from tests.docs.visitor import Site, Visitor

PAGE = ROOT / "docs/howto/flask.md"
PASSWORD = "correct horse battery staple"
STEPS = ("1. Install", "2. Three lines", "3. Somebody who may, and somebody as whom", "4. Run both")


def commands(block: Block) -> list[str]:
    """What somebody types."""
    lines = block.text.replace("|\n", "| ").splitlines()
    if block.language == "console":
        return [line for line in lines if line.startswith("$ ")]
    return lines


def test_an_empty_folder_becomes_an_app_under_the_banner(tmp_path: Path) -> None:
    with Shell(tmp_path) as shell:
        following = iter([block for block in blocks(PAGE) if block.language in RUN])
        typed: list[str] = []
        for block in following:
            shell.run(block)
            typed += commands(block) if block.language != "python" else []
            if block.text.startswith("flask run"):
                break
        # What a reader has to do does not grow unseen.
        assert len(typed) == 13
        assert [line[3:] for line in PAGE.read_text().splitlines() if line[:4] in _NUMBERED] == [
            *STEPS
        ]
        ours = ("understudy", "Understudy", "from_prefixed_env")
        app = (tmp_path / "app.py").read_text().splitlines()
        assert len([line for line in app if any(name in line for name in ours)]) == 3
        _is_the_pages_app(shell)
        for block in following:
            shell.run(block)


_NUMBERED = tuple(f"## {number}" for number in range(1, 5))


def _is_the_pages_app(shell: Shell) -> None:
    you = Visitor(shell.ports["8700"], Site(f"http://127.0.0.1:{shell.ports['8000']}"))
    you.sign_in("you@example.com", PASSWORD)
    assert "Hello stranger" in you.visit("/")
    assert you.post("/login/7").status_code == 302
    assert "Hello Kim from Support" in you.visit("/")
    you.impersonate(shell.found("app_…"), "1", reason="Cannot find the reports tab")
    page = you.visit("/")
    assert "Hello Ada" in page
    assert "<understudy-banner" in page
    assert you.post("/notes").json() == {"of": "Ada"}
    assert you.post("/login/2").json()["code"] == "forbidden_while_impersonating"
    you.end()
    assert "Hello Kim from Support" in you.visit("/")
    assert you.post("/notes").json() == {"of": "Kim from Support"}
