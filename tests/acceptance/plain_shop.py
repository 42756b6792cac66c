"""A small app of plain pages around which the product runs, and what people do in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.integration.abuse.apps import COOKIE, Shop, identity
from tests.integration.abuse.stack import REASON, Stack
from tests.integration.abuse.visitor import Visitor
from understudy import Understudy, current_impersonation
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.http.cookies import OPERATOR_COOKIE

THIRD_PARTY = "http://statistics.example"
OVERLAY = "__Host-understudy"
LAUNCH = "__Host-understudy-launch"
STRICT = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'none'; "
    "form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'"
)


def empty(browser: Browser, **options: Any) -> BrowserContext:
    """A browser without a past; what lies beyond this machine is out of reach."""
    made = browser.new_context(**options)
    made.route(f"{THIRD_PARTY}/**", lambda route: route.abort())
    return made


def shop_app(understudy: Understudy, shop: Shop) -> Any:
    """A shop of plain pages; under /strict its policy forbids nearly everything."""

    def page(request: Request) -> Response:
        found = current_impersonation()
        user = found.user if found else shop.own(request)
        body = (
            f"<!doctype html><title>Shop</title><h1>Hello {user.id if user else 'nobody'}</h1>"
            f'<p id="who">{identity(user)}</p><img src="{THIRD_PARTY}/pixel" alt="">'
        )
        strict = {"content-security-policy": STRICT} if request.url.path == "/strict" else {}
        return HTMLResponse(body, headers=strict)

    routes = [Route("/", page), Route("/strict", page), Route("/orders", page)]
    return UnderstudyMiddleware(
        Starlette(routes=routes), understudy=understudy, load_user=shop.load
    )


def sign_in(
    stack: Stack, context: BrowserContext, email: str, own: str, *, same_site: str = "Lax"
) -> Visitor:
    """Sign somebody in at the dashboard and in the shop, as themself; them in a plain client."""
    operator = stack.support(email)
    token = operator.cookie(stack.issuer, OPERATOR_COOKIE) or ""
    context.add_cookies(
        [
            armoured(stack.issuer, OPERATOR_COOKIE, token, same_site=same_site),
            {"name": COOKIE, "value": stack.shop.sign_in(own), "url": stack.app_url},
        ]
    )
    return operator


def armoured(url: str, name: str, value: str, *, same_site: str = "Lax") -> Any:
    """One of our cookies, as a browser holds it; it would take none with ``__Host-`` by http."""
    return {
        "name": name,
        "value": value,
        "url": url.replace("http:", "https:"),
        "secure": True,
        "httpOnly": True,
        "sameSite": same_site,
    }


def launch(stack: Stack, context: BrowserContext, subject_id: str = "ada", **more: Any) -> Page:
    """Start in the dashboard, and land in the shop in a new tab."""
    page = context.new_page()
    page.goto(f"{stack.issuer}/sign-in")
    body = {"subject_id": subject_id, "reason": REASON, "application_id": stack.main.application.id}
    started = page.evaluate(
        """async (body) => (await (await fetch('/api/v1/impersonations', {
             method: 'POST', headers: {'content-type': 'application/json'},
             body: JSON.stringify(body)})).json())""",
        {**body, **more},
    )
    page.goto(started["launch_url"])
    with context.expect_page() as opening:
        page.get_by_role("button", name="Launch in new tab").click()
    tab = opening.value
    tab.wait_for_url(f"{stack.app_url}/**")
    expect(tab.get_by_role("heading", name=f"Hello {subject_id}")).to_be_visible()
    page.close()
    return tab


def own_view(stack: Stack, context: BrowserContext) -> str:
    """Whom the shop greets in this browser now."""
    page = context.new_page()
    page.goto(stack.app_url + "/")
    greeting = page.get_by_role("heading").inner_text()
    page.close()
    return greeting.removeprefix("Hello ")


def cookies(context: BrowserContext) -> list[tuple[str, str, str]]:
    """Every cookie of a browser, byte for byte."""
    found = context.cookies()
    return sorted((one["domain"], one["name"], one["value"]) for one in found)


@dataclass
class Evil:
    """A site of somebody else's, on this machine too: nothing but the product stands between."""

    url: str = ""
    html: str = ""

    async def page(self, request: Request) -> Response:
        return HTMLResponse(self.html)

    def opened(self, context: BrowserContext, html: str) -> Page:
        """A page of it in somebody's browser."""
        self.html = html
        page = context.new_page()
        page.goto(self.url)
        return page
