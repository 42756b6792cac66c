"""The guide to WSGI, followed word for word beside a running service."""

from __future__ import annotations

import socket
import time

from tests.docs.pages import ROOT, RUN, blocks
from tests.docs.reader import PASSWORD, first_page_as_ada, prepare
from tests.docs.shell import Shell
from tests.docs.visitor import Site, Visitor

PAGE = ROOT / "docs/howto/wsgi.md"
PATIENCE_SECONDS = 30


def test_the_guide_leads_to_a_site_that_serves_the_subject(shell: Shell) -> None:
    with shell:
        prepare(shell)
        shell.serve("understudy serve")
        for block in blocks(PAGE):
            if block.text.startswith("gunicorn "):
                shell.serve(block.text.replace("8000", str(shell.ports["8000"])))
            elif block.language in RUN:
                shell.run(block)
        wait_for(shell.ports["8000"])
        sam = Visitor(shell.ports["8700"], Site(f"http://127.0.0.1:{shell.ports['8000']}"))
        sam.sign_in("sam@example.com", PASSWORD)
        assert "Hello stranger" in sam.visit("/")
        assert sam.post("/password").json() == {"changed": True}
        assert "Hello Ada" in first_page_as_ada(sam, shell)
        assert sam.post("/notes").json() == {"of": "Ada", "written_by": "sam@example.com"}
        refused = sam.post("/password")
        assert refused.json()["code"] == "action_blocked"  # by the deny profile, before the view
        sam.end()
        assert "Hello stranger" in sam.visit("/")


def wait_for(port: int) -> None:
    """Return once somebody listens."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < until
