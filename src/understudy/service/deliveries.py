"""The worker of webhooks, with what it needs of the machine."""

from __future__ import annotations

import random
import time
from functools import partial

from understudy.flows.notices.mail_server import mail_server
from understudy.flows.notices.messages import Outgoing
from understudy.http.node import Node
from understudy.webhooks.authorities import tls_context
from understudy.webhooks.compose import Composer
from understudy.webhooks.mailer import Mailer
from understudy.webhooks.sender import Answer, Sender
from understudy.webhooks.worker import Worker


def delivery_worker(node: Node) -> Worker:
    """The worker of ``node``."""
    sender = Sender(internal=node.settings.internal_targets, tls=tls_context, timer=time.monotonic)
    mailer = Mailer(internal=node.settings.internal_targets, tls=tls_context, timer=time.monotonic)
    return Worker(
        node.engine,
        compose=Composer(node).compose,
        formats=node.wires.formats,
        post=sender.post,
        clock=node.clock,
        timer=time.monotonic,
        chance=random.random,
        wake=node.new_deliveries,
        mail=partial(_hand_in, node, mailer),
    )


def _hand_in(node: Node, mailer: Mailer, outgoing: Outgoing) -> Answer:
    with node.engine.reading() as reader:
        server = mail_server(reader, node.engine.vault)
    if server is None:
        return Answer(error="There is no mail server any more.")
    return mailer.send(server, outgoing.recipients, outgoing.body)
