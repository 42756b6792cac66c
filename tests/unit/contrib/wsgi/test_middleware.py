"""Who is let through, as whom, and who is not."""

from __future__ import annotations

import io
from typing import Any
from wsgiref.util import FileWrapper

import pytest

from tests.unit.contrib.wsgi.apps import Echo
from tests.unit.contrib.wsgi.conftest import Guarded
from tests.unit.contrib.wsgi.server import ORIGIN, PAGE, TEXT, asked, served, start
from understudy import current_impersonation
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import SetupError
from understudy.sdk.context import OwnRequest, as_nobody, present_request
from understudy.sdk.forbidding import forbid_while_impersonating
from understudy.sdk.values import Subject
from understudy.testing import FakeGateway

EPOCH = "__Host-understudy-epoch=1"


def test_without_an_overlay_the_app_gets_the_very_same_request(gateway: FakeGateway) -> None:
    app, understudy = Echo(), gateway.understudy()
    environ = asked("/orders", {"Cookie": "session=agent", "If-None-Match": '"a"'})
    kept = dict(environ)
    UnderstudyMiddleware(app, understudy=understudy)(environ, start)
    assert app.environs[0] is environ
    assert environ == kept
    understudy.close()


def test_without_any_session_in_the_process_the_app_gives_its_very_answer(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("understudy.sdk.at_work.AT_WORK.ever", False)
    answer = iter([b"hello"])
    understudy = gateway.understudy()
    middleware = UnderstudyMiddleware(lambda *_: answer, understudy=understudy)
    assert middleware(asked(), start) is answer
    understudy.close()


def test_an_overlay_makes_the_request_the_subjects(gateway: FakeGateway, guarded: Guarded) -> None:
    app = Echo()
    got = guarded(app).ask("/orders", gateway.open(subject_id="42").headers)
    assert (got.body, app.subjects) == (b"hello", {"42"})
    assert got.header("understudy-impersonation") == ["1"]


def test_the_users_own_sign_in_elsewhere_never_inherits_the_session(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    site = guarded(app)
    site.ask("/", gateway.open(subject_id="42").headers)
    app.as_whom.clear()
    got = site.ask("/", {"Cookie": "session=user-42"})
    assert (app.subjects, got.header("understudy-impersonation")) == ({None}, [])


def load(subject: Subject) -> dict[str, str]:
    return {"id": subject.id}


def test_the_apps_user_is_the_subject_and_known_where_the_app_asks(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    guarded(app, load_user=load).ask("/", gateway.open(subject_id="42").headers)
    assert app.as_whom[0] is not None
    assert app.as_whom[0].user == {"id": "42"}


def test_a_user_who_is_not_the_subject_ends_the_session(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, session = Echo(), gateway.open(subject_id="42")
    got = guarded(app, load_user=lambda _: {"id": "43"}).ask("/", session.headers)
    assert (got.code, app.environs) == (401, [])
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED


def test_an_app_that_settles_on_the_agent_shows_nothing(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    def settle(environ: Any) -> None:
        environ["understudy.seen"] = {"id": "agent"}

    session = gateway.open(subject_id="42")
    got = guarded(Echo(look=settle), load_user=load).ask("/", session.headers)
    assert (got.code, b"hello" in got.body) == (401, False)
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED


@pytest.mark.parametrize("name", ["HTTP_AUTHORIZATION", "HTTP_REMOTE_USER", "REMOTE_USER"])
def test_two_identities_in_one_request_are_refused(
    gateway: FakeGateway, guarded: Guarded, name: str
) -> None:
    app = Echo()
    told: dict[str, Any] = {name: "agent"}
    got = guarded(app).ask("/", gateway.open().headers, **told)
    assert (got.code, b"ambiguous_credentials" in got.body) == (400, True)
    assert app.environs == []


@pytest.mark.parametrize(
    "name", ["HTTP_AUTHORIZATION", "HTTP_REMOTE_USER", "HTTP_X_SESSION_TOKEN", "REMOTE_USER"]
)
def test_where_tokens_are_let_go_of_the_app_does_not_get_the_agents(
    gateway: FakeGateway, guarded: Guarded, name: str
) -> None:
    app = Echo()
    told: dict[str, Any] = {name: "agent"}
    site = guarded(app, bearer_paths=("/api/",))
    assert served(site.middleware, asked("/api/me", gateway.open().headers, **told)).code == 200
    assert name not in app.environs[0]
    assert served(site.middleware, asked("/me", gateway.open().headers, **told)).code == 400


def test_where_a_server_signs_people_in_they_stay_so_while_their_browser_is_known(
    guarded: Guarded,
) -> None:
    app = Echo()
    for headers in ({"Cookie": EPOCH}, {"Cookie": EPOCH, **PAGE}, {"X-Understudy-A": "1"}):
        guarded(app).ask("/", headers, REMOTE_USER="agent", AUTH_TYPE="Negotiate")
        assert app.header("REMOTE_USER") == "agent"
        assert app.header("AUTH_TYPE") == "Negotiate"
        assert app.header("HTTP_REMOTE_USER") is None


@pytest.mark.parametrize("cookie", ["", "__Host-understudy=uss_1"])
def test_what_pretends_to_be_ours_does_not_arrive(
    gateway: FakeGateway, guarded: Guarded, cookie: str
) -> None:
    app = Echo()
    headers = gateway.open().headers if cookie else {}
    pretending: dict[str, Any] = {
        "HTTP_X_UNDERSTUDY_USER": "1",
        "HTTP_UNDERSTUDY_IMPERSONATION": "1",
    }
    guarded(app).ask("/", headers, **pretending)
    assert not [name for name in app.environs[0] if "UNDERSTUDY" in name]


def test_a_session_that_is_over_never_falls_through_to_the_agent(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, session = Echo(), gateway.open()
    site = guarded(app)
    gateway.revoke(session.id)
    agent = f"session=agent; {session.headers['Cookie']}"
    for cookie in (agent, "session=agent; __Host-understudy=uss_unknown"):
        got = site.ask("/", {"Cookie": cookie}, method="POST")
        assert (got.code, b"session_over" in got.body) == (401, True)
    assert app.environs == []


@pytest.mark.parametrize(
    "path",
    ["/api/keys/7", "/api%2Fkeys%2F7", "/API//keys/7/", "/x/../api/keys/7", "/api/%FFkeys/7"],
)
def test_a_blocked_path_is_blocked_in_every_spelling(
    gateway: FakeGateway, guarded: Guarded, path: str
) -> None:
    app = Echo()
    blocked = BlockedAction(method="*", pattern="/api/keys/{id}", label="keys")
    session = gateway.open(blocked_actions=[blocked])
    site = guarded(app)
    assert site.ask(path, session.headers).code == 403
    without_raw = asked(path, session.headers)
    del without_raw["RAW_URI"]
    assert served(site.middleware, without_raw).code == 403
    assert app.environs == []


def test_a_path_that_the_server_has_resolved_differently_is_blocked_as_it_was_sent(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    blocked = BlockedAction(method="*", pattern="/files/{name}", label="files")
    session = gateway.open(blocked_actions=[blocked])
    got = guarded(Echo()).ask(
        "/files/a%2Fb", session.headers, PATH_INFO="/files/a/b", SCRIPT_NAME=""
    )
    assert got.code == 403


def test_an_app_below_a_mount_is_held_to_its_own_paths(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    blocked = BlockedAction(method="*", pattern="/keys", label="keys")
    session = gateway.open(blocked_actions=[blocked])
    site = guarded(Echo())
    assert site.ask("/keys", session.headers, SCRIPT_NAME="/shop").code == 403
    got = site.ask("/", {**PAGE, **session.headers}, SCRIPT_NAME="/shop", RAW_URI="/shop/")
    assert got.code == 200


def test_a_browsers_mark_is_taken_out_of_what_the_app_and_its_server_see(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, session = Echo(), gateway.open()
    mark = f"_understudy_page={session.id}"
    environ = asked(f"/orders?a=1&{mark}", {"Cookie": session.headers["Cookie"]}, method="POST")
    environ["HTTP_REFERER"] = f"{ORIGIN}/?{mark}"
    got = served(guarded(app).middleware, environ)
    assert (got.code, app.header("QUERY_STRING")) == (200, "a=1")
    for seen in (environ, app.environs[0]):
        told = {n: v for n, v in seen.items() if n in ("QUERY_STRING", "RAW_URI", "HTTP_REFERER")}
        assert told == {
            "QUERY_STRING": "a=1",
            "RAW_URI": "/orders?a=1",
            "HTTP_REFERER": f"{ORIGIN}/",
        }


def test_a_page_of_the_agents_own_changes_nothing_in_a_session(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, session = Echo(), gateway.open()
    cookie = {"Cookie": session.headers["Cookie"]}
    got = guarded(app).ask("/orders?_understudy_page=own", cookie, method="POST")
    assert (got.code, app.environs) == (409, [])


def form(*, length: bool = True, terminated: bool = False, body: bytes = b"text=typed") -> Any:
    kind = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.input": io.BytesIO(body)}
    return {
        **kind,
        **({"CONTENT_LENGTH": str(len(body))} if length else {}),
        **({"wsgi.input_terminated": True} if terminated else {}),
    }


@pytest.mark.parametrize(
    ("more", "given_back"),
    [
        (form(), True),
        (form(length=False, terminated=True), True),
        (form(length=False), False),
        (form() | {"CONTENT_LENGTH": "-1"}, False),
        (form() | {"CONTENT_LENGTH": "x"}, False),
        (form() | {"CONTENT_LENGTH": "9" * 5000}, True),
    ],
)
def test_what_was_typed_on_another_page_is_given_back_where_its_length_is_known(
    gateway: FakeGateway, guarded: Guarded, more: dict[str, Any], given_back: bool
) -> None:
    session = gateway.open()
    headers = {**PAGE, "Origin": ORIGIN, "Cookie": session.headers["Cookie"]}
    site = guarded(Echo())
    environ = asked("/orders?_understudy_page=own", headers, method="POST", **more)
    # The checker within the server wants a length that is a number.
    page = b"".join(site.middleware(environ, start))
    assert (b"typed" in page, b"<!doctype html>" in page.lower()) == (given_back, True)


def test_a_body_that_breaks_off_is_none(gateway: FakeGateway, guarded: Guarded) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError

    headers = {**PAGE, "Origin": ORIGIN, "Cookie": gateway.open().headers["Cookie"]}
    more = form() | {"wsgi.input": Broken()}
    got = guarded(Echo()).ask("/orders?_understudy_page=own", headers, method="POST", **more)
    assert got.code == 409


def test_an_adapter_within_another_serves_its_session(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, session = Echo(), gateway.open(subject_id="42")
    inner = guarded(app)
    assert guarded(inner.middleware).ask("/", session.headers, method="POST").code == 200
    assert app.subjects == {"42"}


def test_within_a_session_another_adapter_takes_no_page_for_the_agents_own(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    other = FakeGateway()
    understudy = other.understudy()
    app = Echo(b"<html><body>hello</body></html>", headers=[("Content-Type", "text/html")])

    def inner(environ: Any, start_response: Any) -> Any:
        environ["HTTP_COOKIE"] = EPOCH
        del environ["understudy.page_mark"]
        return UnderstudyMiddleware(app, understudy=understudy)(environ, start_response)

    got = guarded(inner).ask("/", {**PAGE, **gateway.open(subject_id="42").headers})
    assert (b'data-page="own"' in got.body, app.subjects) == (False, {"42"})
    understudy.close()


def test_a_request_in_anothers_context_is_nobodys(gateway: FakeGateway, guarded: Guarded) -> None:
    app, session = Echo(), gateway.open(subject_id="42")
    site = guarded(app)
    found: list[Any] = []

    def calls_in_process(environ: Any, start_response: Any) -> Any:
        site.ask("/inner", {"Cookie": "session=agent"})
        found.append(current_impersonation())
        start_response("200 OK", [TEXT])
        return [b""]

    guarded(calls_in_process).ask("/", session.headers)
    assert app.subjects == {None}
    assert found[0].subject.id == "42"


def test_users_themselves_do_what_is_forbidden_while_others_are_impersonated(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo([b"a", b"b"], look=lambda _: forbid_while_impersonating())
    site = guarded(app)
    assert site.ask("/", gateway.open().headers).code == 403
    app = Echo([b"a", b"b"], between=forbid_while_impersonating)
    assert guarded(app).ask("/", {"Cookie": "session=user"}).body == b"ab"
    with as_nobody():
        assert current_impersonation() is None


def test_a_users_own_request_that_fails_is_over(gateway: FakeGateway, guarded: Guarded) -> None:
    found: list[object] = []

    def fail(_: object) -> None:
        found.append(present_request())
        raise LookupError("a bug in the app")

    site = guarded(Echo(look=fail))
    site.ask("/", gateway.open().headers)
    got = site.ask("/", {"Cookie": "session=user"})
    assert isinstance(got.error, LookupError)
    assert isinstance(found[-1], OwnRequest)
    assert found[-1].over


def file_app(environ: Any, start_response: Any) -> Any:
    """Sends a file in the server's own way."""
    start_response("200 OK", [("Content-Type", "application/pdf")])
    return environ["wsgi.file_wrapper"](io.BytesIO(b"%PDF"))


def as_function(file: Any) -> Any:
    """A wrapper that is no class, as uWSGI has it."""
    return file


@pytest.mark.parametrize("wrapper", [FileWrapper, as_function])
def test_a_users_own_file_is_sent_by_the_server_itself(gateway: FakeGateway, wrapper: Any) -> None:
    understudy = gateway.understudy()
    middleware = UnderstudyMiddleware(file_app, understudy=understudy)
    b"".join(middleware(asked("/", gateway.open().headers), start))
    made: Any = middleware(asked("/", **{"wsgi.file_wrapper": wrapper}), start)
    assert type(made) in (FileWrapper, io.BytesIO)
    understudy.close()


@pytest.mark.parametrize("wrapper", [FileWrapper, as_function])
def test_a_sessions_file_goes_out_under_our_eyes(
    gateway: FakeGateway, guarded: Guarded, wrapper: Any
) -> None:
    session = gateway.open()
    got = guarded(file_app).ask("/", session.headers, **{"wsgi.file_wrapper": wrapper})
    assert (got.body, got.header("cache-control")) == (b"%PDF", ["no-store"])


def test_an_unknown_option_is_refused(gateway: FakeGateway) -> None:
    understudy = gateway.understudy()
    with pytest.raises(SetupError, match="unrecorded_paths"):
        UnderstudyMiddleware(Echo(), understudy=understudy, unrecorded_paths=())  # type: ignore[call-arg]


def test_one_way_to_load_the_user_is_enough(gateway: FakeGateway) -> None:
    def load(_: object) -> None: ...

    with pytest.raises(SetupError, match="not both"):
        UnderstudyMiddleware(Echo(), understudy=gateway.understudy(), load_user=load, loading=load)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_never_asked_whom_it_is_for_is_told(gateway: FakeGateway, method: str) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [TEXT])
        return [b"the agent's own"]

    understudy, session = gateway.understudy(), gateway.open()
    middleware = UnderstudyMiddleware(app, understudy=understudy)
    served(middleware, asked("/own", session.headers, method=method))
    assert dict(understudy.served_unasked()) == {f"{method} /own": 1}
    rule = gateway.actions(session.id, at_least=2 if method == "POST" else 1)[-1].rule
    assert rule == ("identity_not_asked" if method == "POST" else None)
    understudy.close()
