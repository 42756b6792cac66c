"""The worker of webhooks, with what it needs of the machine."""

from __future__ import annotations

import random
import ssl
import time
from functools import cache

import certifi

from understudy.http.node import Node
from understudy.webhooks.compose import Composer
from understudy.webhooks.sender import Sender
from understudy.webhooks.worker import Worker


def delivery_worker(node: Node) -> Worker:
    """The worker of ``node``."""
    sender = Sender(internal=node.settings.internal_targets, tls=tls_context, timer=time.monotonic)
    return Worker(
        node.engine,
        compose=Composer(node).compose,
        formats=node.wires.formats,
        post=sender.post,
        clock=node.clock,
        timer=time.monotonic,
        chance=random.random,
        wake=node.new_deliveries,
    )


@cache
def tls_context() -> ssl.SSLContext:
    """The machine's authorities, with those that come along for machines that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    return context
