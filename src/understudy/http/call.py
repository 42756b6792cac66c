"""One request, checked and decoded: what every handler gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from understudy.core.impersonation.endings import Proof
from understudy.core.notices.events import Party
from understudy.core.ports import Flow, Reader
from understudy.errors import NotSignedIn, OutcomeUnknown, StorageBusy, Unavailable
from understudy.flows.impersonation.carry_on import settle
from understudy.flows.impersonation.open_session import Fallen, Over
from understudy.flows.origin import Origin
from understudy.http.idempotency import Once, Replay, run_once
from understudy.http.incoming import Headers, Incoming
from understudy.http.node import Node
from understudy.http.principal import ApplicationPrincipal, OperatorPrincipal, Principal
from understudy.http.rate_limits import RateClass
from understudy.storage.engine.doubt import is_unsure
from understudy.storage.engine.endings import Ended

T = TypeVar("T")
B_co = TypeVar("B_co", covariant=True)
Q_co = TypeVar("Q_co", covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call(Generic[B_co, Q_co]):
    """A request whose caller may make it, with ``body``, ``query`` and ``path`` already decoded.

    ``once`` is set when the caller gave an Idempotency-Key and the endpoint takes one.
    """

    node: Node
    principal: Principal
    body: B_co
    query: Q_co
    query_string: bytes
    path: Mapping[str, str]
    incoming: Incoming
    once: Once | None = None

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        return self.incoming.headers

    @property
    def origin(self) -> Origin:
        """Where the call came from, as far as trusted proxies let it be known."""
        return Origin.of(self.incoming.address, self.headers.get("user-agent"))

    @property
    def operator(self) -> OperatorPrincipal:
        """The operator who calls.

        :raises NotSignedIn: when somebody else does; endpoints for operators never see it.
        """
        if isinstance(self.principal, OperatorPrincipal):
            return self.principal
        raise NotSignedIn

    @property
    def application(self) -> ApplicationPrincipal:
        """The application that calls.

        :raises NotSignedIn: when somebody else does; endpoints for applications never see it.
        """
        if isinstance(self.principal, ApplicationPrincipal):
            return self.principal
        raise NotSignedIn

    @property
    def party(self) -> Party:
        """The caller as named in an entry.

        :raises NotSignedIn: on a public endpoint.
        """
        if isinstance(self.principal, ApplicationPrincipal):
            return self.principal.application.party
        return self.operator.operator.party

    def count_unknown_token(self) -> None:
        """The token that this call asks about is nobody's: it costs the caller's limit nothing.

        :raises TooManyRequests: too many of them.
        """
        caller = self.principal.id or self.incoming.address or ""
        self.node.rate_limits.count_unknown_token(RateClass.SESSION, caller)

    @property
    def proven(self) -> Proof:
        """How the caller is known, as far as the protocol does not say otherwise."""
        return Proof.SIGN_IN if isinstance(self.principal, OperatorPrincipal) else Proof.SECRET

    async def run(self, flow: Flow[T]) -> T:
        """Run ``flow`` in the writer; answers once what it did is durable.

        :raises EndedNotSaved: when it was not written, and sessions that it ends are over.
        """
        at = self.node.engine.now()
        try:
            done = await self.node.run(flow)
        except StorageBusy:
            # Soon over, and to think everything through again would keep it so.
            raise
        except Unavailable as error:
            raise await self.node.after_failure(flow, error, at=at, proven=self.proven) from error
        self._forget_applications()
        return done

    async def run_ending(self, flow: Flow[T]) -> T:
        """``run`` for a change that may end sessions: they end within a second, whatever is queued.

        :raises EndedNotSaved: when it was not written, and sessions that it ends are over.
        """
        done = await self.node.run_ending(flow, proven=self.proven)
        self._forget_applications()
        return done

    async def end(self, flow: Flow[T]) -> Ended[T]:
        """Run a ``flow`` that does nothing but end sessions; they are over when this returns.

        :raises EndedHereOnly: when they are over, and neither log nor disk could take that.
        """
        return await self.node.end(flow, proven=self.proven)

    def _forget_applications(self) -> None:
        if isinstance(self.principal, OperatorPrincipal):
            # Only operators change applications; whoever hears of it may act on it at once.
            self.node.known_applications.forget()

    async def run_once(self, flow: Flow[T]) -> T | Replay:
        """Like ``run``, but the same Idempotency-Key gets the first answer again.

        ``flow`` answers the struct to send. Answers that refuse are not kept.

        :raises OutcomeUnknown: when it may have been done, now or when it was asked for before.
        """
        if self.once is None:
            return await self.run(flow)
        try:
            return await self.run(run_once(self.once, flow))
        except Unavailable as error:
            if is_unsure(error):
                # The first call under this key may be the very one that is in doubt.
                raise OutcomeUnknown(internal=error.internal) from error
            raise

    async def read(self, look_up: Callable[[Reader], T]) -> T:
        """What ``look_up`` finds on one consistent snapshot; for short reads."""
        return await self.node.read(look_up)

    async def read_long(self, look_up: Callable[[Reader], T]) -> T:
        """Like ``read``, always in a thread: for searches and other reads of many rows."""
        return await self.node.read_long(look_up)

    async def look(self, look_up: Callable[[Reader], T | Over | Fallen]) -> T | Over:
        """What ``look_up`` finds of a session; one that has fallen is over, and is ended here.

        That it is over is known before it is written: where nothing can be written now, the next
        look finds it again.
        """
        found = await self.node.read(look_up)
        if not isinstance(found, Over | Fallen) and self.node.halted is not None:
            # What is done in it could not be written down, nor its end be found.
            raise Unavailable(self.node.halted)
        if not isinstance(found, Fallen):
            return found
        with suppress(Unavailable):
            await self.node.run(lambda unit: settle(unit, found, origin=self.origin))
        return Over(cause=found.cause)
