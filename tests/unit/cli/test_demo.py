from __future__ import annotations

import json
import webbrowser
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from understudy.cli.commands import app
from understudy.config import Settings
from understudy.demo import run as demo_run
from understudy.demo.place import Place
from understudy.demo.run import Running

PLACE = Place(application_id="app_1", secret="usk_secret", password="one-password")


def _invoke(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the browser was opened with; nothing is served."""

    def run(settings: Settings, *, app_port: int, one_origin: bool, announce: Any) -> None:
        assert settings.log_level == "warning"
        url = f"http://app.localhost:{app_port}"
        announce(
            Running(
                dashboard_url=settings.public_url,
                app_url=url,
                session_origins=None if one_origin else f"http://*.view.app.localhost:{app_port}",
                place=PLACE,
            )
        )

    urls: list[str] = []
    monkeypatch.setattr(demo_run, "run", run)
    monkeypatch.setattr(webbrowser, "open", urls.append)
    return urls


def test_demo_prints_where_things_are_and_opens_the_dashboard(opened: list[str]) -> None:
    shown = _invoke("demo").stdout
    for text in (
        "http://localhost:8700",
        "http://app.localhost:8701",
        "http://*.view.app.localhost:8701",
        "understudy demo --one-origin",
        "sam@harbor.example",
        "mara@harbor.example",
        "theo@harbor.example",
        "one-password",
        "Ctrl-C",
    ):
        assert text in shown
    assert "usk_secret" not in shown
    assert opened == ["http://localhost:8700"]


def test_demo_prints_one_line_of_json_for_programs(opened: list[str]) -> None:
    words = ("--no-browser", "--json", "--port", "1", "--app-port", "2", "--data-dir", "d")
    facts = json.loads(_invoke("demo", *words).stdout)
    assert facts["dashboard_url"] == "http://localhost:1"
    assert facts["app_url"] == "http://app.localhost:2"
    assert (facts["application_id"], facts["data_dir"]) == ("app_1", "d")
    assert facts["sign_ins"][0] == {
        "email": "sam@harbor.example",
        "role": "support_manager",
        "password": "one-password",
    }
    assert {"id": "ada", "email": "ada@tidewater.example", "password": "one-password"} in facts[
        "app_sign_ins"
    ]
    assert opened == []


@pytest.mark.parametrize("words", [("--port", "0"), ("--app-port", "65536"), ("--port", "x")])
def test_a_port_is_a_number_that_a_browser_can_be_sent_to(
    opened: list[str], words: tuple[str, ...]
) -> None:
    assert _invoke("demo", *words).exit_code == 2
    assert opened == []
