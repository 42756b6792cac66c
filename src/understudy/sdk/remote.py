"""The gateway to a service elsewhere, over its native HTTP API.

``httpx`` is imported with the first call: it takes 200 ms, or seconds on a busy machine, which an
app's start need not.
"""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from understudy.core.applications.addresses import is_loopback
from understudy.core.governance.unlocks import Write
from understudy.core.impersonation.sessions import EndCause
from understudy.core.redaction.lifted import Lifted, Shown
from understudy.errors import (
    InvalidInput,
    NotFound,
    OutcomeUnknown,
    SecurityWarning,
    SetupError,
    Unavailable,
)
from understudy.sdk.asks import Ask, Granted
from understudy.sdk.event_stream import read_news
from understudy.sdk.held_blocks import HeldBlocks
from understudy.sdk.keeping import KEEPS, REDACTION
from understudy.sdk.office import Office
from understudy.sdk.problems import error_from, may_be_done
from understudy.sdk.secret import Secret
from understudy.sdk.unlock.values import Asked, Spent
from understudy.sdk.unlock.wire import print_write, read_asked, read_spent
from understudy.sdk.user_says import LOOKS, SAYS_MORE, UserSays
from understudy.sdk.values import Minted, News, Opened, Presented, RecordedAction, Wire
from understudy.sdk.wire import (
    print_actions,
    print_ask,
    read_granted,
    read_held,
    read_logged,
    read_members,
    read_minted,
    read_shown,
)

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 1.0
REFRESH_SECONDS = 1.0
RECORD_SECONDS = 2.0
EXCHANGE_SECONDS = 5.0
SILENCE_SECONDS = 4.0
"""A stream that should beat each second is given up after so long without a byte."""
_KEEP_ALIVE_SECONDS = 3.0  # below the 5 s after which uvicorn closes idle connections
_API = "/api/v1"
_JSON = {"Content-Type": "application/json"}


def load() -> None:
    """Import what calls are made with, so that no call takes its time for that."""
    import httpx  # noqa: F401


