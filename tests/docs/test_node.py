"""The page about Node leads from an empty folder to a session, word for word."""

from __future__ import annotations

from pathlib import Path

from tests.docs.pages import ROOT, RUN, Block, blocks
from tests.docs.shell import Shell
from tests.docs.visitor import Site, Visitor

PAGE = ROOT / "docs/howto/node.md"
NEXT = ROOT / "tests/integration/node/apps/next"
PASSWORD = "correct horse battery staple"
STEPS = ("1. Install", "2. Three lines", "3. Somebody who may, and somebody as whom", "4. Run both")
_NUMBERED = tuple(f"## {number}" for number in range(1, 5))
APPS = ["node app.mjs", "node fastify.mjs", "node hono.mjs"]


def test_an_empty_folder_becomes_an_app_under_the_banner(tmp_path: Path) -> None:
    served: list[str] = []
    with Shell(tmp_path) as shell:
        for block in blocks(PAGE):
            if block.language in RUN or block.text.startswith("// "):
                shell.run(block)
            if block.text.strip() in APPS:
                served.append(block.text.strip())
                _is_the_pages_app(shell)
    assert served == APPS


def test_what_a_reader_has_to_do_does_not_grow_unseen() -> None:
    headings = [line[3:] for line in PAGE.read_text().splitlines() if line[:4] in _NUMBERED]
    assert headings == [*STEPS]
    steps = [block for block in blocks(PAGE) if block.language in RUN]
    until_served = [block.text.strip() for block in steps].index(APPS[0]) + 1
    assert sum(len(_typed(block)) for block in steps[:until_served]) == 11
    [app] = [block.text for block in blocks(PAGE) if block.text.startswith("// app.mjs")]
    ours = [line for line in app.splitlines() if "nderstudy" in line]
    # Two imports, the link, and the first middleware.
    assert len(ours) == 4


def test_what_is_shown_of_next_is_what_is_tested() -> None:
    tested = (NEXT / "server.mjs").read_text() + (NEXT / "people.mjs").read_text()
    shown = [block.text for block in blocks(PAGE) if _is_of_next(block.text)]
    assert len(shown) == 2
    for line in "\n".join(shown).splitlines():
        if "people.mjs" not in line and "listen" not in line:
            assert line in tested.splitlines(), line


def _is_of_next(text: str) -> bool:
    return "understudyNext" in text or "function currentUser" in text


def _typed(block: Block) -> list[str]:
    """What somebody types."""
    lines = block.text.replace("|\n", "| ").splitlines()
    if block.language == "console":
        return [line for line in lines if line.startswith("$ ")]
    return lines


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
    assert you.post("/notes").json() == {"of": "Ada", "by": "you"}
    assert you.post("/login/2").json()["code"] == "forbidden_while_impersonating"
    you.end()
    assert "Hello Kim from Support" in you.visit("/")
    assert you.post("/notes").json() == {"of": "Kim from Support", "by": None}
