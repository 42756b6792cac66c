"""Carries out one request: who, whether, how often, what; then the handler, then the answer."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from understudy.errors import NotFound, NotSignedIn, Unavailable
from understudy.http import body, query
from understudy.http.answer import answer_of
from understudy.http.authentication import (
    Credentials,
    OperatorCredentials,
    authenticated,
    bearer_secret,
    credentials,
    needs_touch,
    require_access,
    touch,
)
from understudy.http.call import Call
from understudy.http.cross_site import require_own_host, require_own_site
from understudy.http.endpoint import JSON, Endpoint
from understudy.http.head_only import head_only
from understudy.http.idempotency import Once, Replay, checked_key, request_hash
from understudy.http.incoming import Headers, Incoming, Shape, incoming
from understudy.http.node import Node
from understudy.http.presence import require_present
from understudy.http.principal import ANYBODY, OperatorPrincipal, Principal
from understudy.http.reply import Reply
from understudy.http.routing import Match, Router, allow, raw_path

_logger = logging.getLogger(__name__)
_encoder = msgspec.json.Encoder()
_JSON_TYPE = (b"content-type", JSON.encode())


class Dispatcher:
    """The innermost ASGI app: the endpoint table, at work."""

    def __init__(
        self,
        node: Node,
        endpoints: Iterable[Endpoint],
        *,
        shapes: Mapping[str, Shape] = MappingProxyType({}),
    ) -> None:
        self._node = node
        self._router = Router(endpoints)
        self._shapes = shapes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request.

        :raises UnderstudyError: whatever is wrong with it; the last resort makes it a problem.
        """
        request = incoming(scope)
        path = raw_path(scope)
        # Before the endpoint is looked for: a path that is not found is answered in its protocol's
        # form.
        request.shape = self._shape(path)
        if self._node.staffing is not None:
            request.scope = scope
        if scope["method"] == "OPTIONS":
            allowed = await self._options(path, request)
            await allowed(scope, receive, send)
            return
        match = self._router.match(scope["method"], path)
        request.route = match.endpoint.path
        request.shape = match.endpoint.on_error or request.shape
        try:
            answer = await self._answer(match, request, scope, receive)
        # There is nobody to answer, and nothing has been done yet.
        except body.ClientGoneError:
            return
        if scope["method"] == "HEAD":
            send = head_only(send)
        await _send(answer, match.endpoint, scope, receive, send)

    def _shape(self, path: str) -> Shape | None:
        """How errors look where no endpoint says it: by the protocol that owns the path."""
        return next((self._shapes[start] for start in self._shapes if path.startswith(start)), None)

    async def _options(self, path: str, request: Incoming) -> Response:
        """What may be asked here. Browsers reach us from our own pages, with few exceptions."""
        endpoints = self._router.endpoints(path)
        for endpoint in endpoints.values():
            if endpoint.preflight is not None:
                return await endpoint.preflight(self._node, request)
        methods = set(endpoints)
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"allow": allow(methods)})

    async def _answer(
        self, match: Match, request: Incoming, scope: Scope, receive: Receive
    ) -> object:
        endpoint = match.endpoint
        if endpoint.own_accounts and self._node.staffing is not None:
            raise NotFound
        if self._node.halted is not None and not (endpoint.safe or endpoint.ends):
            raise Unavailable(self._node.halted)
        # In this order: who it is decides whose limit counts, and only then is anything of theirs
        # read.
        principal = await self._principal(endpoint, request)
        # For the access line, which is written also when what follows refuses.
        request.caller = principal.id
        # By who calls, once that is known: behind one address of an office there are many people.
        if not endpoint.counts_itself:
            self._node.rate_limits.count(endpoint.rate, principal.id or request.address or "")
        parameters: Any = None
        if not endpoint.raw_query:
            parameters = query.decode(scope["query_string"], endpoint.query)
        raw, decoded = b"", None
        if not endpoint.safe:
            # Last, as it costs what the caller chooses.
            raw = await body.read(receive, request.headers, body.limit_of(endpoint))
            decoded = body.decode(endpoint, request.headers, raw)
        call: Call[Any, Any] = Call(
            node=self._node,
            principal=principal,
            body=decoded,
            query=parameters,
            query_string=scope["query_string"],
            path=match.parameters,
            incoming=request,
            once=_once(endpoint, principal, request, scope, raw),
        )
        return await endpoint.handler(call)

    async def _principal(self, endpoint: Endpoint, request: Incoming) -> Principal:
        """Who calls, once it is certain that they may, and that no other site made them."""
        node, headers = self._node, request.headers
        given = _given(endpoint, headers)
        with_cookie = isinstance(given, OperatorCredentials)
        # Even before the cookie is looked up: another site must not learn from times whether it is
        # good.
        if not endpoint.safe and endpoint.preflight is None:
            require_own_site(headers, node.hosts, with_cookie=with_cookie)
        if with_cookie:
            # A name that was made to lead here (DNS rebinding) must not get what a cookie opens.
            require_own_host(headers, node.hosts)
        if endpoint.access.public:
            return ANYBODY
        address = request.address or ""
        if given is None:
            raise NotSignedIn
        try:
            principal = await self._authenticated(endpoint, given)
        except NotSignedIn:
            node.rate_limits.count_bad_credentials(address)
            raise
        if isinstance(principal, OperatorPrincipal):
            await require_present(node, request, principal)
        require_access(endpoint.access, principal)
        if isinstance(principal, OperatorPrincipal):
            self._touch(principal)
        return principal

    async def _authenticated(self, endpoint: Endpoint, given: Credentials) -> Principal:
        """Whom ``given`` belongs to; for ending alone, whom it did when it was seen last."""
        node = self._node
        try:
            principal = await authenticated(node, given)
        except Unavailable:
            seen = node.last_seen.caller(given.presented, node.clock.latest())
            if seen is None or not endpoint.ends_unread:
                raise
            return seen
        node.last_seen.note(given.presented, principal)
        return principal

    def _touch(self, principal: OperatorPrincipal) -> None:
        session = principal.session
        if needs_touch(session, self._node.clock()):
            # Nobody waits for it: a request must not fail because a sign of life was not written.
            future = self._node.engine.submit(lambda unit: touch(unit, session.id))
            future.add_done_callback(_note_failure)


