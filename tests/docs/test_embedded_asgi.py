"""The page about Understudy inside an app leads from an empty folder to a session and a service."""

from __future__ import annotations

from pathlib import Path

from tests.docs.pages import ROOT, RUN, Block, blocks
from tests.docs.shell import Shell
from tests.docs.visitor import Site, Visitor
from understudy.embedded.plan import APPLICATION_ID

PAGE = ROOT / "docs/howto/embedded.md"
PASSWORD = "correct horse battery staple"
STEPS = ("1. Install", "2. Say who is staff, and who the users are", "3. Run it", "4. Become Ada")
_NUMBERED = tuple(f"## {number}" for number in range(1, 5))


def test_an_empty_folder_becomes_an_app_with_its_own_dashboard_and_then_a_service(
    tmp_path: Path,
) -> None:
    following = [block for block in blocks(PAGE) if block.language in RUN]
    served = next(place for place, block in enumerate(following) if "uvicorn" in block.text)
    with Shell(tmp_path) as shell:
        for block in following[: served + 1]:
            shell.run(block)
        # What a reader has to do does not grow unseen.
        typed = [block.text for block in following[: served + 1] if block.language == "bash"]
        assert [len(text.splitlines()) for text in typed] == [1, 1]
        assert [line[3:] for line in PAGE.read_text().splitlines() if line[:4] in _NUMBERED] == [
            *STEPS
        ]
        _is_the_pages_app(shell)
    with Shell(tmp_path) as shell:
        _is_a_service(shell, following[served + 1 :])


def test_the_page_says_how_to_use_a_database_as_it_is_used() -> None:
    (block,) = [block for block in blocks(PAGE) if "DATABASE = " in block.text]
    given: dict[str, object] = {
        "staff": lambda request: None,
        "get_user": None,
        "search_users": None,
    }
    lines = "from understudy import Understudy, Users\n" + block.text
    exec(compile(lines, block.where, "exec"), given)
    plan = given["understudy"].embedding.plan  # type: ignore[attr-defined]
    assert plan.settings.store_url == "postgresql://shop@localhost/shop"


def _is_the_pages_app(shell: Shell) -> None:
    port = shell.ports["8000"]
    sam = Visitor(port, Site(f"http://localhost:{port}"), mount="/understudy")
    assert "Hello stranger" in sam.visit("/")
    assert sam.post("/login/sam").json() == {"signed_in": "sam"}
    assert "Hello Sam from Support" in sam.visit("/")
    sam.visit("/understudy/")
    sam.impersonate(APPLICATION_ID, "1", reason="Cannot find the reports tab")
    page = sam.visit("/")
    assert "Hello Ada" in page
    assert "<understudy-banner" in page
    sam.end()
    assert "Hello Sam from Support" in sam.visit("/")
    sam.visit("/understudy/")


def _is_a_service(shell: Shell, following: list[Block]) -> None:
    (upgrade,) = [block for block in following if block.text.startswith("understudy app secret")]
    *commands, serve = upgrade.text.replace("|\n", "| ").strip().splitlines()
    for command in (*commands, serve):
        shell.run(Block(where=upgrade.where, language="bash", text=command))
    assert shell.found("usk_…")
    you = Visitor(shell.ports["8700"], Site(f"http://localhost:{shell.ports['8000']}"))
    you.sign_in("you@example.com", PASSWORD)
    assert [user["name"] for user in you.users(APPLICATION_ID)] == ["Ada"]
