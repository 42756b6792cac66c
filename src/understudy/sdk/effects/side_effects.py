"""Senders of an app, wrapped: what an impersonated request sends goes by a policy for its kind."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from understudy.core.impersonation.restrictions import Scope
from understudy.errors import ForbiddenWhileImpersonating, SetupError
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.attribution import current_attribution
from understudy.sdk.context import KIND, Present, present_request
from understudy.sdk.effects.held import HeldEffect, HeldEffects
from understudy.sdk.effects.policy import Effect, Policies
from understudy.sdk.values import Phase

_LOG = logging.getLogger("understudy")
Sender = Callable[..., Any]
_DONE = {
    Effect.SEND: "sent",
    Effect.HOLD: "held",
    Effect.DROP: "dropped",
    Effect.MARK: "marked",
    Effect.REFUSE: "refused",
}


class SideEffects:
    """What an app's senders do in sessions, by ``policies``: from a kind to ``send``, ``hold``,
    ``drop``, ``mark`` or ``refuse``; ``*`` is for all other kinds.

    Unless said otherwise, payments are refused, webhooks of the app marked, and all else is held. A
    session that may only read sends nothing. What is held waits in this process, for ``release`` or
    for the end of its session, at which it is dropped. Where users act for themselves nothing is
    held up.

    :raises SetupError: a policy is none.
    """

    def __init__(self, policies: Mapping[str, str] | None = None) -> None:
        self._policies = Policies(policies)
        self._held = HeldEffects()

    def sender(
        self, kind: str, send: Sender, *, mark: Sender | None = None, otherwise: object = None
    ) -> Sender:
        """``send``, plain or async, under the policy of ``kind``.

        ``mark`` is called in its place with the same arguments where effects are marked;
        ``otherwise`` is the answer where nothing is sent, or not yet.

        :raises SetupError: ``kind`` is no word such as ``sms``.
        """
        if not KIND.fullmatch(kind):
            raise SetupError(f"A kind is a word like sms, not {kind!r}.")

        def decided(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (as the sender has it)
            effect = self.decide(
                kind, functools.partial(send, *args, **kwargs), can_mark=mark is not None
            )
            if effect is Effect.MARK and mark is not None:
                return mark(*args, **kwargs)
            return send(*args, **kwargs) if effect is Effect.SEND else _NOTHING

        if inspect.iscoroutinefunction(send):

            @functools.wraps(send)
            async def wrapped_async(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
                answer = decided(*args, **kwargs)
                return otherwise if answer is _NOTHING else await answer

            return wrapped_async

        @functools.wraps(send)
        def wrapped(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            answer = decided(*args, **kwargs)
            return otherwise if answer is _NOTHING else answer

        return wrapped

    def decide(self, kind: str, later: Callable[[], Any], *, can_mark: bool) -> Effect:
        """What the caller does with an effect of ``kind`` here and now: sends it, marked or not, or
        does nothing. It is told to the log, and kept where it is held: ``later`` sends it then.

        :raises ForbiddenWhileImpersonating: effects of this kind are refused.
        """
        present = present_request()
        found = None if present is None else present.impersonation
        if found is None or not isinstance(present, Present):
            return self._outside(kind, can_mark=can_mark)
        effect = self._policies.of(kind, can_mark=can_mark)
        if found.scope is Scope.READ_ONLY and not present.unlocked and effect is not Effect.REFUSE:
            effect = Effect.DROP
        if effect is Effect.HOLD and found.told is None:
            effect = Effect.DROP
        if found.told is not None:
            found.told.tell(Phase.EFFECT, kind=kind, did=_DONE[effect])
        if effect is Effect.HOLD and found.told is not None:
            self._held.hold(
                HeldEffect(kind=kind, session_id=found.session_id, send=later, told=found.told)
            )
        if effect is Effect.REFUSE:
            present.forbidden = present.forbidden or not present.over
            raise ForbiddenWhileImpersonating
        return effect

    def held(self, session_id: str) -> Sequence[HeldEffect]:
        """What waits of a session in this process, oldest first."""
        return self._held.of(session_id)

    def release(self, session_id: str) -> list[Any]:
        """Send what waits of a session; what the senders answer, to be awaited where they are so.

        For your own operators, on a page or in a command of yours: not for the actor.
        """
        return self._held.release(session_id)

    def drop(self, session_id: str) -> int:
        """Do without what waits of a session, as its end does; how much that was."""
        return self._held.drop(session_id)

    def _outside(self, kind: str, *, can_mark: bool) -> Effect:
        """Beyond requests: a job that a session has caused, or what nobody knows anything about."""
        if current_attribution() is not None:
            effect = self._policies.of(kind, can_mark=can_mark)
            if effect is Effect.REFUSE:
                raise ForbiddenWhileImpersonating
            # In a worker nobody could release it, nor hears of the session's end.
            effect = Effect.DROP if effect is Effect.HOLD else effect
            _LOG.info(
                "An effect of a job that a session has caused: %s",
                _DONE[effect],
                extra={"action": "side_effect", "kind": kind, "did": _DONE[effect]},
            )
            return effect
        if present_request() is None and AT_WORK.anybody():
            _LOG.warning(
                "Something was sent outside of any known request, while somebody is impersonated "
                "in this process: see carried and on_behalf_of",
                extra={"action": "side_effect_unknown", "kind": kind},
            )
        return Effect.SEND


_NOTHING = object()
