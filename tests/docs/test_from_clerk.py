"""The page for those who come from Clerk works as it stands there."""

from __future__ import annotations

import pytest

from tests.docs.pages import ROOT, RUN, Block, blocks
from tests.docs.shell import Shell

PAGE = ROOT / "docs/howto/from-clerk.md"
PREPARED = (
    "understudy app create Shop --redirect-url http://app.localhost:8701/_understudy/callback "
    "--allow-impersonation",
    "printf 'id,name\\nada,Ada\\n' > users.csv",
    "understudy users import users.csv --app app_…",
)


def test_the_page_works_against_a_running_service(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Shell(tmp_path_factory.mktemp("reader")) as shell:
        for line in PREPARED:
            shell.run(Block(where="before the page", language="bash", text=line))
        shell.serve("understudy serve")
        monkeypatch.setenv("APP_ID", shell.found("app_…"))
        monkeypatch.setenv("APP_SECRET", shell.found("usk_…"))
        for block in blocks(PAGE):
            if block.language in RUN:
                shell.run(block)
        assert shell.given["token"].url.startswith(f"http://localhost:{shell.ports['8700']}/clerk")
        revoked = shell.given["clerk"].sessions.get(
            session_id=shell.given["redeemed"]["session"]["id"]
        )
        assert revoked.status == "revoked"
