"""An app on Node and a service: what is begun, recorded and ended arrives, whatever happens."""

from __future__ import annotations

import time
from pathlib import Path

from tests.integration.node_link.desk import Desk
from tests.integration.node_link.node_app import NodeApp

AT_ONCE_SECONDS = 1.0
REVOCATIONS = 20
SILENCE_SECONDS = 6.0
"""Silence is believed for five; the service is asked for one more."""
PATIENCE_SECONDS = 15.0


def eventually(holds: object, seconds: float = PATIENCE_SECONDS) -> None:
    """Return once ``holds()`` is true."""
    assert callable(holds)
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it does not come to pass"
        time.sleep(0.02)


def begun(desk: Desk, app: NodeApp, subject_id: str = "ada", **asked: object) -> str:
    """A session that the app serves."""
    started = app.do("start", token=desk.token(subject_id, **asked))
    assert started["subject"] == subject_id, started
    app.do("follow")
    assert app.do("serve", session=started["session"]) == {"status": 200}
    return str(started["session"])


def test_a_token_begins_one_session_and_never_a_second(desk: Desk, app: NodeApp) -> None:
    token = desk.token()
    session = str(app.do("start", token=token)["session"])
    assert app.do("serve", session=session) == {"status": 200}
    assert app.do("start", token=token) == {"error": "token_invalid"}
    watched = app.do("watch", session=session)
    assert (watched["status"], watched["cause"]) == (401, "token_replayed")


def test_what_is_done_is_in_the_log_in_order_and_within_a_second(desk: Desk, app: NodeApp) -> None:
    session = begun(desk, app)
    paths = [f"/orders/{number}" for number in range(100)]
    app.do("record", session=session, paths=[*paths, "/odd\ud800\u202e\u2028"])
    began = time.monotonic()
    eventually(lambda: len(desk.paths(session)) == len(paths) + 1)
    assert time.monotonic() - began < 2 * AT_ONCE_SECONDS
    assert desk.paths(session) == [*paths, "/odd\ufffd\ufffd\ufffd"]


def test_an_intent_is_in_the_log_before_anything_begins(desk: Desk, app: NodeApp) -> None:
    session = begun(desk, app)
    assert app.do("intend", session=session, path="/pay") == {"begins": True}
    assert desk.paths(session) == ["/pay"]
    desk.backend("POST", f"/sessions/{session}/revoke")
    refused = app.do("intend", session=session, path="/pay")
    assert refused == {"begins": False, "code": "session_over"}


def test_a_revocation_is_obeyed_at_once(desk: Desk, app: NodeApp) -> None:
    seconds = []
    for _ in range(REVOCATIONS):
        session = begun(desk, app)
        watching = app.order("watch", session=session)
        began = time.monotonic()
        desk.backend("POST", f"/sessions/{session}/revoke")
        refused = watching.result(PATIENCE_SECONDS)
        assert (refused["status"], refused["cause"]) == (401, "revoked")
        seconds.append(refused["at"] - began)
    worst = sorted(seconds)[-1 - REVOCATIONS // 100]
    print(f"revoked to refused: p50 {sorted(seconds)[REVOCATIONS // 2]:.3f} s, p99 {worst:.3f} s")
    assert worst < AT_ONCE_SECONDS


def test_all_sessions_of_whoever_leaves_are_over(desk: Desk, app: NodeApp) -> None:
    session = begun(desk, app, actor={"id": "lee"})
    of_another = begun(desk, app, "bob", actor={"id": "max"})
    watching = app.order("watch", session=session)
    began = time.monotonic()
    app.do("revokeOf", actor="lee")
    assert watching.result(PATIENCE_SECONDS)["at"] - began < AT_ONCE_SECONDS
    assert app.do("serve", session=of_another) == {"status": 200}


def test_an_app_that_nobody_stops_ends_by_itself_and_has_told_everything(desk: Desk) -> None:
    with desk.app() as leaving:
        session = begun(desk, leaving)
        leaving.do("record", session=session, paths=["/last"])
        assert leaving.leave() == 0
    assert desk.paths(session) == ["/last"]


def test_an_app_that_is_told_to_stop_has_told_everything(desk: Desk) -> None:
    with desk.app() as stopped:
        session = begun(desk, stopped)
        stopped.do("record", session=session, paths=["/last"])
        assert stopped.terminate() == -15
    assert desk.paths(session) == ["/last"]


def test_a_service_that_is_gone_is_not_believed_for_long_and_is_told_when_it_is_back(
    desk: Desk, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    with desk.app(stateDir=str(state)) as app:
        session, ended = begun(desk, app), begun(desk, app, "bob")
        watching = app.order("watch", session=session)
        began = time.monotonic()
        desk.service.kill()
        app.do("end", session=ended)
        app.do("record", session=session, paths=["/meanwhile"])
        app.do("revokeOf", actor="nobody")
        intended = app.do("intend", session=session, path="/pay")
        assert intended == {"begins": False, "code": "unavailable"}
        refused = watching.result(PATIENCE_SECONDS)
        waited = refused["at"] - began
        print(f"killed to refused: {waited:.3f} s")
        assert refused["status"] == 503
        assert waited < SILENCE_SECONDS
        desk.service.start()
        eventually(lambda: desk.session(ended)["end_cause"] == "ended_by_actor")
        eventually(lambda: desk.paths(session) == ["/meanwhile"])
        eventually(lambda: app.do("serve", session=session) == {"status": 200})
        eventually(lambda: list(state.iterdir()) == [])


def test_what_an_app_could_not_tell_is_told_by_the_next_and_a_new_secret_loses_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    with desk.app(stateDir=str(state)) as app:
        session, ended = begun(desk, app), begun(desk, app, "bob")
        rotated = desk.rotate_secret()
        app.do("end", session=ended)
        app.do("record", session=session, paths=["/one", "/two"])
        eventually(lambda: any("not_signed_in" in text for text in app.do("told")["told"]))
        app.do("close")
    kept = list(state.iterdir())
    assert sorted(path.name.split("-")[2] for path in kept) == ["batch", "ending"]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    with rotated.app(stateDir=str(state)) as later:
        later.do("resume")
        eventually(lambda: list(state.iterdir()) == [])
    assert rotated.paths(session) == ["/one", "/two"]
    assert rotated.session(ended)["end_cause"] == "ended_by_actor"
