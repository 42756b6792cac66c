"""The memos of the examples, on Express with Clerk's SDK, and the service that it asks."""

from __future__ import annotations

import base64
import html
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.fixtures.ports import free_port
from tests.integration.attack.beside import ROOT, example, service
from tests.integration.embedded.clock import Clock
from understudy.testing.attack import AttackBrowser, AttackTarget, Sending

EXAMPLE = ROOT / "examples" / "express_clerk"
# Beside those of the example, whose staff is Kim alone.
STAFF = ("kim", "lee", "rosa")
MORE = "".join(
    f'{{ id: "{who}", name: "{who}", email: "{who}@paperclip.example", staff: true }},'
    for who in STAFF[1:]
)
NAMES = {"Ada Byron": "ada", "Grace Marsh": "grace", "Kim Winter": "kim", "lee": "lee"}
DOMAINS = {"ada": "engines", "grace": "compilers"}
MOST_STEPS = 10


class Paperclip(AttackTarget):
    """Starts lead by a page of the service's, on which the agent confirms; memos say whose page."""

    def send(self, browser: AttackBrowser, sending: Sending) -> httpx.Response:
        """As a page of the app does, and as the agent goes on from there."""
        if sending.path == "/memos":
            page = re.search(r'name="page_of" value="([^"]*)"', browser.open("/").text)
            told = {"page_of": page[1]} if page else {}
            sending = replace(sending, form={**(sending.form or {}), **told})
        answer = super().send(browser, sending)
        going = answer.headers.get("location", "")
        if "/clerk/" not in going:
            return answer
        return arrived(browser, confirmed(browser, going))


def confirmed(browser: AttackBrowser, address: str) -> httpx.Response:
    """What comes of the button on the service's page."""
    page = browser.open(secure(address))
    form = re.search(r'<form[^>]* action="([^"]+)"', page.text)
    if form is None:
        return page
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    at = httpx.URL(address).join(html.unescape(form[1]))
    told = {name: html.unescape(value) for name, value in fields.items()}
    origin = f"{at.scheme}://{at.netloc.decode()}"
    sending = Sending(method="POST", path=secure(str(at)), form=told)
    return browser.own(sending, {"origin": origin})


def arrived(browser: AttackBrowser, answer: httpx.Response) -> httpx.Response:
    """Where a person ends who is led on."""
    for _ in range(MOST_STEPS):
        going = answer.headers.get("location") or refreshed(answer)
        if going is None:
            break
        answer = browser.open(secure(str(answer.url.join(going))))
    return answer


def refreshed(answer: httpx.Response) -> str | None:
    _, found, address = answer.headers.get("refresh", "").partition("url=")
    return address if found else None


def secure(address: str) -> str:
    """As the browser of the attacks keeps cookies: Secure ones go to loopback as well."""
    return str(httpx.URL(address).copy_with(scheme="https"))


@pytest.fixture
def understudy_attack_target(tmp_path: Path) -> Iterator[AttackTarget]:
    """Kim and Lee support; Ada and Grace are customers, and Rosa is of the staff as well."""
    clock, port = Clock(), free_port()
    # Two names for one machine: cookies know no ports.
    site = f"http://localhost:{port}"
    with ExitStack() as running:
        told = running.enter_context(
            service(tmp_path, f"{site}/", clock, name="Paperclip", staff=STAFF, host="127.0.0.1")
        )
        host = f"127.0.0.1:{told.port}"
        environment = {
            **os.environ,
            "PORT": str(port),
            "SESSION_KEY": "a key for tests",
            "UNDERSTUDY_URL": told.url,
            "CLERK_API_URL": f"{told.url}/clerk",
            "CLERK_SECRET_KEY": told.secret,
            "CLERK_PUBLISHABLE_KEY": "pk_live_" + base64.b64encode(f"{host}$".encode()).decode(),
        }
        running.enter_context(example(tmp_path, EXAMPLE, ("const PEOPLE = [", MORE), environment))

        def sign_in(browser: AttackBrowser, who: str) -> None:
            email = f"{who}@{DOMAINS.get(who, 'paperclip')}.example"
            typed = {"email": email, "password": "paperclip"}
            browser.own(Sending(method="POST", path="/login", form=typed), {})

        def whoami(browser: AttackBrowser) -> str | None:
            page = arrived(browser, browser.open("/")).text
            found = re.search(r'<div class="who"><span>([^<]*)', page)
            return NAMES.get(found[1]) if found else None

        def later(by: timedelta) -> None:
            clock.ahead += by

        def recorded() -> list[tuple[str, str]]:
            """Who wrote what, as it stands on the memos: Clerk's SDK tells no log of pages."""
            hers = AttackBrowser(site, asgi=False)
            sign_in(hers, "ada")
            authors = re.findall(r"<small>([^<]*) for ([^<]*)</small>", hers.open("/").text)
            return [(NAMES[author], NAMES[user]) for author, user in authors]

        yield Paperclip(
            app=site,
            agent="kim",
            colleague="lee",
            user="ada",
            other="grace",
            admin="rosa",
            login_cookies=["paperclip", "paperclip.sig"],
            sign_in=sign_in,
            whoami=whoami,
            start=lambda user: Sending(
                method="POST",
                path="/impersonate",
                form={"user_id": user, "reason": "Cannot see the memo of yesterday"},
            ),
            stop=Sending(method="POST", path="/end"),
            page_headers=lambda _: {},
            change=Sending(method="POST", path="/memos", form={"text": "Order ink."}),
            dangerous=[Sending(method="POST", path="/settings/password", form={"password": "x"})],
            disable=told.disable,
            later=later,
            recorded=recorded,
        )
