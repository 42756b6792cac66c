"""Refusals as people and programs get them: a page that explains, or a problem with a code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from understudy.core.impersonation.restrictions import SAFE_METHODS
from understudy.sdk import pages
from understudy.sdk.cache import Ended
from understudy.sdk.cookies import OVERLAY, clear_cookie
from understudy.sdk.guard import Refuse
from understudy.sdk.page_marks import OWN, marked
from understudy.sdk.routes import Routes
from understudy.sdk.staying import ending_facts
from understudy.sdk.typed_text import Field
from understudy.sdk.visit import Answer, Headers, problem, wants_page
from understudy.sdk.way_back import forgotten
from understudy.sdk.wording import cause_text, differs_text, refusal_text


def refusal_answer(
    refuse: Refuse,
    routes: Routes,
    *,
    method: str,
    headers: Mapping[str, str],
    base: str,
    now: float,
    cookie: bytes = b"",
    typed: Iterable[Field] = (),
) -> Answer:
    """What the browser gets in place of the app's answer. ``headers`` are in lower case, and
    ``cookie`` is what all Cookie headers hold. ``typed`` is given back on a page.
    """
    page = wants_page(headers)
    if refuse.ended is not None:
        if not page:
            return _ended(refuse, refuse.ended)
        undone = method not in SAFE_METHODS
        home = routes.back_of(cookie) or base + routes.home
        answer = pages.ended_page(
            refuse.ended, undone=undone, home=home, dashboard=routes.dashboard, typed=typed
        )
        # Only where a person reads that the session is over: a page in the background, losing the
        # cookie unseen, would go on as the agent.
        seen = headers.get("sec-fetch-dest", "document") == "document"
        return answer.with_headers(*_over(routes, cookie)) if seen else answer
    if refuse.status == HTTPStatus.NO_CONTENT:
        return Answer(status=HTTPStatus.NO_CONTENT)
    answer = _refused(refuse, routes, page=page, base=base, now=now, typed=typed)
    if refuse.status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer = answer.with_headers(("retry-after", "1"))
    return answer.with_headers(("understudy-impersonation", "1")) if refuse.held else answer


def _over(routes: Routes, cookie: bytes) -> Headers:
    """A browser that is left to itself on the app's own host; its epoch begins anew."""
    cookies = (clear_cookie(OVERLAY), *forgotten(cookie), *routes.epoch.cookies(OWN))
    return tuple(("set-cookie", cookie) for cookie in cookies)


def _ended(refuse: Refuse, ended: Ended) -> Answer:
    facts = ending_facts(ended)
    return problem(refuse.status, refuse.code, cause_text(ended.cause), cause=facts["cause"])


def _refused(
    refuse: Refuse, routes: Routes, *, page: bool, base: str, now: float, typed: Iterable[Field]
) -> Answer:
    detail = refusal_text(refuse.code, refuse.label)
    if refuse.differs:
        detail = f"{detail} {differs_text(refuse.differs)}"
    held = refuse.held
    ask = f"{base}{routes.prefix}/unlock"
    if not page:
        offered = {"unlock": {"at": ask, "write": refuse.offer}} if refuse.offer else {}
        return problem(refuse.status, refuse.code, detail, **offered)
    if held is not None and refuse.offer is not None:
        ask = marked(ask, held.session.id)
    banner = b""
    if held is not None:
        kept = held.banner(routes.links(base))
        banner = kept.render(server_now=held.server_time(now), nonce=None)
    return pages.refused_page(
        refuse.status,
        detail,
        home=base + routes.home,
        session=held.session if held else None,
        banner=banner,
        typed=typed,
        offer=(ask, refuse.offer) if refuse.offer is not None else None,
    )
