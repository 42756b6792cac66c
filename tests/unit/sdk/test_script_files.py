"""The SDK's own scripts, as pages get them."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.sdk import script_files as module
from understudy.sdk.routes import Routes
from understudy.sdk.script_files import script_answer, script_file
from understudy.sdk.visit import Answer, Visit
from understudy.testing import FakeGateway


def visit(*headers: tuple[str, str], method: str = "GET") -> Visit:
    return Visit(method=method, origin="http://app.test", base="", headers=headers)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "script_file", lambda name: f"{name};".encode())


def header(answer: Answer, name: str) -> str:
    return dict(answer.all_headers())[name]


@pytest.mark.usefixtures("built")
def test_a_script_is_public_and_revalidated() -> None:
    answer = script_answer("page.js", visit())
    assert answer.body == b"page.js;"
    assert header(answer, "content-type") == "text/javascript; charset=utf-8"
    assert header(answer, "cache-control") == "public, max-age=3600"
    assert header(answer, "x-content-type-options") == "nosniff"
    again = script_answer("page.js", visit(("if-none-match", header(answer, "etag"))))
    assert (again.status, again.body) == (304, b"")


def test_one_that_was_not_built_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FOLDER", tmp_path)
    script_file.cache_clear()
    assert script_answer("page.js", visit()).status == 404
    script_file.cache_clear()


@pytest.mark.parametrize(
    ("name", "word"), [("page.js", b"_understudy_page"), ("banner.js", b"understudy-banner")]
)
def test_what_was_built_is_served(name: str, word: bytes) -> None:
    script = script_file(name)
    assert script is not None
    assert word in script
    assert script_answer(name, visit()).body == script


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("name", ["page.js", "banner.js"])
def test_they_lie_beside_the_sdks_other_addresses(method: str, name: str) -> None:
    routes = Routes(FakeGateway().understudy(), prefix="/support")
    answer = routes.answer(visit(method=method), f"/support/{name}")
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (200, f"{name};".encode())
