"""An app that knows nothing of several identities in one browser, and has every way of writing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from tests.acceptance.one_person.stored import Stored
from understudy import current_impersonation

LOGIN = "login"
FRAMED = ("Enter", "requestSubmit", "submit()", "formaction")
_HERE = Path(__file__).parent
_PAGE = """<!doctype html><html><head><title>{user}</title></head><body>
<h1 id="who">{user}</h1><a href="/other">Other</a>
<input id="typed">
{forms}
<div id="host"></div>
<script src="/carriers.js"></script>
</body></html>"""
_PLAIN = """<!doctype html><html><head><title>{user}</title></head><body>
<h1 id="who">{user}</h1>{forms}</body></html>"""


def form(how: str) -> str:
    """A form that sends itself by POST; that of ``formaction`` has its address at the button.

    All but one have frames for their answers, so that one page can send them one after another.
    """
    framed = how in FRAMED
    target = f' target="frame of {how}"' if framed else ""
    frame = f'<iframe name="frame of {how}"></iframe>' if framed else ""
    action = f"/save?how={how}"
    away = how == "formaction"
    where = f'action="{"/nowhere" if away else action}"'
    button = f'<button formaction="{action}">Save</button>' if away else "<button>Save</button>"
    return (
        f'<form id="{how}" method="post" {where}{target}><input name="text">{button}</form>{frame}'
    )


def user_of(request: HTTPConnection) -> str:
    """Whom the app serves: whoever is laid over, else whoever signed in."""
    found = current_impersonation()
    return found.subject.id if found else request.cookies.get(LOGIN, "nobody")


class NaiveApp:
    """The app's views, around one table."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored

    def app(self) -> Starlette:
        """The app itself, with nothing around it."""
        return Starlette(
            routes=[
                Route("/", self._page),
                Route("/other", self._page),
                Route("/of/{user}", self._page),
                Route("/plain", self._plain),
                Route("/log-in", self._log_in),
                Route("/remember", self._remember),
                Route("/cookies", _cookies),
                Route("/save", self._save, methods=["POST"]),
                Route("/feed", self._feed),
                WebSocketRoute("/live", self._live),
                Route("/carriers.js", _script),
                Route("/worker.js", _script),
            ]
        )

    async def _page(self, request: Request) -> Response:
        forms = "".join(map(form, (*FRAMED, "click")))
        return HTMLResponse(_PAGE.format(user=user_of(request), forms=forms))

    async def _plain(self, request: Request) -> Response:
        """A page on which no script runs, ours included."""
        page = _PLAIN.format(user=user_of(request), forms=form("no script"))
        return HTMLResponse(page, headers={"content-security-policy": "script-src 'none'"})

    async def _log_in(self, request: Request) -> Response:
        answer = RedirectResponse("/", 303)
        # Of the whole domain, so that it arrives at every session's origin too.
        answer.set_cookie(LOGIN, request.query_params["as"], domain="app.localhost", httponly=True)
        return answer

    async def _remember(self, request: Request) -> Response:
        """What the app remembered in a cookie before; from now on, whose page this is."""
        user = user_of(request)
        answer = HTMLResponse(f'<p id="before">{request.cookies.get("basket", "nothing")}</p>')
        answer.set_cookie("basket", f"of-{user}", domain="app.localhost", httponly=True)
        return answer

    async def _save(self, request: Request) -> Response:
        body = (await request.body()).decode()
        is_form = "form-urlencoded" in request.headers.get("content-type", "")
        self._write(request, parse_qs(body).get("text", [""])[0] if is_form else body)
        return HTMLResponse("<title>Saved</title>Saved")

    async def _feed(self, request: Request) -> Response:
        """Reading this writes, as in some apps it does."""
        self._write(request, request.query_params.get("text", ""))
        return Response("data: saved\n\n", media_type="text/event-stream")

    async def _live(self, socket: WebSocket) -> None:
        await socket.accept()
        self._write(socket, await socket.receive_text())
        await socket.close()

    def _write(self, request: HTTPConnection, text: str) -> None:
        user = user_of(request)
        if text:
            self._stored.write(user, text, request.query_params["how"])


async def _cookies(request: Request) -> Response:
    """The Cookie header as it came, byte for byte."""
    current_impersonation()
    return Response(request.headers.get("cookie", ""), media_type="text/plain")


async def _script(request: Request) -> Response:
    source = await asyncio.to_thread((_HERE / request.url.path.lstrip("/")).read_bytes)
    return Response(source, media_type="text/javascript")
