"""Small apps made with what others have built, as people wrap them whole.

Each has its own idea of who is signed in, and asks the SDK in the one place where it finds that
out. ``Site`` says where a page of it is, where it tells whom it takes the browser for, and what
only the user themself may do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import StaticPool

from understudy import current_impersonation, forbid_while_impersonating
from understudy.core.impersonation.restrictions import BlockedAction

AGENT = "the agent"


def whom() -> str:
    """Whom the app serves: the session's subject, else whoever is signed in here."""
    found = current_impersonation()
    return found.subject.id if found else AGENT


@dataclass(frozen=True, kw_only=True)
class Write:
    """What is refused in a session, by a rule or by the view itself; ``sent`` is its body."""

    method: str
    path: str
    sent: dict[str, Any] = field(default_factory=dict)
    code: str = "action_blocked"
    rule: BlockedAction | None = None


@dataclass(kw_only=True)
class Site:
    """An app, and where to look in it. ``changes`` is what was done there after all."""

    app: Any
    page: str
    whom: tuple[str, str]
    write: Write
    changes: list[str] = field(default_factory=list)


def blocked(method: str, pattern: str) -> BlockedAction:
    """A rule of an admin."""
    return BlockedAction(method=method, pattern=pattern, label="kept for the user")


FORBIDDEN = "forbidden_while_impersonating"


def datasette() -> Site:
    """Its actor is what a plugin finds in the request."""
    from datasette import hookimpl  # type: ignore[import-untyped]
    from datasette.app import Datasette  # type: ignore[import-untyped]
    from datasette.plugins import pm  # type: ignore[import-untyped]

    class Actor:
        __name__ = "OwnActor"

        @hookimpl  # type: ignore[untyped-decorator]
        def actor_from_request(self) -> dict[str, str]:
            return {"id": whom()}

    if not pm.has_plugin("own-actor"):
        pm.register(Actor(), name="own-actor")
    return Site(
        app=Datasette([], memory=True, secret="a secret for tests").app(),
        page="/",
        whom=("GET", "/-/actor.json"),
        write=Write(method="POST", path="/-/logout", rule=blocked("POST", "/-/logout")),
    )


def _database() -> tuple[Any, Any]:
    engine = create_engine(
        "sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool
    )

    class Base(DeclarativeBase):
        metadata = MetaData()

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    Base.metadata.create_all(engine)
    return engine, User


def sqladmin() -> Site:
    """Its actions are links: they change things by GET, which a rule has to name."""
    from sqladmin import Admin, BaseView, ModelView, action, expose
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response

    engine, user = _database()
    changes: list[str] = []

    class Users(ModelView, model=user):
        @action(name="erase")
        async def erase(self, request: Request) -> Response:
            changes.append("erased")
            return JSONResponse("erased")

    class Own(BaseView):
        name = "Own"

        @expose("/own")
        async def own(self, request: Request) -> Response:
            return JSONResponse(whom())

    app = Starlette()
    admin = Admin(app, engine)
    admin.add_view(Users)
    admin.add_view(Own)
    rule = blocked("GET", "/admin/{model}/action/**")
    return Site(
        app=app,
        page="/admin/user/list",
        whom=("GET", "/admin/own"),
        write=Write(method="GET", path="/admin/user/action/erase?pks=1", rule=rule),
        changes=changes,
    )


def starlette_admin() -> Site:
    """Its own kind of sign-in names on each page who is there."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette_admin.auth import AdminUser, AuthProvider
    from starlette_admin.contrib.sqla import Admin, ModelView

    class Own(AuthProvider):
        async def authenticate(self, request: Request) -> AdminUser | None:
            return AdminUser(username=whom())

    engine, user = _database()
    app = Starlette()
    admin = Admin(engine, auth_provider=Own(), secret_key="a secret for tests")
    admin.add_view(ModelView(user))
    admin.mount_to(app)
    rule = blocked("POST", "/admin/user/create")
    return Site(
        app=app,
        page="/admin/user/list",
        whom=("GET", "/admin/user/list"),
        write=Write(method="POST", path="/admin/user/create", sent={"name": "x"}, rule=rule),
    )


def strawberry() -> Site:
    """All goes through one address, so that the resolver says what is forbidden."""
    import strawberry as gql
    from strawberry.asgi import GraphQL

    changes: list[str] = []

    @forbid_while_impersonating
    def changed() -> str:
        changes.append("password")
        return "changed"

    class Query:
        @gql.field
        def me(self) -> str:
            return whom()

    class Mutation:
        @gql.mutation
        def change_password(self) -> str:
            return changed()

    schema = gql.Schema(query=gql.type(Query), mutation=gql.type(Mutation))
    return Site(
        app=GraphQL[Any, Any](schema),
        page="/",
        whom=("GET", "/?query={me}"),
        write=Write(
            method="POST",
            path="/",
            sent={"query": "mutation { changePassword }"},
            code=FORBIDDEN,
        ),
        changes=changes,
    )


def quart() -> Site:
    """Flask's way of writing, on ASGI; a plain view runs in a thread."""
    import quart as q

    app, changes = q.Quart("quart_site"), list[str]()

    @app.get("/")
    async def home() -> str:
        return f"<body>Hello {whom()}</body>"

    @app.get("/whom")
    def plain() -> str:
        return whom()

    @app.post("/password")
    @forbid_while_impersonating
    async def password() -> str:
        changes.append("password")
        return "changed"

    write = Write(method="POST", path="/password", code=FORBIDDEN)
    return Site(app=app, page="/", whom=("GET", "/whom"), write=write, changes=changes)


def nicegui() -> Site:
    """Builds each page within its request, and goes on over a socket."""
    from fastapi import FastAPI
    from nicegui import ui

    app, changes = FastAPI(), list[str]()

    @app.get("/whom")
    def plain() -> str:
        return whom()

    @app.post("/password")
    @forbid_while_impersonating
    def password() -> str:
        changes.append("password")
        return "changed"

    @ui.page("/")
    def home() -> None:
        ui.label(f"Hello {whom()}")

    ui.run_with(app)
    write = Write(method="POST", path="/password", code=FORBIDDEN)
    return Site(app=app, page="/", whom=("GET", "/"), write=write, changes=changes)


def litestar() -> Site:
    """Routes before its middleware."""
    from litestar import Litestar, MediaType, get, post

    changes: list[str] = []

    @get("/", media_type=MediaType.HTML, sync_to_thread=False)
    def home() -> str:
        return f"<body>Hello {whom()}</body>"

    @get("/whom", media_type=MediaType.TEXT, sync_to_thread=True)
    def plain() -> str:
        return whom()

    @post("/password", sync_to_thread=False)
    @forbid_while_impersonating
    def password() -> str:
        changes.append("password")
        return "changed"

    app = Litestar([home, plain, password], openapi_config=None)
    write = Write(method="POST", path="/password", code=FORBIDDEN)
    return Site(app=app, page="/", whom=("GET", "/whom"), write=write, changes=changes)


SITES: dict[str, Callable[[], Site]] = {
    "datasette": datasette,
    "sqladmin": sqladmin,
    "starlette-admin": starlette_admin,
    "strawberry": strawberry,
    "quart": quart,
    "litestar": litestar,
    "nicegui": nicegui,
}
