"""Where e-mail is handed in: set, looked up, and removed again.

It is kept as one text, encrypted under the installation's key: whoever can write the database but
lacks the key can neither read the password nor have it sent to a server of theirs.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, replace

from understudy.core.notices.events import Event, EventType, Party, Scalar
from understudy.core.notices.receivers import InternalTargets
from understudy.core.people.mail import MailServer, MailTls, require_mail_server
from understudy.core.ports import Reader, Unit, Vault
from understudy.flows.origin import Origin

_NAME = "mail_server"
_PURPOSE = "mail server"
_NONE = ""


def mail_server(reader: Reader, vault: Vault) -> MailServer | None:
    """The server as it was set; None where there is none.

    :raises KeyMismatch: somebody else wrote it.
    """
    kept = reader.meta.get(_NAME)
    if kept is None or kept == _NONE:
        return None
    found = json.loads(vault.decrypt(_PURPOSE, b64decode(kept)))
    return MailServer(**{**found, "tls": MailTls(found["tls"])})


def set_mail_server(
    unit: Unit, server: MailServer, *, internal: InternalTargets, by: Party, origin: Origin
) -> MailServer:
    """Hand e-mail in at ``server`` from now on.

    A password that is not given stays, where it would go to the same place for the same user.

    :raises InvalidInput: naming the field that does not make sense.
    """
    before = mail_server(unit, unit.vault)
    if server.password is None and before is not None and server.takes_secrets_of(before):
        server = replace(server, password=before.password)
    require_mail_server(server, internal)
    server = replace(server, set_by=by.ref or by.kind)
    sealed = unit.vault.encrypt(_PURPOSE, json.dumps(asdict(server)).encode())
    unit.meta.put(_NAME, b64encode(sealed).decode())
    facts: dict[str, Scalar] = {
        "mail_host": server.host,
        "mail_port": server.port,
        "mail_tls": server.tls,
        "mail_user": server.user is not None,
    }
    unit.record(_event(EventType.MAIL_SERVER_SET, by, origin, facts))
    return server


def remove_mail_server(unit: Unit, *, by: Party, origin: Origin) -> None:
    """Send no e-mail from now on; harmless where none was sent."""
    if unit.meta.get(_NAME) in (None, _NONE):
        return
    unit.meta.put(_NAME, _NONE)
    unit.record(_event(EventType.MAIL_SERVER_REMOVED, by, origin, {}))


def _event(kind: EventType, by: Party, origin: Origin, facts: Mapping[str, Scalar]) -> Event:
    return Event(
        type=kind, actor=by, address=origin.address, user_agent=origin.user_agent, details=facts
    )
