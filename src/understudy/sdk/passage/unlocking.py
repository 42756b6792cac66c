"""A change that the session may not make, unless somebody has allowed exactly this one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from understudy.core.governance.unlocks import Write
from understudy.errors import UnderstudyError
from understudy.sdk.cache import Held
from understudy.sdk.guard import UNAVAILABLE, Refuse
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import ASK_SECONDS, KeepBody, Steps, Wait
from understudy.sdk.runtime import Runtime
from understudy.sdk.unlock.canonical import MOST_BYTES, Sent, write_of
from understudy.sdk.unlock.unbound import Unbound
from understudy.sdk.unlock.wire import packed

if TYPE_CHECKING:
    from understudy.sdk.unlock.values import Spent

READ_ONLY = "read_only"
"""The only refusal that somebody can lift: what is blocked by name stays so (GUARD-RAILS 16)."""

# In a path as it came: what decodes to a mark that parts paths, or to another escape. Whoever
# decides sees it decoded, and the app's router may not.
_HIDES = re.compile(r"%(?:2[35f]|3[bf]|5c|00)", re.IGNORECASE)


def can_be_unlocked(refuse: Refuse, request: Request) -> bool:
    """Whether ``refuse`` is one that a single change can be excepted from."""
    held, asked = refuse.held, request.asked
    return (
        refuse.code == READ_ONLY
        and held is not None
        and held.session.restrictions.unlocks
        and not asked.socket
        # Of a request that may be taken for several methods nobody knows what they allow; whether
        # a form names one is seen when it is read.
        and not asked.overridden
        and "content-encoding" not in request.headers
    )


def unlocked(runtime: Runtime, request: Request, refuse: Refuse) -> Steps[Held | Refuse]:
    """The session if this very change was allowed, which is spent; else ``refuse``, with what to
    ask for. What was allowed is spent before it is done: never is it done twice.
    """
    held = refuse.held
    body: bytes | None = yield KeepBody(MOST_BYTES)
    write = _write(request, body)
    if held is None or write is None:
        return refuse
    admitted = runtime.guard.let_in(held)
    if isinstance(admitted, Refuse):
        return admitted
    future = runtime.spend(held, write)
    yield Wait(future, ASK_SECONDS)
    try:
        # Whether it was spent is not known: then it is not done, and has to be asked for anew.
        spent: Spent | None = future.result() if future.done() else None
    except UnderstudyError:
        spent = None
    if spent is None:
        return UNAVAILABLE._replace(held=held)
    if spent.spent:
        return admitted
    return refuse._replace(offer=packed(write), differs=spent.differs)


def _write(request: Request, body: bytes | None) -> Write | None:
    if body is None or any(map(_HIDES.search, request.asked.paths)):
        return None
    sent = Sent(
        method=request.method,
        host=request.host,
        path=request.base + request.path.removeprefix(request.base),
        query=request.query,
        content_type=request.headers.get("content-type", ""),
        body=body,
        if_match=request.headers.get("if-match"),
    )
    try:
        return write_of(sent)
    except Unbound:
        return None
