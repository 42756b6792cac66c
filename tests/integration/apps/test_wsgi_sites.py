"""Bottle and Pyramid under the middleware: each asks in one place who is signed in, and no more."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.unit.contrib.wsgi.server import ORIGIN, PAGE, Got, asked, served
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.sdk.values import Phase, Subject
from understudy.testing import FakeGateway, FakeSession

FILE = b"%PDF-" + bytes(range(256))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Site:
    """One app under the middleware, and the cookie by which the agent is signed in to it."""

    def __init__(self, app: Any, gateway: FakeGateway) -> None:
        self.gateway = gateway
        self.understudy = gateway.understudy()
        self.app = UnderstudyMiddleware(app, understudy=self.understudy, load_user=load)
        signed_in = served(self.app, asked("/login", method="POST"))
        self.agent = "; ".join(c.partition(";")[0] for c in signed_in.header("set-cookie"))
        self.notes: list[str] = []

    def ask(
        self, path: str, session: FakeSession | None = None, *, method: str = "GET", **more: Any
    ) -> Got:
        headers = {**PAGE, "Cookie": self.agent, **more.pop("headers", {})}
        if session is not None:
            mine = dict(session.headers)
            headers |= mine | {"Cookie": f"{self.agent}; {mine['Cookie']}"}
        return served(self.app, asked(path, headers, method=method, **more))


def load(subject: Subject) -> dict[str, str]:
    return {"id": subject.id}


MAKERS = ("bottle", "pyramid")


def made_by(framework: str, folder: Path) -> Any:
    """The app; Pyramid imports what Python and setuptools deprecate."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = import_module(f"tests.integration.apps.{framework}_site")
    return module.made(folder)


@pytest.fixture(params=MAKERS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "a.pdf").write_bytes(FILE)
    made = Site(made_by(request.param, tmp_path), FakeGateway())
    yield made
    made.understudy.close()


def test_the_subject_is_served_and_the_agents_own_sign_in_outlives_it(site: Site) -> None:
    session = site.gateway.open(subject_id="42")
    assert b"Hello agent" in site.ask("/me").body
    page = site.ask("/me", session).body
    assert b"Hello 42" in page
    assert b"<understudy-banner" in page
    site.gateway.revoke(session.id)
    assert site.ask("/me", session).code == 401
    assert b"Hello agent" in site.ask("/me").body


def test_a_change_is_done_as_the_subject_and_recorded_under_both_names(site: Site) -> None:
    session = site.gateway.open(subject_id="42")
    got = site.ask("/notes", session, method="POST", body=b"text=typed", headers=FORM)
    assert (got.code, got.header("location")) == (303, [f"{ORIGIN}/notes?typed"])
    assert any(cookie.startswith("flash=42") for cookie in got.header("set-cookie"))
    intended, completed = site.gateway.actions(session.id, at_least=2)
    assert (intended.phase, completed.status, completed.rule) == (Phase.INTENDED, 303, None)


def test_a_body_that_is_made_late_is_the_subjects_to_its_last_part(site: Site) -> None:
    session = site.gateway.open(subject_id="42")
    assert site.ask("/lines", session).body == b"42\n" * 3
    assert site.ask("/lines").body == b"agent\n" * 3


@pytest.mark.parametrize("part", [False, True])
def test_files_go_out_as_they_are(site: Site, part: bool) -> None:
    session = site.gateway.open()
    headers = {"Range": "bytes=10-19"} if part else {}
    got = site.ask("/file", session, headers=headers)
    assert (got.code, got.body) == ((206, FILE[10:20]) if part else (200, FILE))
    assert got.header("cache-control") == ["no-store"]


def test_what_only_users_may_do_is_refused_whatever_the_framework_makes_of_it(site: Site) -> None:
    session = site.gateway.open()
    got = site.ask("/password", session, method="POST", body=b"")
    assert (got.code, b"password set" in got.body) == (403, False)
    last = site.gateway.actions(session.id, at_least=2)[-1]
    assert (last.phase, last.rule) == (Phase.BLOCKED, "forbidden_while_impersonating")
    assert site.ask("/password", method="POST", body=b"").body == b"password set"


def test_a_bug_in_the_app_is_the_sessions_and_recorded(site: Site) -> None:
    session = site.gateway.open()
    got = site.ask("/broken", session)
    assert (got.code, got.header("cache-control")) == (500, ["no-store"])
    assert [action.status for action in site.gateway.actions(session.id)] == [500]


def test_what_is_not_there_has_the_banner_too(site: Site) -> None:
    got = site.ask("/nowhere", site.gateway.open())
    assert (got.code, b"<understudy-banner" in got.body) == (404, True)


@pytest.mark.parametrize("path", ["/keys/7", "/ke%FFys/7", "/keys/7%FF", "//keys/7"])
def test_no_spelling_that_the_router_reads_gets_past_a_rule(site: Site, path: str) -> None:
    blocked = BlockedAction(method="*", pattern="/keys/{name}", label="keys")
    session = site.gateway.open(blocked_actions=[blocked])
    assert site.ask(path, session).code == 403