def _given(endpoint: Endpoint, headers: Headers) -> Credentials | None:
    if endpoint.access.public:
        return None
    return bearer_secret(headers) if endpoint.access.bearer else credentials(headers)


def _once(
    endpoint: Endpoint, principal: Principal, request: Incoming, scope: Scope, raw: bytes
) -> Once | None:
    key = request.headers.get("idempotency-key")
    if key is None or not endpoint.idempotent:
        return None
    # As it came: two spellings of one path are two requests, which is the careful mistake to make.
    target = raw_path(scope).encode() + b"?" + scope["query_string"]
    return Once(
        scope=principal.id,
        key=checked_key(key),
        request_hash=request_hash(scope["method"], target, raw),
        status=endpoint.status,
        in_parts=endpoint.in_parts,
    )


async def _send(
    answer: object, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send
) -> None:
    if isinstance(answer, Response):
        await answer(scope, receive, send)
        return
    headers: list[tuple[bytes, bytes]] = []
    status, content = endpoint.status, b""
    if isinstance(answer, Reply):
        headers = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
        headers += [(b"set-cookie", cookie.encode()) for cookie in answer.cookies]
        status = answer.status or status
        answer = answer.answer
    if isinstance(answer, Replay):
        status, content = answer.status, answer.body
    elif answer is not None:
        content = _encoder.encode(answer)
    if content:
        headers += (_JSON_TYPE, (b"content-length", str(len(content)).encode()))
    elif answer is None:
        status = int(HTTPStatus.NO_CONTENT)
    if answer_of(scope).write(status, headers, content):
        return
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _note_failure(future: Future[None]) -> None:
    if not future.cancelled() and future.exception() is not None:
        _logger.warning(
            "a sign of life was not written: %s",
            future.exception(),
            extra={"action": "touch_operator_session"},
        )
