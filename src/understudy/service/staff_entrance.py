"""Where an app signs staff in, the dashboard opens by itself: there is no form to fill in.

Only a page does that. A call of the API never signs anybody in, so that a page which was opened by
one person does not go on, unnoticed, as another.
"""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.core.people.principals import OperatorSession
from understudy.core.people.staff import StaffAccount
from understudy.core.text import is_local_path
from understudy.errors import Unavailable
from understudy.flows.origin import Origin
from understudy.flows.people.sign_in import SignedIn, identify
from understudy.flows.people.staff import Unwelcome, let_in
from understudy.http.cookies import operator_token, set_operator_cookie
from understudy.http.incoming import Incoming, incoming
from understudy.http.node import Node
from understudy.http.nonces import new_nonce
from understudy.http.pages import message_page
from understudy.http.rate_limits import RateClass
from understudy.http.routing import raw_path
from understudy.http.staffing import Staffing, arrival
from understudy.service.dashboard import asks_who_it_is, is_page

_TITLE = "You cannot come in here"
_WHY = {
    Unwelcome.DISABLED: (
        "Your account in Understudy is disabled. An admin can enable it there under Team."
    ),
    Unwelcome.EMAIL_TAKEN: (
        "Somebody else has your e-mail address in Understudy. Whoever runs the app can mend that: "
        "understudy operator free-address."
    ),
    Unwelcome.WITHOUT_ROLE: (
        "The app gives you no role in Understudy. Whoever runs the app can give you one."
    ),
    Unwelcome.UNREADABLE: (
        "The app tells of you with a name or an e-mail address that cannot be shown. Whoever runs "
        "the app can mend that."
    ),
}


class StaffEntrance:
    """Signs in whom the app calls staff as they open pages, and leaves all else to ``app``."""

    def __init__(self, app: ASGIApp, node: Node, staffing: Staffing) -> None:
        self._app = app
        self._node = node
        self._staffing = staffing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path, request = raw_path(scope), incoming(scope)
        opens = scope["method"] == "GET" and is_page(path)
        if not opens or not self._node.hosts.is_canonical(request.headers):
            await self._app(scope, receive, send)
            return
        begun: SignedIn | Unwelcome | None = None
        account = arrival(self._staffing, scope).account
        if account is not None:
            # What it shows needs no sign-in: the page says by itself what is out of order.
            with suppress(Unavailable):
                begun = await self._begun(request, account)
        if isinstance(begun, SignedIn):
            send = self._with_cookie(begun, send)
        answer = self._response(scope, path, begun, account)
        await (answer or self._app)(scope, receive, send)

    async def _begun(self, request: Incoming, account: StaffAccount) -> SignedIn | Unwelcome | None:
        """A fresh sign-in of ``account``; None where the browser has a good one of theirs."""
        node, now = self._node, self._node.clock.latest()
        token = operator_token(request.headers)
        held = await node.read(lambda reader: identify(reader, token or "", now))
        if held is not None and account.is_as(held[0]):
            return None
        if node.halted is not None:
            raise Unavailable(node.halted)
        node.rate_limits.count(RateClass.WRITE, account.id)
        before: OperatorSession | None = None if held is None else held[1]
        origin = Origin.of(request.address, request.headers.get("user-agent"))
        return await node.run(lambda unit: let_in(unit, account, before=before, origin=origin))

    def _response(
        self,
        scope: Scope,
        path: str,
        begun: SignedIn | Unwelcome | None,
        account: StaffAccount | None,
    ) -> Response | None:
        """What is answered in place of the page that was asked for."""
        if isinstance(begun, Unwelcome):
            incoming(scope).route = "(staff entrance)"
            return message_page(
                title=_TITLE,
                paragraphs=(_WHY[begun],),
                nonce=new_nonce(),
                status=HTTPStatus.FORBIDDEN,
            )
        if account is None or asks_who_it_is(path):
            return None
        # Whoever is in already needs no entrance.
        incoming(scope).route = "(staff entrance)"
        return RedirectResponse(
            scope.get("root_path", "") + _next(scope["query_string"]),
            status_code=HTTPStatus.SEE_OTHER,
            headers={"cache-control": "no-store"},
        )

    def _with_cookie(self, begun: SignedIn, send: Send) -> Send:
        now = self._node.clock()
        cookie = set_operator_cookie(begun.token, expires_at=begun.session.expires_at, now=now)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], (b"set-cookie", cookie.encode())]
                message = {**message, "headers": headers}
            await send(message)

        return sending


def _next(query_string: bytes) -> str:
    """The page of the dashboard to go on to: never one of another place."""
    wanted = parse_qs(query_string.decode("latin-1")).get("next", ["/"])[0]
    return wanted if is_local_path(wanted) else "/"
