"""From a launch to the end, the same under every framework."""

from __future__ import annotations

from tests.docs.visitor import Visitor
from tests.integration.node.desk import NodeApp, session_of
from tests.integration.node.exchanges import PAGE, told_over


def test_a_session_from_its_launch_to_its_end(app: NodeApp) -> None:
    sam = app.visitor()
    assert "Hello stranger" in sam.visit("/")
    assert sam.post("/login/kim").status_code == 200
    assert sam.post("/visits").json() == {"visits": 1}
    kept = sam.cookies()
    sam.impersonate(app.application_id, "ada", reason="Cannot find the reports tab")
    page = sam.visit("/")
    assert "Hello Ada" in page
    assert "<understudy-banner" in page
    assert sam.post("/notes").json()["of"] == "Ada"
    assert sam.post("/visits").json() == {"visits": 1}
    sam.end()
    assert {name: sam.cookies()[name] for name in kept} == kept
    assert "Hello Kim from Support" in sam.visit("/")
    assert sam.post("/notes").json() == {"of": "Kim from Support", "by": None}
    # What the agent's own session has kept is what it kept before.
    assert sam.post("/visits").json() == {"visits": 2}


def test_an_intent_stands_in_the_log_before_its_deed(app: NodeApp) -> None:
    sam = app.impersonating()
    noted = sam.post("/notes").json()
    assert noted["of"] == "Ada"
    assert noted["by"].startswith("opr_")
    session = session_of(sam)
    sam.end()
    told = app.actions(session)
    # What only reads is told within a second.
    assert told.count(("GET", "/", "completed")) == 1
    changes = [action for action in told if action[0] == "POST"]
    assert changes == [("POST", "/notes", "intended"), ("POST", "/notes", "completed")]


def test_what_is_blocked_or_forbidden_is_not_done(app: NodeApp, worker: Visitor) -> None:
    for path in ("/invoices/pay", "/invoices//pay", "/x/../invoices/pay", "/invoices/%70ay#top"):
        blocked = app.raw(worker, "POST", path)
        assert (blocked.status, blocked.code) == (403, "action_blocked"), path
    forbidden = worker.post("/password")
    assert forbidden.json()["code"] == "forbidden_while_impersonating"
    assert forbidden.status_code == 403
    stranger = app.visitor()
    assert stranger.post("/password").json() == {"changed": True}


def test_a_session_that_only_reads_changes_nothing(app: NodeApp) -> None:
    sam = app.visitor()
    sam.impersonate(app.application_id, "ada", reason="Looking only", scope="read_only")
    assert "Hello Ada" in sam.visit("/")
    refused = sam.post("/notes")
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only")


def test_a_revoked_session_is_nobody_and_others_go_on(app: NodeApp) -> None:
    sam, ada = app.impersonating(), app.visitor()
    assert ada.post("/login/ada").status_code == 200
    app.revoke(sam)
    assert told_over(sam).json()["code"] == "session_over"
    assert sam.post("/notes").status_code == 401
    assert ada.ask("GET", "/me").json() == {"me": "Ada"}
    assert ada.post("/notes").json() == {"of": "Ada", "by": None}


def test_a_user_who_is_not_the_subject_ends_the_session(app: NodeApp) -> None:
    sam = app.visitor()
    refused = sam.launched(app.application_id, "mallory", reason="Somebody else is loaded")
    assert refused.status_code == 401
    assert "did not show the user whom it should" in refused.text
    # The browser's own again, which works as nobody.
    assert sam.ask("GET", "/me").json() == {"me": None}


def test_pages_get_their_banner_however_they_are_sent(worker: Visitor) -> None:
    streamed = worker.ask("GET", "/stream", **PAGE)
    assert "<understudy-banner" in streamed.text
    assert "first second</body>" in streamed.text
    assert streamed.headers["cache-control"] == "no-store"
    compressed = worker.ask("GET", "/", accept_encoding="gzip", **PAGE)
    assert "<understudy-banner" in compressed.text
    assert "content-encoding" not in compressed.headers
    head = worker.ask("HEAD", "/", **PAGE)
    assert (head.status_code, head.content) == (200, b"")


def test_faults_are_the_apps_own_and_kept_by_no_cache(worker: Visitor) -> None:
    boom = worker.ask("GET", "/boom")
    assert boom.status_code == 500
    assert boom.headers["cache-control"] == "no-store"
    assert "Hello Ada" in worker.visit("/")


def test_what_pretends_to_come_from_us_does_not_reach_the_app(app: NodeApp) -> None:
    sam = app.visitor()
    assert sam.post("/login/kim").status_code == 200
    said = sam.ask("GET", "/me", x_understudy_subject="ada", understudy_page="own")
    assert said.json() == {"me": "Kim from Support"}
