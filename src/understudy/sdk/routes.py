"""The SDK's own addresses in the app: launch, callback, state, stay, end, and the banner's script.

Each gives its answer at once, or ``Later`` when the service has a part in it: the adapter waits
beside its event loop, for as long as ``Later`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from enum import StrEnum
from functools import partial
from hashlib import sha256
from http import HTTPStatus

from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import token_hash
from understudy.errors import MalformedRequest, OutcomeUnknown, UnderstudyError
from understudy.sdk import hand_offs as ways
from understudy.sdk import launch, pages
from understudy.sdk.banner import BannerLinks, banner_script
from understudy.sdk.cache import Ended, Held
from understudy.sdk.cookies import OVERLAY, DuplicateCookie, clear_cookie, is_token, read_cookie
from understudy.sdk.later import Later
from understudy.sdk.return_path import path_of_referrer, safe_path
from understudy.sdk.runtime import Runtime
from understudy.sdk.same_site import from_own_pages
from understudy.sdk.secret import Secret
from understudy.sdk.sessions import UNKNOWN
from understudy.sdk.staying import state_answer, touch
from understudy.sdk.understudy import Understudy, overlay_cookie
from understudy.sdk.values import Opened, Presented
from understudy.sdk.visit import Answer, Visit, json_answer, problem, see_other, wants_page
from understudy.sdk.wording import refusal_text

PREFIX = "/_understudy"
EXCHANGE_SECONDS = 12.0
"""How long a person waits for a session; it takes two tries of five seconds."""
ASK_SECONDS = 1.0
_SCRIPT_SECONDS = 3600


class AfterEnd(StrEnum):
    """Where the actor goes from the end of a session."""

    DASHBOARD = "dashboard"
    PAGE = "page"


class Routes:
    """Answers visits below ``prefix``. ``home`` is where the app begins, ``hand_offs`` how sessions
    come in.
    """

    def __init__(
        self,
        understudy: Understudy,
        *,
        prefix: str = PREFIX,
        home: str = "/",
        after_end: AfterEnd = AfterEnd.DASHBOARD,
        hand_offs: Iterable[str] = ways.DEFAULT,
    ) -> None:
        self.prefix = prefix
        self.home = safe_path(home, "/")
        self.after_end = AfterEnd(after_end)
        self._hand_offs = ways.read_hand_offs(hand_offs)
        self._understudy = understudy
        self._handlers: dict[tuple[str, str], Callable[[Visit], Answer | Later]] = {
            ("GET", "/launch"): self._launch,
            ("GET", "/callback"): self._callback,
            ("GET", "/state"): self._state,
            ("POST", "/stay"): self._stay,
            ("GET", "/end"): self._confirm,
            ("POST", "/end"): self._end,
            ("GET", "/banner.js"): self._script,
            ("HEAD", "/banner.js"): self._script,
        }

    def owns(self, path: str) -> bool:
        """True for every path that is the SDK's and not the app's."""
        return path.startswith(self.prefix) and path[len(self.prefix) :][:1] in ("", "/")

    def answer(self, visit: Visit, path: str) -> Answer | Later:
        """What a visit to ``path`` gets."""
        name = path[len(self.prefix) :]
        handler = self._handlers.get((visit.method, name))
        if handler is None:
            known = {method for method, known in self._handlers if known == name}
            if not known:
                return problem(HTTPStatus.NOT_FOUND, "not_found", "There is nothing here.")
            allowed = ("allow", ", ".join(sorted(known)))
            detail = "This address does not answer that method."
            answer = problem(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", detail)
            return answer.with_headers(allowed)
        try:
            return handler(visit)
        except UnderstudyError as error:
            if name in ("/launch", "/callback"):
                return self._failed(visit, error)
            return problem(error.status, error.code, error.detail)

    def links(self, base: str) -> BannerLinks:
        """Where the banner finds its parts in an app that is mounted at ``base``."""
        own = base + self.prefix
        return BannerLinks(
            script=f"{own}/banner.js",
            state=f"{own}/state",
            events=f"{own}/events",
            end=f"{own}/end",
            back=base + self.home,
        )

    @property
    def dashboard(self) -> str:
        """The dashboard's address."""
        return self._understudy.client.issuer + "/"

    def token_of(self, visit: Visit) -> Secret | None:
        """The overlay's token.

        :raises MalformedRequest: there are two.
        """
        try:
            value = read_cookie(visit.cookie, OVERLAY)
        except DuplicateCookie:
            raise MalformedRequest(refusal_text("duplicate_cookie")) from None
        return Secret(value) if value is not None and is_token(value) else None

    def _launch(self, visit: Visit) -> Answer:
        if not ways.is_persons_visit(visit):
            return self._only_for_people(visit)
        ways.require_taken(ways.HandOff.CODE, self._hand_offs)
        return launch.begin(
            self._understudy.client,
            visit,
            redirect_uri=self._redirect_uri(visit),
            nonce=self._understudy.random_text(),
            now=self._understudy.clock().timestamp(),
        )

    def _callback(self, visit: Visit) -> Answer | Later:
        if not ways.is_persons_visit(visit):
            return self._only_for_people(visit)
        presented = self._presented(visit)
        older = self.token_of(visit)
        runtime = self._understudy.runtime()
        runtime.follow()
        return Later(
            future=runtime.calls.submit(partial(runtime.sessions.exchange, presented)),
            seconds=EXCHANGE_SECONDS,
            then=lambda opened: self._begun(visit, runtime, older, opened),
            failed=lambda error: self._failed(visit, error),
            otherwise=lambda: self._failed(visit, OutcomeUnknown(UNKNOWN)),
            # The browser never got this session's cookie.
            abandoned=lambda opened: self._end_now(runtime, opened.session_token),
        )

    def _presented(self, visit: Visit) -> Presented:
        """What the browser brings to be exchanged."""
        token = ways.token_in_address(visit.parameters(), self._hand_offs)
        return token or launch.finish(
            self._understudy.client,
            visit,
            redirect_uri=self._redirect_uri(visit),
            now=self._understudy.clock().timestamp(),
        )

    def _begun(
        self, visit: Visit, runtime: Runtime, older: Secret | None, opened: Opened
    ) -> Answer:
        if older is not None and older != opened.session_token:
            self._end_now(runtime, older)
        target = safe_path(opened.return_to, self.home)
        if self.owns(target.partition("?")[0]):
            target = self.home
        return see_other(visit.base + target, overlay_cookie(opened), launch.forget_launch())

    def _state(self, visit: Visit) -> Answer | Later:
        return self._look(visit, lambda runtime, found: None)

    def _stay(self, visit: Visit) -> Answer | Later:
        # Otherwise any site could keep a session alive that its actor has left.
        if not from_own_pages(visit):
            detail = refusal_text("cross_site_refused")
            return problem(HTTPStatus.FORBIDDEN, "cross_site_refused", detail)
        path = f"{self.prefix}/stay"
        return self._look(visit, lambda runtime, found: touch(runtime, found, visit, path))

    def _look(self, visit: Visit, seen: Callable[[Runtime, object], None]) -> Answer | Later:
        """The state of the session, once ``seen`` has seen it."""
        token = self.token_of(visit)
        if token is None:
            return state_answer(Ended(cause=None), None)
        runtime = self._understudy.runtime()

        def answer(found: object) -> Answer:
            seen(runtime, found)
            return state_answer(found, runtime)

        key = token_hash(token.reveal())
        found = runtime.cache.find(key)
        if found is not None:
            return answer(found)
        runtime.follow()
        return Later(
            future=runtime.calls.share(key, partial(runtime.sessions.refresh, token)),
            seconds=ASK_SECONDS,
            then=answer,
            failed=_unavailable,
            otherwise=_unavailable,
        )

    def _confirm(self, visit: Visit) -> Answer:
        token = self.token_of(visit)
        found: Held | Ended | None = None
        if token is not None:
            found = self._understudy.runtime().cache.peek(token_hash(token.reveal()))
        home = visit.base + self.home
        return pages.confirm_page(
            found.session if found is not None else None,
            live=token is not None and not isinstance(found, Ended),
            end=f"{visit.base}{self.prefix}/end",
            home=home,
        )

    def _end(self, visit: Visit) -> Answer | Later:
        if not from_own_pages(visit):
            detail = refusal_text("cross_site_refused")
            return problem(HTTPStatus.FORBIDDEN, "cross_site_refused", detail)
        left = self._left(visit)
        try:
            token = self.token_of(visit)
        except MalformedRequest:
            token = None  # leaving must always work; the cookie is removed all the same
        if token is None:
            return left
        runtime = self._understudy.runtime()
        runtime.follow()
        future = self._end_now(runtime, token)
        return Later(
            future=future,
            seconds=ASK_SECONDS,
            then=lambda _: left,
            failed=lambda _: left,
            otherwise=lambda: left,
        )

    def _end_now(self, runtime: Runtime, token: Secret) -> Future[None]:
        """End the session behind ``token`` here at once, and at the service as soon as it hears."""
        key = token_hash(token.reveal())
        known = runtime.cache.peek(key)
        if isinstance(known, Held):
            runtime.cache.close(known.session.id, EndCause.ENDED_BY_ACTOR)
            return runtime.recorder.end(known.session.id, None, EndCause.ENDED_BY_ACTOR)
        runtime.cache.refuse(key, EndCause.ENDED_BY_ACTOR, known=False)
        return runtime.recorder.end(None, token, EndCause.ENDED_BY_ACTOR)

    def _left(self, visit: Visit) -> Answer:
        headers = (
            ("set-cookie", clear_cookie(OVERLAY)),
            # "cookies" would sign the agent out of the app and of the dashboard too.
            ("clear-site-data", '"cache"'),
        )
        if not wants_page(dict(visit.headers)):
            return json_answer({"active": False}).with_headers(*headers)
        if self.after_end is AfterEnd.DASHBOARD:
            return pages.left_page(self.dashboard).with_headers(*headers)
        home = visit.base + self.home
        referrer = visit.header("referer")
        target = path_of_referrer(referrer, origin=visit.origin, default=home)
        if self.owns(target.removeprefix(visit.base).partition("?")[0]):
            target = home
        return see_other(target).with_headers(*headers)

    def _script(self, visit: Visit) -> Answer:
        script = banner_script()
        if script is None:
            detail = "The banner's script was not built."
            return problem(HTTPStatus.NOT_FOUND, "not_found", detail)
        tag = f'"{sha256(script).hexdigest()[:32]}"'
        headers = (
            ("cache-control", f"public, max-age={_SCRIPT_SECONDS}"),
            ("etag", tag),
        )
        if visit.header("if-none-match") == tag:
            return Answer(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        kind = ("content-type", "text/javascript; charset=utf-8")
        return Answer(headers=(*headers, kind), body=script)

    def _redirect_uri(self, visit: Visit) -> str:
        configured = self._understudy.client.redirect_url
        return configured or f"{visit.origin}{visit.base}{self.prefix}/callback"

    def _only_for_people(self, visit: Visit) -> Answer:
        """A token works once, so whoever fetches it in advance changes nothing: neither the token
        nor the launch cookie, which the person who follows will need.
        """
        detail = "A launch opens as a page of its own, and cannot be fetched in advance."
        return self._failed_page(visit, HTTPStatus.BAD_REQUEST, detail)

    def _failed(self, visit: Visit, error: UnderstudyError) -> Answer:
        answer = self._failed_page(visit, error.status, error.detail)
        return answer.with_headers(("set-cookie", launch.forget_launch()))

    def _failed_page(self, visit: Visit, status: int, detail: str) -> Answer:
        home = visit.base + self.home
        return pages.launch_failed_page(status, detail, home=home, dashboard=self.dashboard)


def _unavailable(_: UnderstudyError | None = None) -> Answer:
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", refusal_text("unavailable"))
