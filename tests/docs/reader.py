"""What a reader of a guide has before the page, and does with it."""

from __future__ import annotations

from pathlib import Path

from tests.docs.pages import RUN, Block, blocks
from tests.docs.shell import Shell
from tests.docs.visitor import Visitor

PASSWORD = "correct horse battery staple"
REASON = "Cannot find the reports tab"
_PREPARED = (
    f"echo '{PASSWORD}' | understudy operator create sam@example.com "
    "--role support_manager --password-stdin",
    "printf 'id,name\\n1,Ada\\n2,Grace\\nada,Ada\\n' > users.csv",
    "understudy users import users.csv --app app_…",
    "export APP_ID=app_… APP_SECRET=usk_…",
)


def prepare(shell: Shell, *more: str, origin: str = "http://127.0.0.1:8000") -> None:
    """What there is after the quickstart: an app at ``origin``, users, an operator Sam; ``more``
    commands behind that.
    """
    callback = f"{origin}/_understudy/callback"
    app = f"understudy app create Shop --allow-impersonation --redirect-url {callback}"
    type_in(shell, app, *_PREPARED, *more)


def type_in(shell: Shell, *commands: str) -> None:
    """Run what no page says."""
    for command in commands:
        shell.run(Block(where="beside the page", language="bash", text=command))


def follow(shell: Shell, page: Path) -> None:
    """Run every block of a page."""
    for block in blocks(page):
        if block.language in RUN:
            shell.run(block)


def first_page_as_ada(sam: Visitor, shell: Shell) -> str:
    """Begin a session, whose pages are under the banner."""
    sam.impersonate(shell.found("app_…"), "1", reason=REASON)
    page = sam.visit("/")
    assert "<understudy-banner" in page
    return page
