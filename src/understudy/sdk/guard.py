"""Decides for every request in the app, without any I/O, whether and as whom it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

from understudy.core.impersonation.restrictions import (
    SAFE_METHODS,
    Blocked,
    Methods,
    effective_methods,
)
from understudy.core.impersonation.tokens import token_hash
from understudy.sdk.cache import Ended, Held, SessionCache
from understudy.sdk.cookies import OVERLAY, DuplicateCookie, is_token, read_cookie
from understudy.sdk.epoch import is_known
from understudy.sdk.page_judge import REPORT, judge_page
from understudy.sdk.page_marks import OWN
from understudy.sdk.read_only import ReadOnlyPolicy, SafeMethodsOnly
from understudy.sdk.secret import Secret
from understudy.sdk.unmarked import Unmarked


@dataclass(slots=True)
class Asked:
    """What a request says of itself. ``paths`` are all readings of its path that routers use.

    ``cookie`` is the whole Cookie header; several are joined by ``; ``. Not frozen, as one is made
    for each request of a session and that would cost three times as much.
    ``mark`` is whose page it says to come from, ``unmarked`` what becomes of it without.
    ``overridden`` says that a header or the query names a method; what a form may name is in its
    body.
    ``reads`` says that the app has declared its route to change nothing, ``by_view`` finds out
    whether every view that it may reach is marked so; it is asked in read-only sessions alone.
    """

    cookie: bytes
    methods: Methods
    paths: tuple[str, ...]
    authorization: bool = False
    socket: bool = False
    mark: str | None = None
    unmarked: Unmarked = Unmarked.BY_METHOD
    overridden: bool = False
    reads: bool = False
    by_view: Callable[[], bool] | None = None

    @property
    def only_reads(self) -> bool:
        """True where nothing is changed, whichever of the methods an app goes by."""
        return SAFE_METHODS.issuperset(self.methods)

    @property
    def changes(self) -> bool:
        """True where something may be changed, now or by what is sent later."""
        return self.socket or not SAFE_METHODS.issuperset(self.methods)


class Pass(NamedTuple):
    """No overlay: the request is none of our business."""


class NeedsRefresh(NamedTuple):
    """Ask the service about ``token``, then come back with ``Guard.judge``."""

    token: Secret
    key: bytes


class Refuse(NamedTuple):
    """Go no further. ``held`` is the session that goes on; ``ended`` the one that does not.

    ``offer`` is a change that can be asked for, packed; ``differs`` are the fields in which it is
    another than the one that was allowed.
    """

    status: HTTPStatus
    code: str
    label: str | None = None
    held: Held | None = None
    ended: Ended | None = None
    offer: str | None = None
    differs: tuple[str, ...] = ()


Verdict = Pass | Held | NeedsRefresh | Refuse
"""A session that is held says: go on as its subject."""
PASS = Pass()
UNAVAILABLE = Refuse(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
_READS = frozenset({("GET",), ("HEAD",)})
_BY_METHOD = Unmarked.BY_METHOD
_DROPPED = Refuse(HTTPStatus.NO_CONTENT, REPORT)


class Guard:
    """Fails closed: whatever is not known for certain is asked for or refused."""

    def __init__(
        self,
        *,
        cache: SessionCache,
        monotonic: Callable[[], float],
        recorder_full: Callable[[str], bool],
        read_only: ReadOnlyPolicy | None = None,
    ) -> None:
        self._cache = cache
        self._monotonic = monotonic
        self._recorder_full = recorder_full
        self._read_only = read_only or SafeMethodsOnly()

    def decide(self, asked: Asked) -> Verdict:
        """What becomes of a request."""
        try:
            value = read_cookie(asked.cookie, OVERLAY)
        except DuplicateCookie:
            return Refuse(HTTPStatus.BAD_REQUEST, "duplicate_cookie")
        # Nearly all requests end here, so that nothing may stand before it but the look at the
        # cookie.
        if value is None:
            known = is_known(asked.cookie)
            return _of_page(asked, OWN, known=known) if known or asked.mark is not None else PASS
        if asked.authorization:
            # Two identities in one request: whichever layer looks first would win.
            return Refuse(HTTPStatus.BAD_REQUEST, "ambiguous_credentials")
        key = token_hash(value)
        found = self._cache.find(key)
        if found is not None:
            return self.judge(found, asked)
        if not is_token(value):
            return Refuse(HTTPStatus.UNAUTHORIZED, "session_over", ended=Ended(cause=None))
        return NeedsRefresh(Secret(value), key)

    def judge(self, found: Held | Ended, asked: Asked) -> Held | Refuse:
        """What becomes of a request whose session was just found, or found to be over."""
        if isinstance(found, Ended):
            return Refuse(HTTPStatus.UNAUTHORIZED, "session_over", ended=found)
        # First, as the session's rules are none for what another page asks. What only reads and has
        # no mark, which is nearly all, goes on without the call.
        if (
            asked.mark is not None
            or asked.unmarked is not _BY_METHOD
            or asked.methods not in _READS
            or asked.socket
        ):
            page = _of_page(asked, found.session.id, known=True)
            if isinstance(page, Refuse):
                return page if page is _DROPPED else page._replace(held=found)
        # Every reading of the path must pass: which one the app's router takes is not known here.
        blocked = found.rulebook.blocked(asked.methods, asked.paths)
        if blocked is None and found.read_only:
            blocked = self._judge_change(asked)
        if blocked is not None:
            return Refuse(HTTPStatus.FORBIDDEN, blocked.code, label=blocked.label, held=found)
        return self.let_in(found)

    def let_in(self, found: Held) -> Held | Refuse:
        """The session, active by this, unless nobody can write down what is done in it."""
        # What could not be recorded must not be done: better no support than support unseen.
        if self._recorder_full(found.session.id):
            return UNAVAILABLE
        # Only what is let in counts as activity, not what was refused.
        found.idle_until = self._monotonic() + found.idle_seconds
        return found

    def _judge_change(self, asked: Asked) -> Blocked | None:
        if asked.socket:
            return self._read_only.judge_socket()
        blocked = self._read_only.judge(asked.methods)
        if blocked is None or asked.reads or (asked.by_view is not None and asked.by_view()):
            return None
        return blocked


def _of_page(asked: Asked, identity: str, *, known: bool) -> Pass | Refuse:
    code = judge_page(asked.mark, identity, asked.unmarked, changes=asked.changes, known=known)
    if code is None:
        return PASS
    return _DROPPED if code == REPORT else Refuse(HTTPStatus.CONFLICT, code)


def methods_of(method: str, overrides: Iterable[str]) -> Methods:
    """Every method that a request may be taken for."""
    return effective_methods(method, overrides) if overrides else (method.upper(),)
