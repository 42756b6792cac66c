"""One POST to somebody else's URL: guarded, in bounded time, with a bounded answer."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpcore

from understudy.core.notices.receivers import InternalTargets, Receiver, read_receiver
from understudy.core.notices.webhooks import ATTEMPT_SECONDS
from understudy.errors import InvalidInput
from understudy.webhooks.network import Deadline, GuardedBackend, Resolve, system_resolve

MAX_ANSWER_BYTES = 64 * 1024
USER_AGENT = "Understudy-Webhooks/1"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back. ``status`` is None when no answer came; ``error`` says why."""

    status: int | None = None
    text: str | None = None
    retry_after: str | None = None
    error: str | None = None


class Sender:
    """Posts to receivers. Redirects are answers like any other, and proxies are not asked.

    ``tls`` makes the context that certificates are checked with, once it is needed.
    """

    def __init__(
        self,
        *,
        internal: InternalTargets,
        tls: Callable[[], ssl.SSLContext],
        timer: Callable[[], float],
        resolve: Resolve = system_resolve,
        seconds: float = ATTEMPT_SECONDS,
        network: httpcore.NetworkBackend | None = None,
        user_agent: str = USER_AGENT,
    ) -> None:
        self._internal = internal
        self._tls = tls
        self._timer = timer
        self._resolve = resolve
        self._seconds = seconds
        self._network = network
        self._user_agent = user_agent

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What the receiver at ``url`` answers; whatever goes wrong is an answer, too."""
        deadline = Deadline(timer=self._timer, at=self._timer() + self._seconds)
        try:
            return self._post(read_receiver(url, self._internal), headers, body, deadline)
        except InvalidInput as error:
            return Answer(error=error.detail)
        except httpcore.TimeoutException:
            return Answer(error=f"There was no whole answer within {self._seconds:g} seconds.")
        except httpcore.ConnectError as error:
            return Answer(error=f"Nobody could be reached: {error}")
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            return Answer(error=f"What came back is no HTTP answer: {error}")
        except Exception as error:
            # Broad, as whatever a stranger's server can provoke must not end the worker.
            return Answer(error=f"The attempt failed: {type(error).__name__}")

    def _post(
        self, receiver: Receiver, headers: Mapping[str, str], body: bytes, deadline: Deadline
    ) -> Answer:
        backend = GuardedBackend(
            receiver,
            internal=self._internal,
            resolve=self._resolve,
            deadline=deadline,
            inner=self._network,
        )
        own = {"Host": receiver.authority, "User-Agent": self._user_agent}
        all_headers = [*own.items(), *headers.items()]
        with (
            httpcore.ConnectionPool(
                ssl_context=self._tls() if receiver.scheme == "https" else None,
                max_connections=1,
                max_keepalive_connections=0,
                network_backend=backend,
            ) as pool,
            pool.stream("POST", _url(receiver), headers=all_headers, content=body) as response,
        ):
            return Answer(
                status=response.status,
                text=_read(response),
                retry_after=_header(response, b"retry-after"),
            )


def _url(receiver: Receiver) -> httpcore.URL:
    # In parts: nobody parses the text of the URL a second time, and perhaps differently.
    return httpcore.URL(
        scheme=receiver.scheme,
        host=receiver.host,
        port=receiver.port,
        target=receiver.target,
    )


def _read(response: httpcore.Response) -> str:
    """The beginning of the answer; what is beyond ``MAX_ANSWER_BYTES`` is left unread."""
    found = bytearray()
    for chunk in response.iter_stream():
        found += chunk
        if len(found) >= MAX_ANSWER_BYTES:
            break
    text = bytes(found[:MAX_ANSWER_BYTES]).decode("utf-8", "replace")
    # What databases cannot store.
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _header(response: httpcore.Response, name: bytes) -> str | None:
    return next(
        (value.decode("latin-1") for key, value in response.headers if key.lower() == name), None
    )
