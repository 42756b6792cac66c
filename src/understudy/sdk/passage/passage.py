"""One impersonated request that was let in: whom it serves, and what may still turn it away."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from understudy.core.impersonation.sessions import EndCause
from understudy.errors import Unavailable
from understudy.sdk.asked_by import IS_OVER, PINNED
from understudy.sdk.cache import Ended, Held
from understudy.sdk.context import FORBIDDEN, Impersonation, Present, RefusedWrite
from understudy.sdk.cookies import OVERLAY, read_cookie
from understudy.sdk.crossing import Crossing
from understudy.sdk.guard import Refuse
from understudy.sdk.headers import RawHeaders, policies_in
from understudy.sdk.insertion import Insertion
from understudy.sdk.page_policy import may_run, nonce_in
from understudy.sdk.page_script import page_script
from understudy.sdk.passage.action_log import ActionLog
from understudy.sdk.passage.identity import Identity
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import Lazily, Steps, asking
from understudy.sdk.passage.telling import RequestTelling
from understudy.sdk.passage.turned_away import answer_to
from understudy.sdk.place import OWN_HOST
from understudy.sdk.redaction.unreadable import CODE
from understudy.sdk.routes import Routes
from understudy.sdk.runtime import Runtime
from understudy.sdk.scope_marks import TAKEN
from understudy.sdk.secret import Secret
from understudy.sdk.unasked import NOT_ASKED
from understudy.sdk.visit import Answer

if TYPE_CHECKING:
    from understudy.core.redaction.lifted import Lifted
    from understudy.sdk.redaction.passing import Part


class Passage:
    """Made by ``Passages.opening``. ``present`` is what the app runs under.

    ``missing`` is set when a user who is loaded late turns out not to be the subject. Nothing can
    be turned away at that moment, deep in the app's own code; the answer is, before it goes out.
    """

    __slots__ = (
        "_identity",
        "_routes",
        "_user",
        "crossing",
        "held",
        "lifted",
        "log",
        "missing",
        "present",
        "request",
        "rulings",
        "runtime",
    )

    present: Present

    def __init__(  # noqa: PLR0917  (one call for each request of a session)
        self,
        runtime: Runtime,
        routes: Routes,
        identity: Identity,
        held: Held,
        request: Request,
        log: ActionLog,
        crossing: Crossing,
    ) -> None:
        self.runtime = runtime
        self.held = held
        self.rulings = held.rulings
        self.lifted: tuple[Lifted, ...] = ()
        if held.revealed:
            self._reveal(request)
        self.request = request
        self.log = log
        self.crossing = crossing
        self.missing = False
        self._routes = routes
        self._identity = identity
        self._user: object = None

    def _reveal(self, request: Request) -> None:
        """Hide less where an actor has said why; never in what goes on for long."""
        from understudy.core.redaction.rulings import rulings
        from understudy.sdk.redaction.revealing import address_of, lifted_for

        if request.asked.socket:
            return
        now = self.runtime.monotonic()
        self.lifted = lifted_for(self.held, address_of(request), now=now)
        self.rulings = rulings(self.held.session.restrictions.redaction, self.lifted)

    @property
    def token(self) -> Secret:
        """The session's token, as the browser sent it."""
        return Secret(read_cookie(self.request.asked.cookie, OVERLAY) or "")

    def admits(self, user: object) -> bool:
        """Take the app's user; False when it is not the subject."""
        if isinstance(user, Lazily):
            self._user = user.user
            return True
        self._user = user
        return self._identity.is_subject(user, self.held.session.subject)

    def found(self, user: object) -> bool:
        """Take note of the user that was loaded late; False when it is not the subject."""
        # A framework that loads it when somebody looks has so been asked.
        self.present.asked = True
        self.missing = not self._identity.is_subject(user, self.held.session.subject)
        return not self.missing

    def begin(self, *, unlocked: bool = False) -> None:
        """The app may be called; to change what is asked for, where somebody has allowed that."""
        told = RequestTelling(self.runtime, self.held, self.request)
        impersonation = Impersonation.of(self.held.session, self._user, told)
        self.present = Present(impersonation, unlocked=unlocked)

    def pinned(self) -> dict[str, object]:
        """What stands in the request for the app: its session, and who can tell that it is over."""
        pinned: dict[str, object] = {PINNED: self.present.impersonation, IS_OVER: self.is_over}
        # An adapter within, which does not see the session, would take its page for another's.
        return {**pinned, TAKEN: None} if self.crossing.hides_session else pinned

    def late_refusal(self, seen: object) -> Answer | None:
        """Why the app's answer must not go out, now that it has one. ``seen`` is its own user."""
        # The view's own word first: it has done nothing, whatever it shows.
        if self.present.forbidden:
            return self.forbidden()
        if self.present.write is not None:
            return self.write_refused(self.present.write)
        if self.missing or self._is_somebody_else(seen):
            return self.refuse(self.not_applied())
        known = self.runtime.cache.peek(self.held.key)
        if isinstance(known, Ended) and self.request.asked.only_reads:
            # Ended while the view ran. What it read is not shown any more; what it changed is
            # changed, and whoever sent it shall hear how that went.
            return self.refuse(Refuse(HTTPStatus.UNAUTHORIZED, "session_over", ended=known))
        return None

    def redacting(self, status: int, headers: RawHeaders) -> Part | None:
        """What looks through the answer's body on its way out; None where nothing has to."""
        rulings = self.rulings
        if rulings is None or self.request.method == "HEAD":
            return None
        from understudy.sdk.redaction.redacting import redacting

        part = redacting(rulings, self.request.asked.paths, status, headers)
        if part is None or not self.lifted:
            return part
        from understudy.sdk.redaction.revealing import Until

        until = min(until for lifted, until in self.held.revealed if lifted in self.lifted)
        return Until(part, until, self.runtime.monotonic)

    def hidden_in_headers(self, headers: RawHeaders) -> RawHeaders:
        """``headers`` without what is hidden in them."""
        rulings = self.rulings
        if rulings is None:
            return headers
        from understudy.sdk.redaction.header_values import hidden_in_headers

        return hidden_in_headers(headers, rulings)

    def unreadable(self) -> Answer:
        """The answer in place of one in which nobody can find what is hidden."""
        return self.refuse(Refuse(HTTPStatus.FORBIDDEN, CODE, held=self.held))

    def _is_somebody_else(self, seen: object) -> bool:
        # The very user who was found to be the subject is not asked again: where a commit has let
        # go of what was loaded, and the database session is over, that would be an error.
        return seen is not self._user and self._identity.contradicts(
            seen, self.held.session.subject
        )

    def unasked(self, status: int | None, route: str | None) -> str | None:
        """Take note of an answer whose app has never looked whom it is for.

        What comes back is what the log says of a change: the subject may not have been changed.
        """
        log, request = self.log, self.request
        if log.is_told or self.present.asked or status is None or not log.is_kept:
            return None
        changes = not request.asked.only_reads
        # A page that leads elsewhere shows nothing; a change often does.
        if status >= (HTTPStatus.BAD_REQUEST if changes else HTTPStatus.MULTIPLE_CHOICES):
            return None
        self.runtime.unasked.note(request.method, route, request.path)
        return NOT_ASKED if changes else None

    def forbidden(self) -> Answer:
        """The answer in place of a view that only the user themself may use."""
        return self.refuse(Refuse(HTTPStatus.FORBIDDEN, FORBIDDEN, held=self.held))

    def write_refused(self, write: RefusedWrite) -> Answer:
        """The answer in place of one that was to change something in a read-only session."""
        refuse = Refuse(HTTPStatus.FORBIDDEN, write.code, label="changes", held=self.held)
        return self.refuse(refuse, write.table)

    def failed(self) -> Answer:
        """The answer in place of one that the app has failed to give."""
        refuse = Refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "app_failed", held=self.held)
        return answer_to(self.request, refuse, self._routes, now=self.runtime.monotonic())

    def not_applied(self) -> Refuse:
        """End the session, because the app would show somebody else."""
        cause = EndCause.IDENTITY_NOT_APPLIED
        # Here and for everybody: an app that shows one wrong page will show more of them.
        self.runtime.end(self.held, cause)
        ended = Ended(cause=cause, session=self.held.session)
        return Refuse(HTTPStatus.UNAUTHORIZED, cause.value, ended=ended)

    def refuse(self, refuse: Refuse, table: str | None = None) -> Answer:
        """Tell the log that the request was turned away; what goes out in place of its answer."""
        self.log.blocked(refuse.status, refuse.code, table)
        return answer_to(self.request, refuse, self._routes, now=self.runtime.monotonic())

    def insertion(self, headers: RawHeaders) -> Insertion:
        """What is put into a page of the session: its banner, and on the app's own host its mark.

        At a session's origin nobody else's page is ever open.
        """
        request, policies = self.request, policies_in(headers)
        nonce = nonce_in(policies)
        now = self.held.server_time(self.runtime.monotonic())
        banner = self.held.banner(self._routes.links(request.base))
        if request.place is not OWN_HOST:
            return Insertion(banner.render(server_now=now, nonce=nonce))
        script = self._routes.page_script(request.base)
        can_mark = may_run(policies, request.origin + script, nonce)
        return Insertion(
            banner.render(server_now=now, nonce=nonce, can_write=can_mark),
            head=page_script(script, self.held.session.id, nonce),
        )

    def corrected(self) -> RawHeaders:
        """Headers that tell the browser whose pages are live, where it believes otherwise."""
        if self.request.place is not OWN_HOST:
            return []
        cookie, identity = self.request.asked.cookie, self.held.session.id
        return self._routes.epoch.corrected(cookie, identity)

    def is_over(self) -> bool:
        """True once this process knows that the session is over; asks nobody."""
        return isinstance(self.runtime.cache.find(self.held.key), Ended)

    def looking(self) -> Steps[bool]:
        """Whether the answer may go on; False too when nobody can tell any more.

        For drivers that cannot watch the session beside the answer: to be asked between its parts.
        """
        found = self.runtime.cache.find(self.held.key)
        try:
            found = found or (yield from asking(self.runtime, self.token, self.held.key))
        except Unavailable:
            return False
        return isinstance(found, Held)
