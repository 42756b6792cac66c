"""Understudy as it is installed in one app: what every framework's adapter drives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from understudy.core.applications.session_origins import SessionOrigins
from understudy.errors import SetupError
from understudy.sdk.addresses import PREFIX
from understudy.sdk.consenting import ConsentOf
from understudy.sdk.crossing import Crossings
from understudy.sdk.dashboard_path import DashboardPath
from understudy.sdk.declared_reads import DeclaredReads
from understudy.sdk.epoch import HOURS
from understudy.sdk.graphql_reads import GraphQLReads
from understudy.sdk.hand_offs import DEFAULT
from understudy.sdk.leaving import AfterEnd
from understudy.sdk.overrides import UNDERSTOOD, MethodOverrides
from understudy.sdk.own_page import OwnPages
from understudy.sdk.passage.identity import Identity
from understudy.sdk.passage.opening import Passages
from understudy.sdk.reading import Reader
from understudy.sdk.routes import Routes
from understudy.sdk.staff import HomeOf, MayStart, StaffOf, read_staff
from understudy.sdk.understudy import Understudy
from understudy.sdk.unmarked import UnmarkedPaths
from understudy.sdk.unrecorded import Unrecorded


class Options(TypedDict, total=False):
    """What an app may set, by the same names under every framework; nothing of it is needed.

    ``home`` is where a session begins when nothing else was asked for, ``after_end`` where its end
    leads, ``prefix`` where our own addresses are. ``hand_offs`` are the ways by which sessions come
    in: ``code``, and ``stytch`` or ``clerk`` for tokens in the callback's address, which is weaker
    (docs/decisions/0013-query-token-hand-offs.md). ``unrecorded`` names path prefixes, such as
    ``/static/``, whose reading says nothing about anybody and stays out of the log.
    ``method_overrides`` are the ways by which a request may name another method than its own.
    ``bearer_paths`` names path prefixes, such as ``/api/``, to which pages send a token of their
    own: in a session the app does not get it, and serves the subject by what is laid over it.
    Elsewhere a request of a session that brings credentials of its own is refused.

    ``own_cookies`` names the cookies by which the app knows its users, which a session on the app's
    own host must neither see nor change; at a session's origin all cookies are kept apart, but for
    ``script_cookies``, which scripts write and the app reads. ``present_host``, such as
    ``https://app.example``, is what the app takes for its own address there.

    On the app's own host a page acts only for whom it was opened: what a page sends is marked by a
    script, while the browser has a session and ``epoch_hours`` longer (24), and what comes without
    a mark may only read. ``unmarked_ok`` names path prefixes where it may do more, such as
    ``/paid/`` to which another site sends people by a form; there nobody can tell for whom they are
    sent. ``writes_by_get`` names paths whose reading changes something: before it, the person sees
    for whom.

    ``reads`` names routes that change nothing though their method could, such as ``POST /search``,
    or ``/search`` whatever the method: sessions that may only read may ask them
    (docs/howto/read-only.md). ``graphql`` names paths, such as ``/graphql``, where the document
    says what only reads: queries pass in such sessions, by POST as well, and nothing else does.

    ``staff`` lets the app's own staff start sessions by ``POST /_understudy/start``: it gets the
    framework's request (Django's or Flask's, a WSGI environ, an ASGI scope), and gives the
    ``Actor`` who makes it, or None. It goes by the app's own sign-in alone. ``may_start(actor,
    subject_id, request)`` says whether they may ask for this user, ``home_of(subject)`` at which
    path of the app a session begins. Where the app is ASGI, they may be async. ``staff`` and
    ``may_start`` may raise ``SignInRequired`` (docs/howto/start-in-your-app.md).

    ``consent_of`` lets the app's users agree at ``/_understudy/consent`` that somebody works in
    their account, and see who did at ``/_understudy/access-history``: it gets the same request, and
    gives the id of the user whose own sign-in it carries, or None (docs/howto/consent.md).
    """

    home: str
    after_end: AfterEnd
    prefix: str
    hand_offs: Iterable[str]
    unrecorded: Iterable[str]
    method_overrides: MethodOverrides
    own_cookies: Iterable[str]
    script_cookies: Iterable[str]
    bearer_paths: Iterable[str]
    present_host: str | None
    unmarked_ok: Iterable[str]
    writes_by_get: Iterable[str]
    reads: Iterable[str]
    graphql: Iterable[str]
    epoch_hours: int
    staff: StaffOf | None
    may_start: MayStart | None
    home_of: HomeOf | None
    consent_of: ConsentOf | None


class Installed:
    """Our own addresses, the reader of requests, the opener of passages and the own pages' marks.

    ``below`` is what stands behind the wildcard of session origins, if there are any. ``streams``
    says that the adapter serves the banner's events: a worker that does nothing else meanwhile
    would be held up by a single page.

    :raises SetupError: an option is unknown or malformed, or contradicts another one.
    """

    def __init__(
        self,
        understudy: Understudy,
        identity: Identity,
        options: Options,
        *,
        streams: bool = False,
    ) -> None:
        _must_be_known(options)
        dashboard = DashboardPath(understudy.embedding)
        # Its pages are nobody's of the app: they act by an operator's cookie, or not at all.
        passing = (*options.get("unmarked_ok", ()), *dashboard.prefixes)
        unmarked = UnmarkedPaths(passing, options.get("writes_by_get", ()))
        self.understudy = understudy
        self.routes = Routes(
            understudy,
            prefix=options.get("prefix", PREFIX),
            home=options.get("home", "/"),
            after_end=options.get("after_end", AfterEnd.DASHBOARD),
            hand_offs=options.get("hand_offs", DEFAULT),
            epoch_hours=options.get("epoch_hours", HOURS),
            staff=read_staff(
                options.get("staff"), options.get("may_start"), options.get("home_of")
            ),
            consent_of=options.get("consent_of"),
            streams=streams,
        )
        crossings = Crossings(
            understudy.client,
            own_cookies=options.get("own_cookies", ()),
            script_cookies=options.get("script_cookies", ()),
            present_host=options.get("present_host"),
        )
        self.below = _wildcard(understudy.client.session_origins)
        overrides = options.get("method_overrides", UNDERSTOOD)
        declared = DeclaredReads(options.get("reads", ()))
        self.reader = Reader(overrides, options.get("bearer_paths", ()), unmarked, declared)
        self.own_pages = OwnPages(self.routes.page_script, self.routes.epoch)
        unrecorded = Unrecorded(options.get("unrecorded", ()))
        self.passages = Passages(
            understudy,
            self.routes,
            identity,
            unrecorded,
            crossings,
            dashboard=dashboard,
            graphql=GraphQLReads(options.get("graphql", ())),
        )


def _must_be_known(options: Options) -> None:
    # A misspelled one would leave a door open of which its author believes that it is shut.
    for name in options:
        if name not in Options.__optional_keys__:
            known = ", ".join(sorted(Options.__optional_keys__))
            raise SetupError(f"There is no option {name!r}; there are {known}.")


def _wildcard(origins: SessionOrigins | None) -> bytes | None:
    return origins.below.encode() if origins is not None else None
