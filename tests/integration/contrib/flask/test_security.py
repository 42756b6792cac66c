"""Flask-Security-Too: its roles, its tokens and its views are the subject's in a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_security import (
    RoleMixin,
    Security,
    SQLAlchemySessionUserDatastore,
    UserMixin,
    auth_required,
    current_user,
    roles_required,
)
from sqlalchemy import Column, ForeignKey, Table, create_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    mapped_column,
    relationship,
    scoped_session,
    sessionmaker,
)
from sqlalchemy.pool import StaticPool

from tests.fixtures.flask_browser import AgentsBrowser
from tests.integration.contrib.flask.conftest import Guard
from understudy.testing import FakeGateway

PASSWORD = "correct horse"
# The package itself uses what Flask has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Base(DeclarativeBase):
    pass


held = Table(
    "held",
    Base.metadata,
    Column("user_id", ForeignKey("user.id")),
    Column("role_id", ForeignKey("role.id")),
)


class Role(Base, RoleMixin):
    __tablename__ = "role"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    permissions: Mapped[str | None]  # type: ignore[assignment]  # as its documents have it


class User(Base, UserMixin):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password: Mapped[str]
    active: Mapped[bool]
    fs_uniquifier: Mapped[str]
    roles: Mapped[list[Role]] = relationship(secondary=held)  # type: ignore[assignment]


@pytest.fixture
def app() -> Iterator[Flask]:
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    Base.metadata.create_all(engine)
    db: Any = scoped_session(sessionmaker(engine))
    app = Flask("shop", static_folder=None)
    app.config.update(
        SECRET_KEY="a key of the app's",
        SECURITY_PASSWORD_SALT="salt",
        SECURITY_PASSWORD_HASH="plaintext",
        SECURITY_PASSWORD_SCHEMES=["plaintext"],
        WTF_CSRF_ENABLED=False,
    )
    store: Any = SQLAlchemySessionUserDatastore(db, User, Role)
    Security(app, store)
    with app.app_context():
        for name in ("staff", "customer"):
            store.create_role(name=name)
        people = {1: "staff", 2: "customer"}
        for number, role in people.items():
            store.create_user(
                id=number, email=f"{number}@shop.example", password=PASSWORD, roles=[role]
            )
        store.create_user(id=3, email="3@shop.example", password=PASSWORD, active=False)
        db.commit()
        app.extensions["token"] = store.find_user(id=1).get_auth_token()
    app.teardown_appcontext(lambda _: db.remove())
    whom = lambda: f"{current_user.email} {[role.name for role in current_user.roles]}"  # noqa: E731
    for path, mechanism in (("/me", "session"), ("/api", "token")):
        app.add_url_rule(path, path, auth_required(mechanism)(whom))
    for role in ("staff", "customer"):
        app.add_url_rule(f"/{role}", role, roles_required(role)(whom))
    yield app
    engine.dispose()


@pytest.fixture
def browser(app: Flask, guard: Guard) -> AgentsBrowser:
    """Of an agent who has signed in."""
    browser = guard(app)
    signed_in = browser.post("/login", data={"email": "1@shop.example", "password": PASSWORD})
    assert signed_in.status_code == 302
    return browser


def test_roles_are_the_subjects_and_not_the_agents(
    browser: AgentsBrowser, gateway: FakeGateway
) -> None:
    before = browser.cookie("session")
    assert browser.get("/staff").status_code == 200
    assert browser.get("/customer").status_code == 403
    browser.enter(gateway.open(subject_id="2"))
    assert browser.get("/me").text == "2@shop.example ['customer']"
    assert browser.get("/customer").status_code == 200
    assert browser.get("/staff").status_code == 403
    assert browser.cookie("session") == before
    browser.leave()
    assert browser.get("/me").text == "1@shop.example ['staff']"


def test_a_token_of_the_agents_opens_nothing_in_a_session(
    browser: AgentsBrowser, gateway: FakeGateway, app: Flask
) -> None:
    token = {"Authentication-Token": app.extensions["token"]}
    assert browser.client.get("/api", headers=token).text == "1@shop.example ['staff']"
    browser.enter(gateway.open(subject_id="2"))
    for path in ("/api", "/staff"):
        refused = browser.client.get(path, headers={**token, "Accept": "application/json"})
        assert refused.status_code in {401, 403}, path


def test_its_login_view_signs_nobody_in_during_a_session(
    browser: AgentsBrowser, gateway: FakeGateway
) -> None:
    before = browser.cookie("session")
    browser.enter(gateway.open(subject_id="2"))
    # It sends whoever is signed in on their way.
    browser.post("/login", data={"email": "1@shop.example", "password": PASSWORD})
    assert browser.get("/me").text == "2@shop.example ['customer']"
    browser.get("/logout")
    assert browser.get("/me").text == "2@shop.example ['customer']"
    assert browser.cookie("session") == before


def test_an_account_that_is_closed_is_not_opened_by_a_session(
    browser: AgentsBrowser, gateway: FakeGateway
) -> None:
    browser.enter(gateway.open(subject_id="3"))
    answer = browser.get("/me")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "identity_not_applied")
