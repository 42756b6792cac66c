"""E-mail: the server that takes it, and which addresses may be written to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from understudy.core.notices.receivers import (
    NOTHING_INTERNAL,
    InternalTargets,
    Receiver,
    read_mail_host,
)
from understudy.core.people.addresses import addresses_in, spellings
from understudy.core.text import as_seen, fold_email, require_text
from understudy.errors import InvalidInput

MAIL_URL = "mailto:"
"""Where messages by e-mail go: to whoever may decide by then, whom no URL names (RFC 6068)."""
MOST_CHARACTERS = 254
"""RFC 5321, section 4.5.3.1.3: a path of 256 octets, brackets included."""
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9.-]{1,253}", re.IGNORECASE)


class MailTls(StrEnum):
    """How the connection is encrypted: at its beginning, by a command, or never.

    Without TLS no password is sent, and only to a host that whoever runs the service has named.
    """

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where e-mail is handed in; ``sender`` is whom it comes from.

    ``set_by`` is our reference for who set it, or their kind where they have none; None where that
    was not written down yet.
    """

    host: str
    port: int
    tls: MailTls
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    set_by: str | None = None

    def receiver(self, internal: InternalTargets = NOTHING_INTERNAL) -> Receiver:
        """The host, if it may be reached from here.

        :raises InvalidInput: it may not.
        """
        return read_mail_host(
            self.host, self.port, plain=self.tls is MailTls.NONE, internal=internal
        )

    def takes_secrets_of(self, other: MailServer) -> bool:
        """Whether a password that was given for ``other`` may go here as well."""
        return (self.host, self.port, self.tls, self.user) == (
            other.host,
            other.port,
            other.tls,
            other.user,
        )


def require_mail_server(server: MailServer, internal: InternalTargets) -> None:
    """Return only if e-mail can be handed in at ``server``.

    :raises InvalidInput: naming the field that does not make sense.
    """
    server.receiver(internal)
    if mailbox(server.sender) is None:
        raise InvalidInput("Write the sender's address alone, and plainly.", facts=_of("sender"))
    require_text(server.user, "user")
    require_text(server.password, "password")
    if (server.user is None) != (server.password is None):
        raise InvalidInput("Give a user and a password, or neither.", facts=_of("password"))
    if not (f"{server.user}{server.password}").isascii():
        raise InvalidInput("Mail servers take ASCII alone.", facts=_of("password"))
    if server.password is not None and server.tls is MailTls.NONE:
        raise InvalidInput("A password is sent over TLS alone.", facts=_of("tls"))


def mailbox(address: str) -> str | None:
    """``address`` as it is written to a mail server; None for what is no plain address.

    Its domain is encoded where it is not ASCII. Whatever could be taken for more than one address,
    for a command or for a header is none.
    """
    folded = fold_email(address)
    if folded != as_seen(folded) or folded not in addresses_in(folded):
        return None
    encoded = spellings(folded)[-1]
    plain = len(encoded) <= MOST_CHARACTERS and _ADDRESS.fullmatch(encoded)
    return encoded if plain else None


def _of(name: str) -> dict[str, str]:
    return {"field": name}
