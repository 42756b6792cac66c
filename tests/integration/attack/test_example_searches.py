"""The examples declare what they search by POST, and nothing that changes something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from examples.fastapi_react.app import create_app as tally
from examples.flask_crm import records
from examples.flask_crm.crm import create_app as crm
from tests.integration.attack.test_attack import attack
from understudy.contrib.asgi.reading_views import ask_views
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.guard import Asked
from understudy.sdk.page_marks import HEADER
from understudy.testing import FakeGateway


@pytest.mark.parametrize(("path", "status"), [("/contacts/search", 200), ("/contacts/new", 403)])
def test_the_crm_is_searched_and_not_changed(tmp_path: Path, path: str, status: int) -> None:
    gateway = FakeGateway()
    gateway.user("ada")
    records.fill(tmp_path / "crm.db")
    settings = {"DATABASE": str(tmp_path / "crm.db"), "SECRET_KEY": "x"}
    app = crm(settings, gateway.understudy())
    session = gateway.open(subject_id="ada", scope=Scope.READ_ONLY)
    browser = app.test_client()
    form = {"text": "mary", "name": "New", "title": ""}
    browser.set_cookie(OVERLAY, session.token, domain="app.test", secure=True)
    headers = {HEADER.decode(): session.id, "Origin": "https://app.test"}
    got = browser.post(path, data=form, headers=headers, base_url="https://app.test")
    assert got.status_code == status
    assert (b"Mary Somerville" in got.data) is (status == 200)
    assert b"Charles Babbage</a>" not in got.data


@pytest.mark.parametrize(
    ("path", "reads"), [("/api/expenses/search", True), ("/api/expenses", False)]
)
def test_tally_is_searched_and_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, reads: bool
) -> None:
    # Its pages are built by a front end's own tools.
    monkeypatch.setattr("examples.fastapi_react.app.FRONT", tmp_path)
    app = tally(site="http://localhost:8000", data_dir=tmp_path, secret_key="x" * 40)
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": path, "headers": []}
    asked = Asked(b"", ("POST",), (path,))
    ask_views(app, scope, asked)
    assert asked.by_view is not None
    assert asked.by_view() is reads


def test_the_shop_is_searched_and_not_changed() -> None:
    code, said = attack("django_shop/searches.py")
    assert (code, "2 passed" in said) == (0, True), said
