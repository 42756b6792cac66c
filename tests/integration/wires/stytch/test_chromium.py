"""A page of the app's own origin, in a real browser, exchanges the token of its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.fixtures import asgi_server
from tests.fixtures.node import package
from tests.integration.wires.stytch.place import Place, Project
from understudy.core.notices.events import EventType
from understudy.wires.stytch.project import public_token

# What the SDK does with a token: its own headers and credentials, so that a browser asks first.
_ASK = """async ([base, name, token]) => {
  try {
    const answer = await fetch(`${base}/sdk/v1/b2b/impersonation/authenticate`, {
      method: "POST",
      headers: {
        Authorization: `Basic ${btoa(`${name}:${name}`)}`,
        "Content-Type": "application/json",
        "X-SDK-Client": btoa("{}"),
        "X-SDK-Parent-Host": window.location.origin,
      },
      body: JSON.stringify({ impersonation_token: token }),
      credentials: "include",
    });
    return { status: answer.status, body: await answer.json() };
  } catch (error) {
    return { status: null, body: String(error) };
  }
}"""


@contextmanager
def _page(chromium: Path) -> Iterator[tuple[Page, str]]:
    """An empty page of an app, and the origin that it has."""
    app = Starlette(
        routes=[
            Route("/", lambda _: HTMLResponse("<title>App</title>")),
            Mount("/sdk", StaticFiles(directory=package("@stytch/vanilla-js") / "dist" / "iife")),
        ]
    )
    with asgi_server.served(app) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        yield page, f"http://127.0.0.1:{port}"
        browser.close()


def _ask(page: Page, place: Place, token: str) -> Any:
    return page.evaluate(_ASK, [place.base, public_token(place.b2b.id), token])


def test_only_a_page_of_an_origin_that_an_admin_wrote_down_gets_an_answer(
    place: Place, chromium_path: Path
) -> None:
    token = place.token()
    with _page(chromium_path) as (page, origin):
        stranger = _ask(page, place, token)
        assert (stranger["status"], "Failed to fetch" in stranger["body"]) == (None, True)
        place.change_settings(place.b2b, browser_origins=(origin,))
        found = _ask(page, place, token)
        assert found["status"] == 200
        assert found["body"]["data"]["member_id"] == "ada"
        again = _ask(page, place, token)
        assert again["body"]["error_type"] == "unable_to_auth_impersonation_token"


# The whole of what a page does with a session, by the package as it comes from its registry.
_LIVE = """async ([base, name, token, client]) => {
  const endpoints = { testAPIURL: base, liveAPIURL: base };
  const sdk = new window.stytch[client](name, { endpoints });
  const refusal = async (made) => made.then(() => null, (error) => error.error_type);
  const began = await sdk.impersonation.authenticate({ impersonation_token: token });
  const before = sdk.session.getTokens();
  const again = await sdk.session.authenticate();
  const after = sdk.session.getTokens();
  await sdk.session.revoke();
  const gone = sdk.session.getSync();
  sdk.session.updateSession(before);
  return {
    began: began.session_token,
    again: again.session_token,
    sameToken: before.session_token === after.session_token,
    gone,
    refused: await refusal(sdk.session.authenticate()),
  };
}"""


@pytest.mark.parametrize(
    ("vertical", "script", "client"),
    [
        ("b2b", "b2b/index.headless.js", "StytchB2BHeadlessClient"),
        ("consumer", "index.headless.js", "StytchHeadlessClient"),
    ],
)
def test_the_real_browser_sdk_begins_refreshes_and_ends_a_session(
    place: Place, chromium_path: Path, vertical: str, script: str, client: str
) -> None:
    project: Project = place.b2b if vertical == "b2b" else place.consumer
    with _page(chromium_path) as (page, origin):
        place.change_settings(project, browser_origins=(origin,))
        page.add_script_tag(url=f"{origin}/sdk/{script}")
        name = public_token(project.id)
        told = page.evaluate(_LIVE, [place.base, name, place.token(project), client])
    assert told["began"]
    assert told["again"] == told["began"]
    assert told["sameToken"]
    assert (told["gone"], told["refused"]) == (None, "session_not_found")
    ended = place.entries(EventType.SESSION_ENDED)
    assert len(ended) == 1
