"""The app's handle on Understudy: made once, given to the framework's adapter."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from understudy.core.applications.session_origins import SessionOrigins
from understudy.core.text import require_id
from understudy.errors import InvalidInput, Refused, SetupError
from understudy.sdk.app_users import Users
from understudy.sdk.boot_time import seconds_since_boot
from understudy.sdk.context import current_impersonation
from understudy.sdk.cookies import OVERLAY, TOMBSTONE_SECONDS, set_cookie
from understudy.sdk.embedding import Embedding
from understudy.sdk.gateway import Gateway
from understudy.sdk.launch import Client
from understudy.sdk.office import Office
from understudy.sdk.read_only import ReadOnlyPolicy
from understudy.sdk.remote import RemoteGateway, check_service_url, load
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.staff import MAX_ACTOR_ID
from understudy.sdk.staff_member import StaffMember
from understudy.sdk.state_file import StateFiles
from understudy.sdk.telling import TellUser, telling
from understudy.sdk.values import ActiveSession, Minted, Opened, Presented, Wire
from understudy.sdk.wording import refusal_text


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
        load: Callable[[], object] | None = None,
        embedding: Embedding | None = None,
    ) -> None:
        self.client = client
        self.embedding = embedding
        self.random_text = random_text
        self.clock = clock or (lambda: datetime.now(UTC))
        self._connect = connect
        self._load = load
        self._monotonic = monotonic
        self._read_only = read_only
        self._state = StateFiles(Path(state_dir), client_id=client.client_id) if state_dir else None
        self._runtimes: dict[int, Runtime] = {}
        self._revoke: Callable[[Minted], object] | None = None
        self._tell_user: TellUser | None = None

    @classmethod
    def remote(
        cls,
        url: str,
        application_id: str,
        secret: str,
        *,
        public_url: str | None = None,
        redirect_url: str | None = None,
        session_origins: str | None = None,
        read_only: ReadOnlyPolicy | None = None,
        state_dir: str | os.PathLike[str] | None = None,
    ) -> Self:
        """Talk to a service by HTTP.

        ``url`` is where this process reaches the service, ``public_url`` where browsers do, if that
        differs. ``redirect_url`` is the application's registered redirect URL; without it, the
        callback at the origin under which the app is visited. ``session_origins`` is the
        application's setting of that name, such as ``https://*.view.app.example``. ``read_only``
        judges what sessions of that scope may do; without it, safe methods. In ``state_dir``, a
        directory that only the app can read, what the service has not heard when the app stops
        waits for the next start: endings, and recorded actions.

        :raises SetupError: an URL, the id, the secret or the pattern is missing or malformed.
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
                session_origins=read_origins(session_origins),
            ),
            read_only=read_only,
            state_dir=state_dir,
            load=load,
        )

    @classmethod
    def embedded(
        cls,
        name: str,
        *,
        url: str,
        staff: Callable[[Any], StaffMember | Awaitable[StaffMember | None] | None],
        users: Users,
        data_dir: str | os.PathLike[str] = "understudy-data",
        database: str | Mapping[str, Any] | None = None,
        schema: str = "understudy",
        allow_impersonation: bool = False,
        redirect_url: str | None = None,
        session_origins: str | None = None,
        read_only: ReadOnlyPolicy | None = None,
        check_password: Callable[[Any, str], bool | Awaitable[bool]] | None = None,
        sign_in_at: str | None = None,
    ) -> Self:
        """Understudy in the app's own processes: no service beside it, the dashboard under a path.

        ``name`` is what staff call the app, in the dashboard and in the log. ``url`` is where
        browsers reach the dashboard, such as ``https://shop.example/understudy``; mount it there.
        ``staff(request)`` says who makes a request, by the app's own sign-in: a `StaffMember`, or
        None for everybody else. ``users`` asks the app's own user table.

        In ``data_dir``, a directory that only the app can read, are the installation's key and
        what the log has reached. The log itself and all else is in ``database``: a PostgreSQL URL,
        SQLAlchemy's too, or Django's entry of it, in a ``schema`` of its own; without one, a SQLite
        file in ``data_dir``. ``allow_impersonation`` is what the application begins with; from
        then on the dashboard decides. ``redirect_url`` is the callback, by default at the origin
        of ``url``; ``session_origins`` and ``read_only`` are as for ``remote``.

        A start wants a recent sign-in: ``check_password(request, password)`` lets staff confirm
        theirs instead, ``sign_in_at`` is the path of the app's sign-in.

        Nothing is opened here: each process does so with its first session, or the first visit to
        its dashboard.

        :raises SetupError: ``understudy[server]`` is not installed, or a value makes no sense.
        """
        link = import_module("understudy.embedded.link")
        embedded: Self = link.embed(
            cls,
            name,
            url=url,
            staff=staff,
            users=users,
            data_dir=data_dir,
            database=database,
            schema=schema,
            allow_impersonation=allow_impersonation,
            redirect_url=redirect_url,
            session_origins=read_origins(session_origins),
            read_only=read_only,
            check_password=check_password,
            sign_in_at=sign_in_at,
        )
        return embedded

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
            raise Refused(refusal_text("nested"), rule="nested")
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

    @contextmanager
    def office(self) -> Iterator[Office]:
        """What the application may ask about itself, for its people at a terminal.

        :raises SetupError: this is no link by HTTP.
        """
        link = self._connect()
        if not isinstance(link, RemoteGateway):
            # Not closed, as it need not have been made just now.
            raise SetupError("Only a link made by Understudy.remote can be asked.")
        with closing(link):
            yield Office(link)

    def revoke_sessions_of(self, actor_id: str) -> None:
        """Revoke all live sessions of an actor, whom the app has disabled, demoted or deleted.

        Say so once that is committed. Does not block, and needs no service at that moment: it is
        tried until the service knows, for two hours at most, and goes on in the next process if
        there is a ``state_dir``. A handful of calls serve however many are named in a moment. What
        the actor begins until then may end as well, should they be let in again at once. To hear
        what became of it: ``revoke_of`` of ``office()``.

        :raises InvalidInput: that is no actor's id.
        """
        require_id(actor_id, "actor_id")
        if not 0 < len(actor_id) <= MAX_ACTOR_ID:
            raise InvalidInput(
                "An actor's id has 1 to 255 characters.", facts={"field": "actor_id"}
            )
        self.runtime().revoke_of(actor_id)

    def on_minted(self, revoke: Callable[[Minted], object]) -> None:
        """Have ``revoke`` called for what ``Impersonation.minted`` has marked, once its session is
        over, however it ended. Say so before the first session is served.

        It gets ``kind`` and ``reference``, on a thread of ours, and has succeeded when it returns.
        If it raises it is called again, after a minute at most, in this process or the next one;
        it may be called for what is revoked already, so let that be no error.
        """
        self._revoke = revoke

    def tell_users_by(self, tell: TellUser) -> None:
        """Call ``tell`` with each session that this app begins, for it to tell the user.

        It is called once a session has begun, on a thread of its own, and only where the
        application's settings say that users are told. What it raises is logged.
        """
        self._tell_user = tell

    def resume(self) -> None:
        """Take up what an earlier process could not tell the service, or has left to be revoked."""
        if self._state is not None or self._revoke is not None:
            self.runtime().follow()

    def close(self) -> None:
        """Send what was recorded and let go of everything; the next use begins anew."""
        runtime = self._runtimes.pop(os.getpid(), None)
        if runtime is not None:
            runtime.close()
        # Behind the runtime, which sends what was recorded before it is closed.
        if self.embedding is not None:
            self.embedding.close()

    def _new_runtime(self) -> Runtime:
        return Runtime(
            gateway=self._connect(),
            clock=self.clock,
            monotonic=self._monotonic,
            random_text=self.random_text,
            read_only=self._read_only,
            state=self._state,
            load=self._load,
            revoke=self._revoke,
            begun=self._begun,
        )

    def _begun(self, opened: Opened) -> None:
        if self._tell_user is not None:
            telling(self._tell_user, opened)

    def __repr__(self) -> str:
        return f"Understudy({self.client.issuer!r}, {self.client.client_id!r})"


def read_origins(pattern: str | None) -> SessionOrigins | None:
    """The pattern of session origins, if the app has any.

    :raises SetupError: it is malformed.
    """
    try:
        return None if pattern is None else SessionOrigins.parse(pattern)
    except InvalidInput as error:
        raise SetupError(error.detail) from None


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
