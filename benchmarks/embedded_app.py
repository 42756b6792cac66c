"""An app that has its own Understudy in it, as one process of it, told by lines what to do.

python -m benchmarks.embedded_app DATA_DIR
"""

from __future__ import annotations

import io
import json
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from understudy import Actor, AppUser, StaffMember, Understudy, Users
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.core.impersonation.sessions import EndCause
from understudy.embedded.mount.wsgi import DashboardMiddleware
from understudy.sdk.asks import Ask
from understudy.sdk.values import Presented

URL = "https://shop.example/understudy"
REASON = "Looking at the missing invoice"
_ENVIRON = {
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "",
    "QUERY_STRING": "",
    "SERVER_NAME": "shop.example",
    "SERVER_PORT": "443",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "192.0.2.7",
    "HTTP_HOST": "shop.example",
    "HTTP_ACCEPT": "text/html",
    "wsgi.url_scheme": "https",
    "wsgi.multithread": True,
}


class EmbeddedApp:
    """The app, with both of its parts; nothing of them is used before it is asked for."""

    def __init__(self, data_dir: Path) -> None:
        self._understudy = Understudy.embedded(
            "Shop",
            url=URL,
            data_dir=data_dir,
            staff=_staff,
            users=Users(get=_user, search=lambda query, limit: []),
            allow_impersonation=True,
        )
        guarded = UnderstudyMiddleware(_app, understudy=self._understudy)
        self._app = DashboardMiddleware(guarded, understudy=self._understudy)

    def page(self) -> None:
        """A page of the app for somebody without a session."""
        self._get("/orders")

    def visit(self) -> None:
        """A page of the dashboard for one of the staff."""
        self._get("/understudy/")

    def session(self, number: int = 0) -> None:
        """Begin a session and end it, as the app's own button does."""
        gateway = self._understudy.runtime().gateway
        actor = Actor(id=f"agent-{number}", email=f"agent-{number}@shop.example", name="Agent")
        granted = gateway.request(Ask(actor=actor, subject_id=f"user-{number}", reason=REASON))
        opened = gateway.exchange(Presented(token=granted.token))
        gateway.end(opened.session.id, EndCause.ENDED_BY_ACTOR)

    def starts(self, first: int, callers: int, seconds: float) -> list[float]:
        """What each of the sessions took, in seconds, that so many threads begin and end."""
        found: list[float] = []
        until = time.monotonic() + seconds

        def call(number: int) -> None:
            while (began := time.monotonic()) < until:
                self.session(number)
                found.append(time.monotonic() - began)

        threads = [threading.Thread(target=call, args=(first + n,)) for n in range(callers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def close(self) -> None:
        """Close what is open."""
        self._understudy.close()

    def _get(self, path: str) -> None:
        told: list[str] = []
        asked = {
            **_ENVIRON,
            "PATH_INFO": path,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        }

        def start_response(status: str, *_: object) -> Any:  # noqa: ANN401 - WSGI
            told.append(status)

        parts = self._app(asked, start_response)
        b"".join(parts)
        assert told[0].startswith(("200", "303")), told


def main(data_dir: str) -> None:
    """Obey each line of input, ``[verb, argument, …]``, and say what it took."""
    with closing(EmbeddedApp(Path(data_dir))) as app:
        for line in sys.stdin:
            verb, *arguments = json.loads(line)
            began = time.monotonic()
            found = getattr(app, verb)(*arguments)
            told = [time.monotonic() - began] if found is None else found
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()


def _app(_: object, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"<!doctype html><body>Orders</body>"]


def _staff(_: object) -> StaffMember:
    return StaffMember(
        id="kim",
        email="kim@shop.example",
        name="Kim",
        roles=["support_manager"],
        signed_in_at=datetime.now(UTC),
    )


def _user(subject_id: str) -> AppUser:
    return AppUser(id=subject_id, name=subject_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
