"""Express 5 and 4: from a launch to the end, and what apps there do with an answer."""

from __future__ import annotations

import http.client
import socket

from tests.docs.visitor import Visitor
from tests.integration.node.desk import NodeApp, session_of
from tests.integration.node.exchanges import PAGE, told_over, upload


def test_a_session_from_its_launch_to_its_end(express: NodeApp) -> None:
    sam = express.visitor()
    assert "Hello stranger" in sam.visit("/")
    assert sam.post("/login/kim").status_code == 200
    assert sam.post("/visits").json() == {"visits": 1}
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
    # What the agent's own session has kept is what it kept before.
    assert sam.post("/visits").json() == {"visits": 2}


def test_what_the_app_keeps_of_a_session_is_that_sessions_own(sam: Visitor) -> None:
    login = sam.cookies()["login"]
    assert sam.post("/visits").json() == {"visits": 1}
    assert sam.post("/visits").json() == {"visits": 2}
    assert sam.cookies()["login"] == login
    kept = [name for name in sam.cookies() if name.startswith("__Host-understudy.")]
    assert kept == ["__Host-understudy.login"]


def test_an_intent_stands_in_the_log_before_its_deed(express: NodeApp) -> None:
    sam = express.impersonating()
    assert sam.post("/notes").json()["of"] == "Ada"
    assert sam.visit("/")
    session = session_of(sam)
    sam.end()
    told = express.actions(session)
    # What only reads is told within a second.
    assert told.count(("GET", "/", "completed")) == 2
    changes = [action for action in told if action[0] == "POST"]
    assert changes == [("POST", "/notes", "intended"), ("POST", "/notes", "completed")]


def test_what_is_blocked_or_forbidden_is_not_done(express: NodeApp) -> None:
    sam = express.impersonating()
    blocked = sam.post("/invoices/pay")
    assert (blocked.status_code, blocked.json()["code"]) == (403, "action_blocked")
    # Express takes this for the same path.
    assert sam.post("/Invoices/pay/").json()["code"] == "action_blocked"
    forbidden = sam.post("/password")
    assert (forbidden.status_code, forbidden.json()["code"]) == (
        403,
        "forbidden_while_impersonating",
    )
    sam.end()
    assert sam.post("/password").json() == {"changed": True}


def test_a_session_that_only_reads_changes_nothing(express: NodeApp) -> None:
    sam = express.visitor()
    sam.impersonate(express.application_id, "ada", reason="Looking only", scope="read_only")
    assert "Hello Ada" in sam.visit("/")
    refused = sam.post("/notes")
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only")


def test_a_revoked_session_is_nobody_and_others_go_on(express: NodeApp) -> None:
    sam, ada = express.impersonating(), express.visitor()
    assert ada.post("/login/ada").status_code == 200
    express.revoke(sam)
    assert told_over(sam).json()["code"] == "session_over"
    assert sam.post("/notes").status_code == 401
    assert ada.ask("GET", "/me").json() == {"me": "Ada"}
    assert ada.post("/notes").json() == {"of": "Ada", "by": None}


def test_a_user_who_is_not_the_subject_ends_the_session(express: NodeApp) -> None:
    sam = express.visitor()
    refused = sam.launched(express.application_id, "mallory", reason="Somebody else is loaded")
    assert refused.status_code == 401
    assert "did not show the user whom it should" in refused.text
    # The browser's own again, which works as nobody.
    assert sam.ask("GET", "/me").json() == {"me": None}


def test_pages_get_their_banner_however_they_are_sent(sam: Visitor) -> None:
    streamed = sam.ask("GET", "/stream", **PAGE)
    assert "<understudy-banner" in streamed.text
    assert "first second</body>" in streamed.text
    assert streamed.headers["cache-control"] == "no-store"
    assert streamed.headers.get_list("set-cookie")[:2] == ["a=1", "b=2"]
    static = sam.ask("GET", "/files/plain.html", **PAGE)
    assert "<understudy-banner" in static.text
    assert int(static.headers["content-length"]) == len(static.content)
    compressed = sam.ask("GET", "/", accept_encoding="gzip", **PAGE)
    assert "<understudy-banner" in compressed.text
    assert "content-encoding" not in compressed.headers


