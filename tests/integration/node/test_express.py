"""Express 5 and 4: from a launch to the end, and what apps there do with an answer."""

from __future__ import annotations

import pytest

from tests.integration.node.desk import NodeApp

PAGE = {"accept": "text/html", "sec_fetch_dest": "document"}


def test_a_session_from_its_launch_to_its_end(express: NodeApp) -> None:
    sam = express.visitor()
    assert "Hello stranger" in sam.visit("/")
    assert sam.post("/login/kim").status_code == 200
    login = sam.cookies()["login"]
    sam.impersonate(express.application_id, "ada", reason="Cannot find the reports tab")
    page = sam.visit("/")
    assert "Hello Ada" in page
    assert "<understudy-banner" in page
    assert sam.post("/notes").json()["of"] == "Ada"
    sam.end()
    assert sam.cookies()["login"] == login
    assert "Hello Kim from Support" in sam.visit("/")
    assert sam.post("/notes").json() == {"of": "Kim from Support", "by": None}
