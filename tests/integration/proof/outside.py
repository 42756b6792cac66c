"""What an installation has to do with others: whom its e-mail goes by, and a help desk's word."""

from __future__ import annotations

from hashlib import sha256

from tests.contract.rules.world import HERE, World
from understudy.core.governance.tickets import TicketNews, TicketShape
from understudy.core.notices.events import SYSTEM
from understudy.core.notices.receivers import NOTHING_INTERNAL
from understudy.core.people.mail import MailServer, MailTls
from understudy.flows.governance.ticket_hook import remove_hook, set_hook, take_news
from understudy.flows.notices.mail_server import remove_mail_server, set_mail_server

_SERVER = MailServer(
    host="smtp.acme.example", port=587, tls=MailTls.STARTTLS, sender="understudy@acme.example"
)


def hand_in_mail(made: World) -> None:
    """A mail server, set and removed."""
    made.run(
        lambda unit: set_mail_server(
            unit, _SERVER, internal=NOTHING_INTERNAL, by=SYSTEM, origin=HERE
        )
    )
    made.run(lambda unit: remove_mail_server(unit, by=SYSTEM, origin=HERE))


def hear_of_tickets(made: World) -> None:
    """A help desk that closes the ticket of a grant, and is then listened to no more."""
    run, application_id, ticket = made.run, made.application.id, "HELP-8"
    run(lambda unit: set_hook(unit, application_id, TicketShape.JIRA, None, by=SYSTEM, origin=HERE))
    made.granted("ada", ticket=ticket)
    digest = sha256(ticket.encode()).digest()
    news = TicketNews(ticket=ticket, closed=True, digest=digest)
    assert run(lambda unit: take_news(unit, application_id, news, origin=HERE)) == 1
    run(lambda unit: remove_hook(unit, application_id, by=SYSTEM, origin=HERE))
