from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from understudy.cli.commands import app
from understudy.config import Settings
from understudy.errors import SetupError
from understudy.service import server


def _invoke(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_serve_hands_on_what_was_given_and_leaves_the_rest_to_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served: list[Settings] = []
    monkeypatch.setattr(server, "serve", served.append)
    monkeypatch.setenv("UNDERSTUDY_HOST", "0.0.0.0")
    monkeypatch.setenv("UNDERSTUDY_PORT", "1")
    words = ("--port", "9000", "--public-url", "https://u.example", "--data-dir", "there")
    assert _invoke("serve", *words).exit_code == 0
    assert served == [
        Settings(host="0.0.0.0", port=9000, public_url="https://u.example", data_dir=Path("there"))
    ]


def test_serve_says_in_a_sentence_what_keeps_it_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: Settings) -> None:
        raise SetupError("Another program listens on port 8700 already.")

    monkeypatch.setattr(server, "serve", fail)
    done = _invoke("serve")
    assert done.exit_code == 1
    assert done.stderr == "error: Another program listens on port 8700 already. [setup_error]\n"