class RemoteGateway:
    """One application's connections to a service. ``url`` may end in a path prefix.

    ``transport`` replaces the network in tests.

    :raises SetupError: ``url`` is not an address of a web service.
    """

    def __init__(
        self,
        url: str,
        application_id: str,
        secret: Secret,
        *,
        transport: Callable[[], httpx.BaseTransport] | None = None,
    ) -> None:
        self._url = check_service_url(url)
        self._application_id = application_id
        self._secret = secret
        self._transport = transport
        self._lock = threading.Lock()
        self._clients: dict[str, httpx.Client] = {}
        self._blocks: HeldBlocks | None = None

    def request(self, ask: Ask) -> Granted:
        """See ``Gateway.request``; never sent twice, as each time makes a grant of its own.

        :raises OutcomeUnknown: there may be a grant, whose token nobody got.
        """
        body = print_ask(ask)
        return read_granted(
            self._post("/impersonations", body, seconds=EXCHANGE_SECONDS, fresh=True)
        )

    def exchange(self, presented: Presented) -> Opened:
        """See ``Gateway.exchange``; never sent twice from here, as only callers know what for.

        :raises OutcomeUnknown: the token may be used up: no answer came, or none of the service.
        """
        body: dict[str, object] = {"impersonation_token": presented.token.reveal()}
        if presented.wire is not Wire.NATIVE:
            body["wire"] = presented.wire.value
        if presented.code_verifier is not None:
            body["code_verifier"] = presented.code_verifier.reveal()
        if presented.redirect_uri is not None:
            body["redirect_uri"] = presented.redirect_uri
        if presented.attempt is not None:
            body["attempt"] = presented.attempt.reveal()
        return self._opened(
            "/impersonations/exchange", _print(body), seconds=EXCHANGE_SECONDS, fresh=True
        )

    def refresh(self, session_token: Secret) -> Opened:
        """See ``Gateway.refresh``."""
        body = _print({"session_token": session_token.reveal()})
        return self._opened("/sessions/refresh", body, seconds=REFRESH_SECONDS)

    def _opened(self, path: str, body: bytes, *, seconds: float, fresh: bool = False) -> Opened:
        # By what was said with this very call: others may bring another list meanwhile.
        held = self._blocks
        headers = held.header if held is not None else None
        answer = self._post(path, body, seconds=seconds, fresh=fresh, headers=headers)
        opened, self._blocks = read_held(answer, held)
        return opened

    def end(self, session_id: str, cause: EndCause) -> bool:
        """See ``Gateway.end``."""
        try:
            return self._end(session_id, cause)
        except NotFound:
            return True
        except InvalidInput:
            if cause is EndCause.ENDED_BY_ACTOR:
                raise
            # A service of before knows fewer causes: better over for another one than not over.
            return self._end(session_id, EndCause.ENDED_BY_ACTOR)

    def _end(self, session_id: str, cause: EndCause) -> bool:
        if cause is EndCause.REVOKED:
            # A call of its own: this one is for the session's actor.
            return Office(self).revoke(session_id).logged
        path = f"/sessions/{quote(session_id, safe='')}/end"
        body = _print({"cause": cause.value})
        return read_logged(self._post(path, body, seconds=REFRESH_SECONDS))

    def sessions_of(self, actor_ids: Set[str]) -> Sequence[str]:
        """See ``Gateway.sessions_of``."""
        return Office(self).sessions_of(*actor_ids)

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        """See ``Gateway.record``."""
        path = f"/sessions/{quote(session_id, safe='')}/actions"
        headers = {"Idempotency-Key": key}
        self._post(path, print_actions(actions), seconds=RECORD_SECONDS, headers=headers)

    def minted(self) -> Sequence[Minted]:
        """See ``Gateway.minted``."""
        try:
            return read_minted(self.ask("GET", "/minted"))
        except NotFound:
            return ()

    def ask_unlock(self, session_id: str, write: Write, *, reason: str) -> Asked:
        """See ``Gateway.ask_unlock``; asked twice it is one."""
        body = _print({"write": print_write(write), "reason": reason})
        return read_asked(self._post(_unlocks(session_id), body, seconds=EXCHANGE_SECONDS))

    def reveal(self, session_id: str, lifted: Lifted, *, reason: str) -> Shown:
        """See ``Gateway.reveal``."""
        body = _print({**asdict(lifted), "reason": reason})
        path = f"/sessions/{quote(session_id, safe='')}/reveals"
        return read_shown(self._post(path, body, seconds=EXCHANGE_SECONDS, fresh=True))

    def spend(self, session_id: str, write: Write) -> Spent:
        """See ``Gateway.spend``."""
        body = _print({"write": print_write(write)})
        path = f"{_unlocks(session_id)}/spend"
        return read_spent(self._post(path, body, seconds=REFRESH_SECONDS, fresh=True))

    def follow(self, last_event_id: str | None) -> Iterator[News]:
        """See ``Gateway.follow``."""
        import httpx

        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        timeout = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
        url = f"{self._url}{_API}/events/stream"
        try:
            with self._client(fresh=True).stream(
                "GET", url, headers=headers, timeout=timeout
            ) as answer:
                if answer.status_code != HTTPStatus.OK:
                    raise error_from(answer.status_code, answer.read())
                yield from read_news(answer.iter_bytes())
        except httpx.HTTPError as error:
            raise _unreachable(error) from error

    def ask(self, method: str, path: str) -> bytes:
        """The answer to any other call of the native API, such as those of ``sdk.office``.

        :raises UnderstudyError: the service refuses, or cannot be reached.
        """
        import httpx

        timeout = httpx.Timeout(EXCHANGE_SECONDS, connect=CONNECT_SECONDS)
        try:
            answer = self._client(fresh=True).request(
                method, f"{self._url}{_API}{path}", timeout=timeout
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _unreachable(error) from error
        except httpx.HTTPError as error:
            raise _unanswered(error) from error
        if not answer.is_success:
            raise error_from(answer.status_code, answer.content)
        return answer.content

    def tell(self, said: UserSays) -> Mapping[str, Any]:
        """See ``Gateway.tell``; never sent twice."""
        if said.deed in LOOKS:
            return read_members(self.ask("GET", said.path))
        if said.deed in SAYS_MORE:
            body = _print(said.facts)
            return read_members(self._post(said.path, body, seconds=EXCHANGE_SECONDS, fresh=True))
        return read_members(self.ask("POST", said.path))

    def close(self) -> None:
        """See ``Gateway.close``."""
        with self._lock:
            clients, self._clients = self._clients, {}
        for client in clients.values():
            client.close()

    def _post(
        self,
        path: str,
        body: bytes,
        *,
        seconds: float,
        fresh: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        import httpx

        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
        try:
            answer = self._client(fresh=fresh).post(
                f"{self._url}{_API}{path}",
                content=body,
                headers={**_JSON, **(headers or {})},
                timeout=timeout,
            )
        except httpx.HTTPError as error:
            sent = fresh and not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            raise (_unanswered if sent else _unreachable)(error) from error
        if answer.is_success:
            return answer.content
        refusal = error_from(answer.status_code, answer.content)
        if fresh and may_be_done(answer.status_code, answer.content):
            raise OutcomeUnknown(internal=refusal.internal, facts=refusal.facts)
        raise refusal

    def _client(self, *, fresh: bool) -> httpx.Client:
        """The pool, or the client that opens a connection each time.

        A kept connection may turn out to be closed only after something was sent on it: a code
        could then be used up without an answer.
        """
        name = "fresh" if fresh else "pool"
        with self._lock:
            if name not in self._clients:
                self._clients[name] = self._new_client(keep=0 if fresh else 8)
            return self._clients[name]

    def _new_client(self, *, keep: int) -> httpx.Client:
        import httpx

        return httpx.Client(
            auth=httpx.BasicAuth(self._application_id, self._secret.reveal()),
            headers={
                "User-Agent": "understudy-sdk",
                "Accept": "application/json",
                KEEPS: REDACTION,
            },
            limits=httpx.Limits(
                max_connections=16,
                max_keepalive_connections=keep,
                keepalive_expiry=_KEEP_ALIVE_SECONDS,
            ),
            follow_redirects=False,
            # A proxy from the environment has no business between two processes of one machine.
            trust_env=not is_loopback(httpx.URL(self._url).host),
            transport=self._transport() if self._transport else None,
        )

    def __repr__(self) -> str:
        return f"RemoteGateway({self._url!r}, {self._application_id!r})"


def _unlocks(session_id: str) -> str:
    return f"/sessions/{quote(session_id, safe='')}/unlocks"


def check_service_url(url: str) -> str:
    """``url`` without its trailing slash; warns of a secret that would travel in the clear.

    :raises SetupError: not an absolute http(s) URL, or with user, query or fragment.
    """
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise SetupError(f"This is not a URL: {url}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SetupError(f"The service's URL begins with https:// and a host: {url}")
    if parts.query or parts.fragment or parts.username is not None:
        raise SetupError("The service's URL has no user, query or fragment.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        warnings.warn(
            f"The application's secret travels unencrypted to {parts.hostname}.",
            SecurityWarning,
            stacklevel=3,
        )
    return url.rstrip("/")


def _print(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _unreachable(error: Exception) -> Unavailable:
    return Unavailable(internal=f"the service was not reached: {type(error).__name__}")


def _unanswered(error: Exception) -> Unavailable:
    return OutcomeUnknown(internal=f"the service did not answer: {type(error).__name__}")
