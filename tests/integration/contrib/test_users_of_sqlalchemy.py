"""Users whom a commit lets go of, where the database session is over before the answer begins."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.fixtures.browser import ORIGIN, Browser
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.sdk.values import Subject
from understudy.testing import FakeGateway


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def test_a_user_who_was_changed_is_still_known_for_the_subject(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        db.add(User(id=42, name="Ada"))
        db.commit()

    def load_user(subject: Subject) -> User | None:
        with Session(engine) as db:
            return db.get(User, int(subject.id))

    def rename(request: Request) -> PlainTextResponse:
        with Session(engine) as db:
            db.add(request.user)
            request.user.name = "Countess"
            db.commit()
        return PlainTextResponse("renamed")

    gateway = FakeGateway()
    understudy = gateway.understudy()
    app = Starlette(routes=[Route("/name", rename, methods=["POST"])])
    site = UnderstudyMiddleware(app, understudy=understudy, load_user=load_user)
    session = gateway.open(subject_id="42")
    own = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", "Understudy-Page": session.id}
    renamed = Browser(site).post("/name", {**session.headers, **own})
    assert (renamed.status_code, renamed.text) == (200, "renamed")
    understudy.close()
    engine.dispose()
