"""Harbor Invoices: a small app with a login, tenants, roles, and a few dangerous buttons.

What Understudy needs of it stands in ``create_app``: the middleware, and how to load a user.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from understudy import Understudy
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.demo.accounts import COOKIE, Accounts, set_cookie
from understudy.demo.ledger import Ledger, by_month, by_status
from understudy.demo.people import APP_NAME, COMPANIES, User

_HERE = Path(__file__).parent
_COMPANY_NAMES = {company.id: company.name for company in COMPANIES}

Page = Callable[["HarborPages", Request, User], Awaitable[Response]]


def create_app(understudy: Understudy, accounts: Accounts) -> Starlette:
    """The app, with Understudy in front of it."""
    return Starlette(
        routes=HarborPages(accounts).routes(),
        middleware=[
            Middleware(
                UnderstudyMiddleware,
                understudy=understudy,
                load_user=lambda subject: accounts.load(subject.id),
                # Tokens in an address are the weaker ways; the sample shows them all.
                hand_offs=("code", "stytch", "clerk"),
                unrecorded=("/static/",),
            )
        ],
    )


def signed_in(page: Page) -> Callable[[HarborPages, Request], Awaitable[Response]]:
    """A page for somebody; everybody else is sent to the login."""

    async def checked(self: HarborPages, request: Request) -> Response:
        user = self.accounts.effective(request)
        if user is None:
            return RedirectResponse("/login", status_code=303)
        return await page(self, request, user)

    return checked


class HarborPages:
    """The app's pages."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts
        self.ledger = Ledger()
        self.templates = Jinja2Templates(_HERE / "templates")

    def routes(self) -> list[Route | Mount]:
        """Every route of the app."""
        return [
            Route("/healthz", self.healthz),
            Route("/login", self.login, methods=["GET", "POST"]),
            Route("/logout", self.logout, methods=["POST"]),
            Route("/", self.overview),
            Route("/invoices", self.invoices),
            Route("/invoices/export", self.export),
            Route("/invoices/{number}", self.invoice),
            Route("/invoices/{number}/remind", self.remind, methods=["POST"]),
            Route("/reports", self.reports),
            Route("/settings", self.settings),
            Route("/settings/{what}", self.change, methods=["POST"]),
            Route("/account/delete", self.delete_account, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_HERE / "static"), name="static"),
        ]

    async def healthz(self, request: Request) -> Response:
        """Say that the process is up."""
        return JSONResponse({"status": "ok"})

    async def login(self, request: Request) -> Response:
        """The app's own login."""
        if request.method == "GET":
            return self._page(request, "login.html", None, failed=False)
        form = await request.form()
        token = self.accounts.sign_in(str(form.get("email", "")), str(form.get("password", "")))
        if token is None:
            return self._page(request, "login.html", None, status=401, failed=True)
        response = RedirectResponse("/", status_code=303)
        set_cookie(response, token)
        return response

    async def logout(self, request: Request) -> Response:
        """The app's own logout."""
        self.accounts.sign_out(request)
        response = RedirectResponse("/login", status_code=303)
        response.delete_cookie(COOKIE)
        return response

    @signed_in
    async def overview(self, request: Request, user: User) -> Response:
        """What is open, overdue and paid."""
        invoices = self.ledger.visible_to(user)
        return self._page(
            request, "overview.html", user, totals=by_status(invoices), invoices=invoices[:6]
        )

    @signed_in
    async def invoices(self, request: Request, user: User) -> Response:
        """All invoices, searchable."""
        query = request.query_params.get("q", "")
        found = self.ledger.visible_to(user, query=query)
        return self._page(request, "invoices.html", user, invoices=found, query=query)

    @signed_in
    async def export(self, request: Request, user: User) -> Response:
        """All invoices as CSV: one of the dangerous buttons."""
        lines = [f"{invoice.number},{invoice.amount}" for invoice in self.ledger.visible_to(user)]
        return PlainTextResponse("\n".join(["number,amount", *lines]), media_type="text/csv")

    @signed_in
    async def invoice(self, request: Request, user: User) -> Response:
        """One invoice."""
        found = self.ledger.get(user, request.path_params["number"])
        if found is None:
            return self._page(request, "missing.html", user, status=404)
        return self._page(request, "invoice.html", user, invoice=found)

    @signed_in
    async def remind(self, request: Request, user: User) -> Response:
        """Send a reminder: a harmless change."""
        found = self.ledger.get(user, request.path_params["number"])
        if found is None:
            return self._page(request, "missing.html", user, status=404)
        self.ledger.remind(found)
        return RedirectResponse(f"/invoices/{found.number}", status_code=303)

    @signed_in
    async def reports(self, request: Request, user: User) -> Response:
        """Reports, which only the finance role has."""
        if "finance" not in user.roles:
            return self._page(request, "missing.html", user, status=404)
        months = by_month(self.ledger.visible_to(user))
        highest = max((amount for _, amount in months), default=1)
        return self._page(request, "reports.html", user, months=months, highest=highest)

    @signed_in
    async def settings(self, request: Request, user: User) -> Response:
        """Password, e-mail address, payout account, and the end of it all."""
        return self._page(request, "settings.html", user, saved=request.query_params.get("saved"))

    @signed_in
    async def change(self, request: Request, user: User) -> Response:
        """Change one of the settings; the sample keeps nothing."""
        what = request.path_params["what"]
        if what not in ("password", "email", "payout"):
            return self._page(request, "missing.html", user, status=404)
        return RedirectResponse(f"/settings?saved={what}", status_code=303)

    @signed_in
    async def delete_account(self, request: Request, user: User) -> Response:
        """Delete the account; the sample keeps it all the same."""
        return RedirectResponse("/settings?saved=deletion", status_code=303)

    def _page(
        self, request: Request, name: str, user: User | None, *, status: int = 200, **facts: object
    ) -> Response:
        company = _COMPANY_NAMES.get(user.company_id or "", "Harbor staff") if user else None
        context = {"app_name": APP_NAME, "user": user, "company": company, **facts}
        return self.templates.TemplateResponse(request, name, context, status_code=status)
