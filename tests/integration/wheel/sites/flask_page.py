"""A page of a Flask app in a session, which leaves a cookie of the app's own there."""

from __future__ import annotations

import json

from flask import Flask, session

from understudy.contrib.flask import Understudy
from understudy.testing import FakeGateway

gateway = FakeGateway()
app = Flask(__name__)
app.secret_key = "of this app"
Understudy(app, understudy=gateway.understudy(), load_user=lambda subject: subject)


@app.get("/")
def home() -> str:
    """A page."""
    session["seen"] = "yes"
    return "<body>Hello</body>"


browser = app.test_client(use_cookies=False)
page = browser.get("/", headers={**gateway.open().headers, "Accept": "text/html"})
script = browser.get("/_understudy/banner.js")
print(
    json.dumps(
        {"page": page.text, "cookies": page.headers.getlist("Set-Cookie"), "script": script.text}
    )
)
