"""The app's handle on Understudy: made once, given to the framework's adapter."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from understudy.errors import Refused, SetupError
from understudy.sdk.boot_time import seconds_since_boot
from understudy.sdk.context import current_impersonation
from understudy.sdk.cookies import OVERLAY, TOMBSTONE_SECONDS, set_cookie
from understudy.sdk.gateway import Gateway
from understudy.sdk.launch import Client
from understudy.sdk.read_only import ReadOnlyPolicy
from understudy.sdk.remote import RemoteGateway, check_service_url
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.state_file import StateFiles
from understudy.sdk.values import ActiveSession, Opened, Presented, Wire


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """A session that the app's backend has begun; it needs its cookie in the actor's browser.

    ``set_cookie`` is the value of a ``Set-Cookie`` header; it holds the session token.
    ``return_to`` is the path that was asked for at the start, if any.
    """

    session: ActiveSession
    set_cookie: str
    return_to: str | None

    def __repr__(self) -> str:
        return f"Started(session={self.session.id!r})"


class Understudy:
    """One application's link to Understudy, shared by all of its threads.

    Safe to make before a fork: each process connects on its own, on first use.
    """

    def __init__(
        self,
        *,
        connect: Callable[[], Gateway],
        client: Client,
        clock: Callable[[], datetime] | None = None,
        monotonic: Callable[[], float] = seconds_since_boot,
        random_text: Callable[[], str] = secrets.token_urlsafe,
        read_only: ReadOnlyPolicy | None = None,
        state_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        self.client = client
        self.random_text = random_text
        self.clock = clock or (lambda: datetime.now(UTC))
        self._connect = connect
        self._monotonic = monotonic
        self._read_only = read_only
        self._state = StateFiles(Path(state_dir), client_id=client.client_id) if state_dir else None
        self._runtimes: dict[int, Runtime] = {}

    @classmethod
    def remote(
        cls,
        url: str,
        application_id: str,
        secret: str,
        *,
        public_url: str | None = None,
        redirect_url: str | None = None,
        read_only: ReadOnlyPolicy | None = None,
        state_dir: str | os.PathLike[str] | None = None,
    ) -> Self:
        """Talk to a service by HTTP.

        ``url`` is where this process reaches the service, ``public_url`` where browsers do, if that
        differs. ``redirect_url`` is the application's registered redirect URL; without it, the
        callback at the origin under which the app is visited. ``read_only`` judges what sessions of
        that scope may do; without it, safe methods. In ``state_dir``, a directory that
        only the app can read, what the service has not heard when the app stops waits for the next
        start: endings, and recorded actions.

        :raises SetupError: an URL, the id or the secret is missing or malformed.
        """
        if not application_id or not secret:
            raise SetupError("Understudy.remote needs the application's id and its secret.")
        service = check_service_url(url)
        issuer = check_service_url(public_url) if public_url else service
        return cls(
            connect=lambda: RemoteGateway(service, application_id, Secret(secret)),
            client=Client(
                issuer=issuer,
                client_id=application_id,
                key=_launch_key(secret),
                redirect_url=redirect_url,
            ),
            read_only=read_only,
            state_dir=state_dir,
        )

    def runtime(self) -> Runtime:
        """This very process's part; for adapters."""
        pid = os.getpid()
        runtime = self._runtimes.get(pid)
        if runtime is None:
            # One of several threads that come first wins; a runtime holds nothing before its use.
            runtime = self._runtimes.setdefault(pid, self._new_runtime())
        return runtime

    def start(self, impersonation_token: str, *, wire: str = Wire.NATIVE) -> Started:
        """Begin the session for which the app's backend got ``impersonation_token``. Blocks.

        ``wire`` is the protocol that the token was made for: ``native``, ``stytch`` or ``clerk``.

        Send the cookie to the browser of the actor whom you named, and to nobody else. In async
        code: ``await asyncio.to_thread(understudy.start, token)``.

        :raises TokenInvalid: unknown, expired, used, or made for another wire.
        :raises SetupError: there is no such ``wire``.
        :raises Refused: a rule says no; ``nested`` inside of an impersonated request.
        :raises Unavailable: the service cannot be reached; nothing has begun.
        :raises OutcomeUnknown: it did not answer; start once more, which ends what has begun.
        """
        if current_impersonation() is not None:
            raise Refused("End the present session before you start another.", rule="nested")
        presented = Presented(token=Secret(impersonation_token), wire=_wire(wire))
        runtime = self.runtime()
        runtime.follow()
        opened = runtime.sessions.exchange(presented)
        return Started(
            session=opened.session, set_cookie=overlay_cookie(opened), return_to=opened.return_to
        )

    def served_unasked(self) -> Mapping[str, int]:
        """Which routes this process has served in sessions without asking whom for, and how often.

        Pages that are the same for everybody may stand here. Where a page shows, or a call changes,
        something of somebody's, it is the agent's: see that it asks ``current_impersonation()``.
        """
        return self.runtime().unasked.counts()

    def resume(self) -> None:
        """Take up what an earlier process could not tell the service, if there is a state_dir."""
        if self._state is not None:
            self.runtime().follow()

    def close(self) -> None:
        """Send what was recorded and let go of everything; the next use begins anew."""
        runtime = self._runtimes.pop(os.getpid(), None)
        if runtime is not None:
            runtime.close()

    def _new_runtime(self) -> Runtime:
        return Runtime(
            gateway=self._connect(),
            clock=self.clock,
            monotonic=self._monotonic,
            random_text=self.random_text,
            read_only=self._read_only,
            state=self._state,
        )

    def __repr__(self) -> str:
        return f"Understudy({self.client.issuer!r}, {self.client.client_id!r})"


def _wire(name: str) -> Wire:
    try:
        return Wire(name)
    except ValueError:
        known = [wire.value for wire in Wire]
        raise SetupError(f"A token's wire is one of {known}, and not {name!r}.") from None


def overlay_cookie(opened: Opened) -> str:
    """The Set-Cookie value that puts a session over the app: the opaque token, nothing else."""
    max_age = int(opened.remaining.total_seconds()) + TOMBSTONE_SECONDS
    return set_cookie(OVERLAY, opened.session_token.reveal(), max_age=max_age)


def _launch_key(secret: str) -> Secret:
    digest = hmac.new(secret.encode(), b"understudy launch cookies", hashlib.sha256)
    return Secret(digest.hexdigest())
