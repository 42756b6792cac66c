"""A help desk tells of closed tickets, and admins say which one may."""

from __future__ import annotations

from understudy.core.governance.tickets import TicketHook
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader, Unit
from understudy.errors import InvalidInput, NotFound, NotSignedIn
from understudy.flows.governance.ticket_hook import (
    hook_of,
    remove_hook,
    set_hook,
    standing_on,
    take_news,
)
from understudy.flows.known_application import known_application
from understudy.http.access import PUBLIC, operator
from understudy.http.call import Call
from understudy.http.endpoint import (
    API,
    JSON,
    MAX_TEXT_BYTES,
    NOTHING,
    Body,
    Endpoint,
    RateClass,
    answers,
)
from understudy.http.query import NoQuery
from understudy.wires.native.schemas.ticket_hook import (
    ReadTicketNews,
    SetTicketHook,
    TicketHookAnswer,
    TicketHookSecret,
    TicketNewsRead,
    TicketNewsTaken,
)
from understudy.wires.native.ticket_shapes import news_in, told_in

_TAG = "applications"
_HOOK = f"{API}/applications/{{application_id}}/ticket-hook"
_WRITE = operator(Permission.APPLICATIONS_WRITE)


def path_of(application_id: str) -> str:
    """Where a help desk sends its messages."""
    return f"{API}/tickets/{application_id}"


async def get_ticket_hook(call: Call[None, NoQuery]) -> TicketHookAnswer:
    """The hook, without its secret.

    :raises NotFound: no such application.
    """
    application_id = call.path["application_id"]

    def look_up(reader: Reader) -> TicketHook | None:
        return hook_of(reader, known_application(reader, application_id).id)

    hook = await call.read(look_up)
    return TicketHookAnswer(
        shape=None if hook is None else hook.shape,
        path=path_of(application_id),
        set_at=None if hook is None else hook.set_at,
    )


async def set_ticket_hook(call: Call[SetTicketHook, NoQuery]) -> TicketHookSecret:
    """A hook, with its secret."""
    application_id, body = call.path["application_id"], call.body

    def flow(unit: Unit) -> TicketHook:
        return set_hook(
            unit, application_id, body.shape, body.secret, by=call.party, origin=call.origin
        )

    hook = await call.run(flow)
    return TicketHookSecret(
        shape=hook.shape, path=path_of(application_id), set_at=hook.set_at, secret=hook.secret
    )


async def remove_ticket_hook(call: Call[None, NoQuery]) -> None:
    """Hear of no tickets any more."""
    application_id = call.path["application_id"]
    await call.run(
        lambda unit: remove_hook(unit, application_id, by=call.party, origin=call.origin)
    )


async def read_ticket_news(call: Call[ReadTicketNews, NoQuery]) -> TicketNewsRead:
    """What would be read in a message; nothing ends.

    :raises NotFound: there is no hook.
    """
    application_id = call.path["application_id"]

    def look_up(reader: Reader) -> TicketNewsRead:
        hook = hook_of(reader, application_id)
        if hook is None:
            raise NotFound("This application hears of no tickets.")
        ticket, closed = told_in(hook.shape, call.body.message.encode())
        grants = sum(1 for _ in standing_on(reader, application_id, ticket))
        return TicketNewsRead(ticket=ticket, closed=closed, grants=grants)

    return await call.read_long(look_up)


async def take_ticket_news(call: Call[bytes, NoQuery]) -> TicketNewsTaken:
    """Withdraw what was granted for a ticket that is closed.

    :raises NotSignedIn: not signed with the hook's secret, too old, or there is no hook.
    """
    application_id = call.path["application_id"]
    hook = await call.read(lambda reader: hook_of(reader, application_id))
    if hook is None:
        raise NotSignedIn
    clock = call.node.engine.clock
    news = news_in(hook, call.headers, call.body, clock.latest())
    withdrawn = await call.run_ending(
        lambda unit: take_news(unit, application_id, news, origin=call.origin)
    )
    return TicketNewsTaken(withdrawn=withdrawn)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_HOOK,
        operation="get_ticket_hook",
        summary="From which help desk an application hears of closed tickets",
        tag=_TAG,
        access=operator(Permission.APPLICATIONS_READ),
        handler=get_ticket_hook,
        answers=answers(TicketHookAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_HOOK,
        operation="set_ticket_hook",
        summary="Hear of closed tickets from a help desk",
        description=(
            "In the shape of Zendesk, of Jira, or of Standard Webhooks with `ticket` and `status`. "
            "The secret is shown this once."
        ),
        tag=_TAG,
        access=_WRITE,
        handler=set_ticket_hook,
        body=Body(type=SetTicketHook),
        answers=answers(TicketHookSecret),
        problems=(NotFound, InvalidInput),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="DELETE",
        path=_HOOK,
        operation="remove_ticket_hook",
        summary="Hear of no tickets any more",
        tag=_TAG,
        access=_WRITE,
        handler=remove_ticket_hook,
        answers=(NOTHING,),
        problems=(NotFound,),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_HOOK}/test",
        operation="test_ticket_hook",
        summary="See what would be read in a help desk's message",
        description="Of what a help desk shows that it has sent. Nothing ends.",
        tag=_TAG,
        access=_WRITE,
        handler=read_ticket_news,
        body=Body(type=ReadTicketNews, max_bytes=MAX_TEXT_BYTES),
        answers=answers(TicketNewsRead),
        problems=(NotFound, InvalidInput),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=path_of("{application_id}"),
        operation="take_ticket_news",
        ends=True,
        summary="A help desk says that a ticket is closed",
        description=(
            "Signed with the hook's secret, and taken once. What was granted for the ticket is "
            "withdrawn, and its sessions end."
        ),
        tag=_TAG,
        access=PUBLIC,
        handler=take_ticket_news,
        body=Body(type=bytes, media=(JSON,)),
        answers=answers(TicketNewsTaken),
        # Not found is only what can be no id: who knows no secret learns of no application.
        problems=(NotSignedIn, NotFound, InvalidInput),
        rate=RateClass.PUBLIC,
    ),
)
