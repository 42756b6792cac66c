"""What a person sees on an open page of a session while the service cannot be reached."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.acceptance.people import shots_into
from tests.acceptance.plain_shop import empty, launch, shop_app, sign_in
from tests.integration.abuse.servers import running
from tests.integration.abuse.stack import stack as running_stack
from understudy.service.server import Server, listen

SCREENSHOTS = Path(os.environ.get("STORY_SCREENSHOTS", "build/screenshots"))
AWAY = "Understudy cannot be reached. Nothing is shown or sent until it is back."
APART = 4
"""Pixels between the button and the line, which is no part of it."""
STATED = 40_000
"""An open page with a stream asks every 30 s, and twice before it says so."""


def test_an_open_page_says_so_and_takes_it_back_when_the_service_is_there_again(
    browser: Browser, tmp_path: Path
) -> None:
    shoot = shots_into(SCREENSHOTS)
    with running_stack(tmp_path, make_app=shop_app) as stack, empty(browser) as context:
        sign_in(stack, context, "sam@support.example", "sam")
        tab = launch(stack, context)
        line = tab.locator("understudy-banner .offline")
        expect(line).not_to_be_visible()
        stack.stop_service()
        expect(line).to_have_text(AWAY, timeout=STATED)
        expect(line).to_be_visible()
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            shoot(tab, f"away-{scheme}")
        tab.set_viewport_size({"width": 390, "height": 844})
        shoot(tab, "away-phone")
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
        end = tab.locator("understudy-banner .end").bounding_box()
        said = line.bounding_box()
        assert end is not None
        assert said is not None
        assert said["y"] >= end["y"] + end["height"] + APART
        # What it says is so.
        asked = context.new_page()
        answer = asked.goto(stack.app_url + "/")
        assert answer is not None
        assert answer.status == 503
        asked.close()
        with (
            closing(listen("127.0.0.1", stack.settings.port)) as listening,
            running(lambda up: Server(stack.service, announce=up), listening),
        ):
            expect(line).not_to_be_visible(timeout=STATED)
            expect(tab.get_by_text("Viewing as")).to_be_visible()
            tab.reload()
            expect(tab.get_by_role("heading", name="Hello ada")).to_be_visible()
