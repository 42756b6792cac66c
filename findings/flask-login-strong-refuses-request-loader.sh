#!/usr/bin/env bash
# flask-login 0.6.3 with Flask 3.1.3.
#
# `session_protection = "strong"` compares the session's `_id`, which login_user() leaves there, with
# the visitor's address and browser. People whom a request_loader finds, by an API key for example,
# never called login_user(), so that their session has no `_id`. As long as it is empty nothing is
# compared. Once the app keeps anything at all in it, a cart or a language, the missing `_id` counts
# as a wrong one: the session is emptied, and whoever the key names is nobody for that request.
#
# Seen: with "strong" the first request is ada's, the second, whose session holds a cart, is
# nobody's; with "basic" both are ada's.
# This script fails when either changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check flask==3.1.3 flask-login==0.6.3

"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import importlib.metadata

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user


class User(UserMixin):
    def __init__(self, name: str) -> None:
        self.id = name


def visits(protection: str) -> list[str]:
    app = Flask(__name__)
    app.secret_key = "a key"
    manager = LoginManager(app)
    manager.session_protection = protection

    @manager.request_loader
    def by_key(request):
        return User("ada") if request.headers.get("X-Api-Key") == "ada's" else None

    @app.get("/")
    def view():
        name = current_user.get_id() or "nobody"
        session["cart"] = 1
        return name

    client = app.test_client()
    return [client.get("/", headers={"X-Api-Key": "ada's"}).text for _ in range(2)]


strong, basic = visits("strong"), visits("basic")
print("flask-login", importlib.metadata.version("flask-login"))
print("strong:", strong)
print("basic: ", basic)
assert strong == ["ada", "nobody"], "strong has changed"
assert basic == ["ada", "ada"], "basic has changed"
print("as described")
PYTHON
