"""The page for those who come from Stytch works as it stands there."""

from __future__ import annotations

import pytest
from stytch.core.response_base import StytchError

from tests.docs.pages import ROOT, RUN, blocks
from tests.docs.shell import Shell

PAGE = ROOT / "docs/howto/from-stytch.md"


# The SDK itself uses what its own dependencies have deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_page_works_against_a_running_service(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Shell(tmp_path_factory.mktemp("reader")) as shell:
        for block in blocks(PAGE):
            if block.language not in RUN:
                continue
            shell.run(block)
            if "app create" in block.text:
                shell.serve("understudy serve")
                monkeypatch.setenv("APP_ID", shell.found("app_…"))
                monkeypatch.setenv("APP_SECRET", shell.found("usk_…"))
            if "members.create" in block.text:
                made = shell.given["ada"]
                shell.printed(f"{made.member_id} {made.organization_id}\n")
        assert "sam@example.com works as Ada" in capsys.readouterr().out
        assert shell.given["again"].member_session.member_id == shell.given["ada"].member_id
        with pytest.raises(StytchError, match="session_not_found"):
            shell.given["client"].sessions.authenticate(session_token=shell.given["session_token"])
