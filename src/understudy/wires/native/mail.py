"""E-mail: the server at which it is handed in."""

from __future__ import annotations

import asyncio
import time

from understudy.core.people.mail import MailServer, mailbox
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader, Unit
from understudy.errors import Conflict
from understudy.flows.notices.mail_server import mail_server, remove_mail_server, set_mail_server
from understudy.http.absent import given
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.endpoint import API, NOTHING, Body, Endpoint, RateClass, answers
from understudy.http.nonces import new_nonce
from understudy.http.query import NoQuery
from understudy.webhooks.authorities import tls_context
from understudy.webhooks.letters import trial
from understudy.webhooks.mailer import Mailer
from understudy.wires.native.schemas.mail import (
    MailServerAnswer,
    MailTestAnswer,
    SetMailServer,
)

_TAG = "webhooks"
_READ = operator(Permission.WEBHOOKS_READ)
_WRITE = operator(Permission.WEBHOOKS_WRITE)
_PATH = f"{API}/mail-server"


async def get_mail_server(call: Call[None, NoQuery]) -> MailServerAnswer:
    """Where e-mail is handed in."""
    vault = call.node.engine.vault
    return await call.read(lambda reader: _answer(mail_server(reader, vault)))


async def put_mail_server(call: Call[SetMailServer, NoQuery]) -> MailServerAnswer:
    """Hand e-mail in there from now on."""
    body = call.body
    server = MailServer(
        host=body.host.lower(),
        port=body.port,
        tls=body.tls,
        sender=body.sender,
        user=given(body.user),
        password=given(body.password),
    )

    def flow(unit: Unit) -> MailServerAnswer:
        internal = call.node.settings.internal_targets
        return _answer(
            set_mail_server(unit, server, internal=internal, by=call.party, origin=call.origin)
        )

    return await call.run(flow)


async def delete_mail_server(call: Call[None, NoQuery]) -> None:
    """Send no e-mail from now on."""
    await call.run(lambda unit: remove_mail_server(unit, by=call.party, origin=call.origin))


async def test_mail_server(call: Call[None, NoQuery]) -> MailTestAnswer:
    """Hand one e-mail in, to the caller's own address, and say how that went.

    :raises Conflict: there is no mail server, or no address that one could write to.
    """
    node, who = call.node, call.operator.operator

    def look_up(reader: Reader) -> MailServer | None:
        return mail_server(reader, node.engine.vault)

    server, address = await call.read(look_up), mailbox(who.email)
    if server is None:
        raise Conflict("There is no mail server. Set one first.")
    if address is None:
        raise Conflict("Your own address is none that a mail server takes.")
    mailer = Mailer(internal=node.settings.internal_targets, tls=tls_context, timer=time.monotonic)
    letter = bytes(trial(new_nonce(), node.clock(), node.settings.public_url))
    answer = await asyncio.to_thread(mailer.send, server, [address], letter)
    taken = answer.status is not None and answer.status // 100 == 2  # noqa: PLR2004
    return MailTestAnswer(accepted=taken, status=answer.status, error=answer.error)


def _answer(server: MailServer | None) -> MailServerAnswer:
    if server is None:
        return MailServerAnswer(host=None, port=None, tls=None, sender=None, user=None)
    return MailServerAnswer(
        host=server.host,
        port=server.port,
        tls=server.tls,
        sender=server.sender,
        user=server.user,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        operation="get_mail_server",
        summary="The server at which e-mail is handed in",
        tag=_TAG,
        access=_READ,
        handler=get_mail_server,
        answers=answers(MailServerAnswer),
    ),
    Endpoint(
        method="PUT",
        path=_PATH,
        operation="set_mail_server",
        summary="Hand e-mail in at a server",
        description=(
            "Messages go to operators who may decide, by webhooks in the format `email`. A "
            "password is kept encrypted, and has to be said again for another host, port or user."
        ),
        tag=_TAG,
        access=_WRITE,
        handler=put_mail_server,
        body=Body(type=SetMailServer),
        answers=answers(MailServerAnswer),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="DELETE",
        path=_PATH,
        operation="remove_mail_server",
        summary="Send no e-mail any more",
        tag=_TAG,
        access=_WRITE,
        handler=delete_mail_server,
        answers=(NOTHING,),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_PATH}/test",
        operation="test_mail_server",
        summary="Send an e-mail to oneself",
        description="At once and once, whatever comes of it.",
        tag=_TAG,
        access=_WRITE,
        handler=test_mail_server,
        answers=answers(MailTestAnswer),
        problems=(Conflict,),
        rate=RateClass.WRITE,
    ),
)