def test_other_answers_stay_whole(sam: Visitor) -> None:
    file = sam.ask("GET", "/files/hello.txt")
    assert (file.text, file.headers.get("etag")) == ("hello", None)
    # What the agent's browser has of the page is not the subject's.
    assert sam.ask("GET", "/files/hello.txt", if_none_match="*").status_code == 200
    head = sam.ask("HEAD", "/", **PAGE)
    assert (head.status_code, head.content) == (200, b"")
    early = sam.ask("GET", "/early")
    assert early.headers.get_list("set-cookie")[0] == "late=1"
    assert early.headers["vary"] == "Cookie"


def test_faults_are_the_apps_own(sam: Visitor) -> None:
    boom = sam.ask("GET", "/boom")
    assert (boom.status_code, boom.text) == (500, "the app's own error page")
    assert boom.headers["cache-control"] == "no-store"
    # Half an answer is not the whole one.
    assert sam.breaks_off("/half")
    assert "Hello Ada" in sam.visit("/")


def test_uploads_and_what_follows_on_their_connection(
    express: NodeApp, sam: Visitor
) -> None:
    connection = http.client.HTTPConnection(express.origin.partition("://")[2])
    body, kind = upload("x" * 300_000)
    headers = {"content-type": kind, "cookie": sam.cookie_header(), **sam.mark()}
    connection.request("POST", "/upload", body, headers)
    assert connection.getresponse().read() == b'{"bytes":300000,"of":"Ada"}'
    # The same connection, by nobody's cookie.
    connection.request("POST", "/notes")
    assert connection.getresponse().read() == b'{"of":null,"by":null}'
    connection.close()


def test_who_acts_stays_known_when_the_browser_goes(express: NodeApp) -> None:
    sam = express.impersonating()
    host, port = express.origin.partition("://")[2].split(":")
    lines = ["POST /slowly HTTP/1.1", f"host: {host}:{port}", f"cookie: {sam.cookie_header()}"]
    lines += [f"{name}: {value}" for name, value in sam.mark().items()]
    with socket.create_connection((host, int(port))) as browser:
        browser.sendall("\r\n".join([*lines, "content-length: 0", "", ""]).encode())
        assert express.says() == "begun"
    assert express.says().startswith("by opr_")
    # What runs behind an answer is nobody.
    assert express.says() == "then nobody"
    session = session_of(sam)
    sam.end()
    assert ("POST", "/slowly", "completed") in express.actions(session)


def test_an_endless_answer_ends_with_its_session(express: NodeApp) -> None:
    sam = express.impersonating()
    connection = http.client.HTTPConnection(express.origin.partition("://")[2], timeout=10)
    connection.request("GET", "/endless", headers={"cookie": sam.cookie_header()})
    answer = connection.getresponse()
    assert answer.read(5) == b"first"
    express.revoke(sam)
    assert express.says() == "left"
    connection.close()


def test_staff_start_within_the_app(express: NodeApp) -> None:
    kim: Visitor = express.visitor()
    asked = {"subject_id": "grace", "reason": "Asked by phone about a bill"}
    assert kim.post("/_understudy/start", json=asked).status_code == 404
    assert kim.post("/login/kim").status_code == 200
    started = kim.post("/_understudy/start", json=asked)
    assert started.json()["started"] is True
    assert "Hello Grace" in kim.visit("/")
    kim.end()
    assert "Hello Kim from Support" in kim.visit("/")
    # A page of the agent's own, while the browser is known, is marked as such.
    assert 'data-page="own"' in kim.visit("/")
