"""The app. What Understudy needs of it stands in ``create_app`` and in ``understudy_of``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field
from starlette.middleware.sessions import SessionMiddleware

from examples.fastapi_react.records import PEOPLE, Person, customers, signed_in
from examples.fastapi_react.staff import actor_of, understudy_of
from understudy import current_impersonation, forbid_while_impersonating, reads
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.embedded.mount.asgi import dashboard

FRONT = Path(__file__).parents[1] / "react_front" / "dist"


class SignIn(BaseModel):
    """What somebody types to come in."""

    email: str
    password: str


class Expense(BaseModel):
    """Something paid for."""

    what: str = Field(min_length=1, max_length=100)
    euros: float = Field(gt=0)


class Search(BaseModel):
    """What somebody looks for."""

    what: str


class Password(BaseModel):
    """A new one."""

    password: str


def served(request: Request) -> Person:
    """Whom the page is for: the subject of a session, or whoever has signed in."""
    impersonation = current_impersonation()
    found = impersonation.user if impersonation else PEOPLE.get(request.session.get("user_id", ""))
    if not isinstance(found, Person):
        raise HTTPException(401, "Sign in first.")
    return found


Me = Annotated[Person, Depends(served)]


def create_app(*, site: str, data_dir: Path, secret_key: str) -> FastAPI:
    """The app at ``site``, with Understudy's own data in ``data_dir``."""
    understudy = understudy_of(site, data_dir, secret_key)
    app = FastAPI(title="Tally")
    app.add_middleware(SessionMiddleware, secret_key=secret_key)
    app.add_middleware(
        UnderstudyMiddleware,
        understudy=understudy,
        load_user=lambda subject: PEOPLE.get(subject.id),
        own_cookies=("session",),
        staff=actor_of(secret_key),
        unrecorded=("/static/",),
    )
    app.mount("/understudy", dashboard(understudy))
    app.mount("/static", StaticFiles(directory=FRONT))
    _add_accounts(app)
    _add_expenses(app)
    for path in ("/", "/settings", "/sign-in"):
        app.add_api_route(path, _page, include_in_schema=False)
    return app


async def _page() -> FileResponse:
    return FileResponse(FRONT / "index.html")


def _add_accounts(app: FastAPI) -> None:
    @app.post("/api/sign-in")
    async def sign_in(asked: SignIn, request: Request) -> Mapping[str, object]:
        """The way in."""
        found = signed_in(asked.email, asked.password)
        if found is None:
            raise HTTPException(403, "That is not somebody's address and password.")
        now = datetime.now(UTC).isoformat()
        request.session.update(user_id=found.id, signed_in_at=now)
        return found.told()

    @app.post("/api/sign-out", status_code=204)
    @forbid_while_impersonating
    async def sign_out(request: Request) -> Response:
        """The way out."""
        request.session.clear()
        return Response(status_code=204)

    @app.get("/api/me")
    async def who(me: Me) -> Mapping[str, object]:
        """Who is served."""
        return me.told()

    @app.post("/api/password", status_code=204)
    @forbid_while_impersonating
    async def change_password(asked: Password, me: Me) -> Response:
        """Only the user themself may."""
        return Response(status_code=204)


def _add_expenses(app: FastAPI) -> None:
    @app.get("/api/users")
    async def list_users(me: Me) -> list[Mapping[str, object]]:
        """Everybody, for staff."""
        if not me.is_staff:
            raise HTTPException(404, "Not Found")
        return [person.told() for person in customers()]

    @app.get("/api/expenses")
    async def list_expenses(me: Me) -> list[dict[str, object]]:
        """What somebody has paid for."""
        return me.expenses

    @app.post("/api/expenses/search")
    @reads
    async def search(asked: Search, me: Me) -> list[dict[str, object]]:
        """What is called so; a session that may only read may search, too."""
        wanted = asked.what.lower()
        return [one for one in me.expenses if wanted in str(one["what"]).lower()]

    @app.post("/api/expenses")
    async def add_expense(asked: Expense, me: Me) -> list[dict[str, object]]:
        """One more, in both names where two had a hand in it."""
        impersonation = current_impersonation()
        by = f"{impersonation.actor.name} for {me.name}" if impersonation else me.name
        me.expenses.insert(0, {**asked.model_dump(), "by": by})
        return me.expenses
