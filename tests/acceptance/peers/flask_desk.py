"""A Flask app as others would write it, and a browser at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask, Request, Response, request
from flask.testing import FlaskClient
from flask_login import (  # type: ignore[import-untyped]
    LoginManager,
    UserMixin,
    current_user,
    login_user,
)

from tests.acceptance.peers.desk import ORIGIN, Answer, Desk
from tests.acceptance.peers.pages import BARE, PARTS, WHOLE
from understudy.contrib.flask import Understudy
from understudy.sdk.values import Actor
from understudy.testing import FakeGateway

STAFF = ("sam", "kim")


class Person(UserMixin):  # type: ignore[misc]
    """One of the app's people."""

    def __init__(self, name: str) -> None:
        self.id = name
        self.is_staff = name in ("sam", "kim", "lee", "root", "boss")
        self.is_superuser = name in ("root", "boss")
        self._is_active = True

    @property
    def is_active(self) -> bool:
        """Whether the account can be used."""
        return self._is_active

    @is_active.setter
    def is_active(self, value: bool) -> None:
        self._is_active = value


class Shop:
    """The app and who is in it."""

    def __init__(self, **options: Any) -> None:
        names = ("ada", "bob", "sam", "kim", "lee", "root", "boss")
        self.people = {name: Person(name) for name in names}
        self.orders: list[str] = []
        self.app = Flask("shop", static_folder=None)
        self.app.config.update(SECRET_KEY="a key of the app's", PROPAGATE_EXCEPTIONS=False)
        LoginManager(self.app).user_loader(self.found)
        self._route()
        staff = {"staff": self.staff, "may_start": self.may_start}
        Understudy(self.app, **{**staff, **options})

    def found(self, name: str) -> Person | None:
        person = self.people.get(name)
        return person if person is not None and person.is_active else None

    def staff(self, _: Request) -> Actor | None:
        if current_user.is_anonymous or current_user.id not in (*STAFF, "root", "boss"):
            return None
        if not current_user.is_staff:
            return None
        return Actor(id=current_user.id, email=f"{current_user.id}@shop.example", name=None)

    def may_start(self, actor: Actor, subject_id: str, _: Request) -> bool:
        subject = self.found(subject_id)
        return subject is not None and actor.id != subject_id and not subject.is_staff

    def _route(self) -> None:
        pages: dict[str, Any] = {
            "/whole": lambda: WHOLE,
            "/bare": lambda: BARE,
            "/parts": lambda: Response(iter(PARTS), mimetype="text/html"),
            "/lost": lambda: (WHOLE, 404),
            "/me": self._me,
        }
        for path, page in pages.items():
            self.app.add_url_rule(path, path, page)
        for path in ("/order", "/account/delete"):
            self.app.add_url_rule(path, path, self._order, methods=["GET", "POST"])
        self.app.add_url_rule("/login", "login", self._login, methods=["POST"])

    def _me(self) -> Response:
        return Response(current_user.get_id() or "nobody", mimetype="text/plain")

    def _order(self) -> str:
        self.orders.append(str(current_user.get_id()))
        return "ordered"

    def _login(self) -> str:
        login_user(self.people[request.form["name"]])
        return "signed in"


class FlaskDesk(Desk):
    """By Flask's own client."""

    def __init__(self, gateway: FakeGateway, shop: Shop) -> None:
        super().__init__(gateway, orders=shop.orders)
        self.shop = shop
        self.client: FlaskClient = shop.app.test_client()

    def ask(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        got = self.client.open(
            path, method=method, data=body, headers=dict(headers), base_url=ORIGIN, buffered=True
        )
        return Answer(got.status_code, got.text, tuple(got.headers.items()))

    def cookies(self) -> dict[str, str]:
        return {one.key: one.value for one in (self.client._cookies or {}).values()}

    def plant(self, name: str, value: str | None) -> None:
        if value is not None:
            self.client.set_cookie(name, value, domain="app.localhost")
        else:
            self.client.delete_cookie(name, domain="app.localhost")

    def another(self) -> FlaskDesk:
        return FlaskDesk(self.gateway, self.shop)

    def sign_in(self, name: str) -> None:
        assert self.post("/login", {"name": name}).status == 200

    def user_id(self, name: str) -> str:
        return name

    def becomes(self, name: str, **facts: bool) -> None:
        for fact, value in facts.items():
            setattr(self.shop.people[name], fact, value)

    def delete(self, name: str) -> None:
        del self.shop.people[name]


@contextmanager
def flask_app(gateway: FakeGateway, **options: Any) -> Iterator[FlaskDesk]:
    """The app with Understudy in it, and its people."""
    understudy = gateway.understudy()
    yield FlaskDesk(gateway, Shop(understudy=understudy, **options))
    understudy.close()
