"""What ``flask understudy`` says of an app."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_login import LoginManager  # type: ignore[import-untyped]

from understudy.contrib.flask import Understudy
from understudy.testing import FakeGateway


def run(app: Flask, verb: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["understudy", verb])
    return result.exit_code, result.output


def test_status_says_what_the_app_is_set_to_and_no_secret(new_app: Callable[[], Flask]) -> None:
    app = new_app()
    app.config.update(
        UNDERSTUDY_URL="https://understudy.example",
        UNDERSTUDY_APPLICATION_ID="app_1",
        UNDERSTUDY_SECRET="usk_hush",
    )
    Understudy(app)
    LoginManager(app)
    status, said = run(app, "status")
    assert status == 0
    assert said.splitlines() == [
        "service: https://understudy.example",
        "application: app_1",
        "callback: at the origin under which the app is visited",
        "user: Flask-Login",
        "own_cookies: session, remember_token",
    ]


def test_doctor_finds_an_app_well(new_app: Callable[[], Flask], gateway: FakeGateway) -> None:
    app = new_app()
    Understudy(app, understudy=gateway.understudy(), load_user=lambda _: None)
    status, said = run(app, "doctor")
    assert said.splitlines() == [
        "ok: https://understudy.test knows this application",
        "ok: the subject is loaded by load_user",
        "ok: scripts cannot read the app's session",
    ]
    assert status == 0


def test_doctor_says_what_is_wrong(new_app: Callable[[], Flask], gateway: FakeGateway) -> None:
    app = new_app()
    app.config["SESSION_COOKIE_HTTPONLY"] = False
    Understudy(app, understudy=gateway.understudy())
    gateway.reachable = False
    status, said = run(app, "doctor")
    lines = said.splitlines()
    assert status == 1
    assert lines[0].startswith("error: https://understudy.test: ")
    assert lines[0].endswith("(unavailable)")
    assert "error: nobody loads the subject" in lines
    assert "error: SESSION_COOKIE_HTTPONLY is off" in lines
