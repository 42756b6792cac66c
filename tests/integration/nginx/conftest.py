"""A service, a Django site under gunicorn, nginx in front of it, and people at their browsers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.contract.rules.world import World, named, world
from tests.fixtures.asgi_server import served
from tests.fixtures.listening import listening
from tests.fixtures.nginx import nginx
from tests.fixtures.ports import free_port
from tests.integration.nginx.configuration import http
from understudy.config import Settings
from understudy.core.ids import ActorRef
from understudy.service.app import create_app
from understudy.storage.database.databases import open_database

PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
GUNICORN = ("-m", "gunicorn", "--preload", "--worker-class", "gthread", "--threads", "4")
PROGRAM = "tests.integration.nginx.kept_site:made()"


def invoice(whose: str) -> bytes:
    """A file of theirs."""
    return f"%PDF-1.7 <body> of {whose}".encode() + bytes(range(256)) * 16


@dataclass
class Browser:
    """Somebody's at one host, also of Secure cookies: on loopback browsers send those as well."""

    client: httpx.Client
    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    def open(self, path: str, **headers: str) -> httpx.Response:
        """A page, as a person opens it."""
        return self._asked("GET", path, **headers)

    def sign_in(self, name: str) -> None:
        """Sign in to the site itself."""
        assert self._asked("POST", f"/sign-in/{name}").text == "signed in"

    def _asked(self, method: str, path: str, **more: str) -> httpx.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**PAGE, "Host": self.host, **more, **({"Cookie": cookie} if cookie else {})}
        answer = self.client.request(method, path, headers=headers)
        # Its own jar knows one host alone.
        self.client.cookies.clear()
        for name, morsel in SimpleCookie("\n".join(answer.headers.get_list("set-cookie"))).items():
            self.cookies[name] = morsel.value
        return answer


@dataclass(frozen=True)
class Street:
    """The site behind its caches. Each page that is asked for has an address of its own."""

    made: World
    port: int
    client: httpx.Client
    _logins: dict[str, dict[str, str]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def browser(self, host: str, name: str | None = None) -> Browser:
        """A browser at ``host``, in which ``name`` is signed in."""
        made = Browser(self.client, f"{host}:{self.port}")
        if name is not None and name not in self._logins:
            made.sign_in(name)
            self._logins[name] = made.cookies
        made.cookies = dict(self._logins.get(name or "", {}))
        return made

    def path(self, path: str) -> str:
        """``path`` at an address that nobody has asked for."""
        return f"{path}?{next(self._numbers)}"

    def launch(self, browser: Browser, *, at_origin: bool = False) -> str:
        """A session as Ada begins in ``browser``; the address that it was handed over at."""
        pattern = f"http://*.view.app.localhost:{self.port}" if at_origin else None
        self.made.set_up_application(session_origins=pattern)
        number = next(self._numbers)
        actor = named(f"staff-{number}", ref=ActorRef(f"act_{number}"))
        grant = self.made.granted(actor=actor)
        if grant.origin is not None:
            browser.host = urlsplit(grant.origin).netloc
        token = self.made.token(grant, "stytch")
        path = f"/_understudy/callback?stytch_token_type=impersonation&token={token}"
        answer = browser.open(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), answer.text
        return path


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, nginx_path: Path) -> Iterator[Street]:
    folder, port = tmp_path_factory.mktemp("street"), free_port()
    (folder / "files").mkdir()
    for whose in ("kim", "ada", "nobody"):
        (folder / "files" / f"{whose}.pdf").write_bytes(invoice(whose))
    database = f"sqlite:///{folder / 'understudy.db'}"
    with world(database, folder) as made:
        service = create_app(made.engine, open_database(database), Settings(rate_multiplier=0))
        with served(service) as at:
            variables = {
                "SERVICE": f"http://127.0.0.1:{at}",
                "APP_ID": made.application.id,
                "APP_SECRET": made.secret,
                "DATABASE": str(folder / "site.db"),
                "PATTERN": f"http://*.view.app.localhost:{port}",
            }
            options = (*GUNICORN, "--bind", "127.0.0.1:{port}", PROGRAM)
            with listening(options, "Booting worker with pid", variables=variables) as app:
                told = http(folder, port=port, app=app)
                with (
                    nginx(nginx_path, folder, told, port=port),
                    httpx.Client(
                        base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20
                    ) as client,
                ):
                    yield Street(made, port, client)
