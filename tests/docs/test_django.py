"""The guide to Django, followed word for word beside a running service."""

from __future__ import annotations

import json

from tests.docs.pages import ROOT
from tests.docs.reader import PASSWORD, first_page_as_ada, follow, prepare
from tests.docs.shell import Shell
from tests.docs.visitor import Site, Visitor
from understudy.contrib.django.conf import KEYS

PAGE = ROOT / "docs/howto/django.md"


def test_the_guide_leads_to_a_site_that_serves_the_subject(shell: Shell) -> None:
    with shell:
        prepare(shell)
        shell.serve("understudy serve")
        follow(shell, PAGE)
        site = f"http://127.0.0.1:{shell.ports['8000']}"
        sam = Visitor(shell.ports["8700"], Site(site))
        sam.sign_in("sam@example.com", PASSWORD)
        assert "Hello stranger" in sam.visit("/")
        assert "Hello ada" in first_page_as_ada(sam, shell)
        told = {"of": "ada", "written_by": "sam@example.com"}
        assert json.loads(sam.visit("/note")) == told
        refused = sam._send("GET", f"{site}/password", headers={})
        assert refused.json()["code"] == "action_blocked"  # by the deny profile, before the view
        sam.end()
        assert "Hello stranger" in sam.visit("/")


def test_the_guide_names_every_setting() -> None:
    page = PAGE.read_text()
    assert [key for key in sorted(KEYS) if f"`{key}`" not in page] == []
