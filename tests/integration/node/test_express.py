"""Express: what apps and their middleware do with requests and answers."""

from __future__ import annotations

import http.client
import socket

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from tests.docs.visitor import Visitor
from tests.integration.node.desk import NodeApp, session_of
from tests.integration.node.exchanges import PAGE, live_socket, upload


def test_what_the_app_keeps_of_a_session_is_that_sessions_own(sam: Visitor) -> None:
    login = sam.cookies()["login"]
    assert sam.post("/visits").json() == {"visits": 1}
    assert sam.post("/visits").json() == {"visits": 2}
    assert sam.cookies()["login"] == login
    kept = [name for name in sam.cookies() if name.startswith("__Host-understudy.")]
    assert kept == ["__Host-understudy.login"]


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


def test_uploads_and_what_follows_on_their_connection(express: NodeApp, sam: Visitor) -> None:
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


def test_sockets_are_held_to_their_session(express: NodeApp) -> None:
    sam = express.impersonating()
    with live_socket(express.origin, sam) as live:
        # The subject's, without the cookie by which the app knows the agent.
        assert live.recv() == "ada false"
        express.revoke(sam)
        with pytest.raises(ConnectionClosedError, match="4401"):
            live.recv(timeout=10)
    with pytest.raises(InvalidStatus, match="401"):
        live_socket(express.origin, sam)


def test_sockets_of_other_sites_and_of_readers_are_refused(express: NodeApp) -> None:
    sam = express.visitor()
    assert sam.post("/login/ada").status_code == 200
    with live_socket(express.origin, sam) as own:
        assert own.recv() == "own true"
    sam.impersonate(express.application_id, "ada", reason="Looking only", scope="read_only")
    with pytest.raises(InvalidStatus, match="403"):
        live_socket(express.origin, sam)
    sam.end()
    sam.impersonate(express.application_id, "ada", reason="More than looking")
    with pytest.raises(InvalidStatus, match="403"):
        live_socket(express.origin, sam, asked_by="https://evil.example")


def test_queries_pass_where_nothing_may_be_changed_and_mutations_do_not(express: NodeApp) -> None:
    sam = express.visitor()
    sam.impersonate(express.application_id, "ada", reason="Looking only", scope="read_only")
    plans = {"data": {"plans": ["free"]}}
    assert sam.post("/graphql", json={"query": "{ plans }"}).json() == plans
    assert sam.ask("GET", "/graphql?query={plans}").json() == plans
    adding = 'mutation { add(plan: "pro") }'
    refused = sam.post("/graphql", json={"query": adding})
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only")
    assert sam.ask("GET", f"/graphql?query={adding}").status_code == 403
    assert sam.post("/graphql", json={"query": "{ plans }"}).json() == plans
