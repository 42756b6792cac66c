"""The page behind an actor token's ``url``. Looking at it changes nothing; its button does."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from understudy.core.applications.session_origins import return_addresses
from understudy.core.impersonation.restrictions import Scope
from understudy.core.ports import Reader, Unit
from understudy.errors import CrossSiteRefused, UnderstudyError
from understudy.flows.impersonation.about import subject_party
from understudy.flows.impersonation.accept import accept, why_not
from understudy.flows.impersonation.denied import Denied
from understudy.http.access import PUBLIC
from understudy.http.call import Call
from understudy.http.endpoint import FORM, Body, Endpoint, RateClass
from understudy.http.incoming import Incoming
from understudy.http.nonces import new_nonce
from understudy.http.pages import message_page, moving_on_page
from understudy.http.query import NoQuery, parse
from understudy.wires.clerk.actor_tokens import ACCEPT_PATH
from understudy.wires.clerk.actors import NOT_GIVEN
from understudy.wires.clerk.answers import API, ROOT, endpoint
from understudy.wires.clerk.handshake import COOKIE_PREFIX, Nonce, Visit, back, seal, target_origin
from understudy.wires.clerk.ticket_pages import (
    Person,
    TicketFacts,
    confirm_page,
    homeless_page,
    unusable_page,
)
from understudy.wires.clerk.tickets import KnownTicket, known_ticket

_STATUS = "sign_in"


async def show(call: Call[None, NoQuery]) -> Response:
    """Who would work as whom, and why."""
    ticket = dict(parse(call.query_string)).get("ticket", "")
    now = call.node.clock.latest()

    def look_up(reader: Reader) -> TicketFacts | None:
        found = known_ticket(reader, ticket)
        if found is None or why_not(reader, found.token, found.grant, now=now) is not None:
            return None
        return _facts(reader, found)

    facts = await call.read(look_up)
    if facts is None:
        return unusable_page(nonce=new_nonce())
    return confirm_page(facts, action=API + ACCEPT_PATH, nonce=new_nonce())


async def go_on(call: Call[dict[str, str], NoQuery]) -> Response:
    """Remember this browser, and move on to the app; the app uses the ticket up."""
    visit = Visit(sign_in_ticket=call.body.get("ticket", ""), mark=new_nonce())

    def flow(unit: Unit) -> Response:
        found = known_ticket(unit, visit.sign_in_ticket)
        if found is None:
            return unusable_page(nonce=new_nonce())
        urls = found.application.settings.redirect_urls
        if not urls:
            return homeless_page(nonce=new_nonce())
        bound = accept(unit, found.token, found.grant, mark=visit.mark, origin=call.origin)
        if isinstance(bound, Denied):
            return unusable_page(nonce=new_nonce())
        url = return_addresses(urls, found.grant.origin)[0]
        page = moving_on_page(url=_landing(call, url, visit), nonce=new_nonce())
        page.headers.append("set-cookie", _cookie(found, visit, unit.now))
        return page

    return await call.run(flow)


def on_error(error: UnderstudyError, _: Incoming) -> Response:
    """People look at this, so errors are pages as well."""
    if isinstance(error, CrossSiteRefused):
        return message_page(
            title="Refused",
            paragraphs=("Another site made your browser ask for this. Nothing has happened.",),
            nonce=new_nonce(),
            status=error.status,
        )
    return message_page(
        title="This did not work",
        paragraphs=(error.detail, "Nothing has happened. Open the link again."),
        nonce=new_nonce(),
        status=error.status,
    )


def _landing(call: Call[dict[str, str], NoQuery], url: str, visit: Visit) -> str:
    """The app with the ticket, and with a nonce for what speaks Clerk's handshake there.

    Whichever of them the app's backend takes first uses up the ticket.
    """
    query = urlencode({"__clerk_ticket": visit.sign_in_ticket, "__clerk_status": _STATUS})
    separator = "&" if "?" in url else "?"
    nonce = Nonce(origin=target_origin(url) or "", visit=visit)
    sealed = seal(call.node.engine.vault, nonce, now=call.node.clock())
    return back(f"{url}{separator}{query}", sealed)


def _cookie(found: KnownTicket, visit: Visit, now: datetime) -> str:
    """A ``Set-Cookie`` value that lasts as long as a session of this ticket can."""
    last = found.token.expires_at + timedelta(minutes=found.grant.minutes)
    seconds = int((last - now).total_seconds())
    name = COOKIE_PREFIX + found.application.id
    return f"{name}={visit.cookie}; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax; Path=/"


def _facts(reader: Reader, found: KnownTicket) -> TicketFacts:
    grant = found.grant
    party, actor = subject_party(reader, grant), grant.actor
    return TicketFacts(
        sign_in_ticket=found.sign_in_ticket,
        application=found.application.name,
        subject=_person(party.name, party.email, grant.subject_id),
        actor=_person(actor.name, actor.email, actor.id),
        reason=grant.reason,
        reason_given=not grant.reason.startswith(NOT_GIVEN),
        reference=grant.ticket,
        minutes=grant.minutes,
        read_only=grant.scope is Scope.READ_ONLY,
    )


def _person(name: str | None, email: str | None, id_: str) -> Person:
    known = [text for text in (name, email, id_) if text]
    return Person(name=known[0], further=" · ".join(dict.fromkeys(known[1:])))


def _at(base: str, suffix: str) -> tuple[Endpoint, Endpoint]:
    path = base + ACCEPT_PATH
    return (
        endpoint(
            method="GET",
            path=path,
            operation=f"clerk_show_ticket{suffix}",
            summary="The page behind an actor token's URL",
            access=PUBLIC,
            handler=show,
            raw_query=True,
            on_error=on_error,
            rate=RateClass.PUBLIC,
        ),
        endpoint(
            method="POST",
            path=path,
            operation=f"clerk_accept_ticket{suffix}",
            summary="Go on into the app",
            access=PUBLIC,
            handler=go_on,
            body=Body(type=dict[str, str], media=(FORM,)),
            raw_query=True,
            on_error=on_error,
            rate=RateClass.PUBLIC,
        ),
    )


ENDPOINTS = (*_at(API, ""), *_at(ROOT, "_at_root"))
