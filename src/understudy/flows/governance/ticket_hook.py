"""A help desk says that a ticket is closed: whoever works for it works no longer."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from understudy.core.applications.application import Application
from understudy.core.governance.tickets import TicketHook, TicketNews, TicketShape, is_about
from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import TICKET_MAX_LENGTH, GrantStatus
from understudy.core.impersonation.tokens import NONCE_BYTES
from understudy.core.notices.events import EventType, Party, Scalar
from understudy.core.ports import FIRST_PAGE, GrantFilter, Reader, Unit
from understudy.core.times import to_ms
from understudy.errors import InvalidInput, NotSignedIn
from understudy.flows.application_events import application_event
from understudy.flows.impersonation.cancel import OPEN, cancel
from understudy.flows.known_application import known_application
from understudy.flows.origin import Origin, legible

SECRET_MIN_LENGTH = 16
_PURPOSE = "ticket hook"


def hook_of(reader: Reader, application_id: str) -> TicketHook | None:
    """From whom an application hears of closed tickets; None while from nobody.

    A row of another application, or one that was made up, opens under no key of ours.
    """
    stored = reader.meta.get(_name(application_id))
    if not stored:
        return None
    plain = reader.vault.decrypt(_name(application_id), b64decode(stored))
    facts = json.loads(plain)
    return TicketHook(
        shape=TicketShape(facts["shape"]),
        secret=facts["secret"],
        set_at=datetime.fromisoformat(facts["set_at"]),
    )


def set_hook(
    unit: Unit,
    application_id: str,
    shape: TicketShape,
    secret: str | None,
    *,
    by: Party,
    origin: Origin,
) -> TicketHook:
    """Hear of closed tickets from now on, in place of a hook that was there before.

    ``secret`` is given where the help desk makes its own; else there is a new one.

    :raises NotFound: no such application.
    :raises InvalidInput: a secret that could be guessed.
    """
    application = known_application(unit, application_id)
    if secret is not None and len(secret) < SECRET_MIN_LENGTH:
        raise InvalidInput(
            f"A secret has at least {SECRET_MIN_LENGTH} characters.", facts={"field": "secret"}
        )
    made = "whsec_" + b64encode(unit.random(NONCE_BYTES)).decode()
    hook = TicketHook(shape=shape, secret=secret or made, set_at=unit.now)
    facts = {"shape": shape, "secret": hook.secret, "set_at": hook.set_at.isoformat()}
    sealed = unit.vault.encrypt(_name(application_id), json.dumps(facts).encode())
    unit.meta.put(_name(application_id), b64encode(sealed).decode())
    details: dict[str, Scalar] = {"shape": shape}
    unit.record(application_event(EventType.TICKET_HOOK_SET, application, by, origin, details))
    return hook


def remove_hook(unit: Unit, application_id: str, *, by: Party, origin: Origin) -> None:
    """Hear of no tickets any more. Idempotent.

    :raises NotFound: no such application.
    """
    application = known_application(unit, application_id)
    if hook_of(unit, application_id) is None:
        return
    unit.meta.put(_name(application_id), "")
    unit.record(application_event(EventType.TICKET_HOOK_REMOVED, application, by, origin, {}))


def take_news(unit: Unit, application_id: str, news: TicketNews, *, origin: Origin) -> int:
    """How many grants were withdrawn, sessions of theirs ended, because their ticket is closed.

    A message that comes again withdraws nothing: by then the ticket may be open once more.

    :raises NotSignedIn: no such application, which is nobody's to know.
    """
    application = unit.applications.get(application_id)
    if application is None:
        raise NotSignedIn
    if not news.closed or unit.used_nonces.has(_name(application_id), news.digest):
        return 0
    unit.used_nonces.add(_name(application_id), news.digest, unit.now)
    withdrawn = _withdraw(unit, application, news, origin)
    event = application_event(
        EventType.TICKET_CLOSED, application, application.party, origin, {"grants": withdrawn}
    )
    unit.record(replace(event, ticket=legible(news.ticket, TICKET_MAX_LENGTH)))
    return withdrawn


def standing_on(reader: Reader, application_id: str, ticket: str) -> Iterator[GrantId]:
    """What is granted for ``ticket`` and not over: what would end with it."""
    where = GrantFilter(application_id=application_id, statuses=frozenset[GrantStatus](OPEN))
    page = FIRST_PAGE
    # On from the last one, so that it ends also where what is cancelled is not written.
    while grants := reader.grants.search(where, page):
        yield from (grant.id for grant in grants if is_about(grant.ticket, ticket))
        page = replace(page, after=(str(to_ms(grants[-1].created_at)), grants[-1].id))


def _withdraw(unit: Unit, application: Application, news: TicketNews, origin: Origin) -> int:
    withdrawn = 0
    for grant_id in standing_on(unit, application.id, news.ticket):
        cancel(unit, grant_id, by=application.party, origin=origin)
        withdrawn += 1
    return withdrawn


def _name(application_id: str) -> str:
    return f"{_PURPOSE} {application_id}"
