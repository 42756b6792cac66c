"""Says what a delivery tells, from the log as it is then: what was erased is told to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from understudy.core.applications.application import Application
from understudy.core.ids import OperatorId, SubjectId
from understudy.core.notices.webhooks import (
    Delivery,
    DeliveryKind,
    EndpointStatus,
    WebhookEndpoint,
)
from understudy.core.people.mail import MAIL_URL, mailbox
from understudy.core.people.principals import Subject
from understudy.core.ports import Entry, Reader
from understudy.errors import Unavailable
from understudy.flows.governance.addressees import addressees
from understudy.flows.notices.mail_server import mail_server
from understudy.flows.notices.messages import Message, MessageFormat, Outgoing
from understudy.flows.notices.subscribe import secret_purpose
from understudy.flows.people.confirm_owner import link_token
from understudy.http.node import Node
from understudy.http.wires import Ended
from understudy.keys import session_keys
from understudy.webhooks.letters import to_owner
from understudy.webhooks.signing import signature_headers


class Composer:
    """Says what a delivery tells, from the log as it is now."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def compose(self, delivery: Delivery) -> Outgoing | None:
        """The request to send; None when there is nothing left to tell, or nobody to tell it to."""
        with self._node.engine.reading() as reader:
            application = reader.applications.get(delivery.application_id)
            if application is None:
                return None
            endpoint = reader.webhook_endpoints.get(delivery.endpoint_id or "")
            entry = _entry(reader, delivery)
            subject = self._shown(reader, application, endpoint, entry)
            recipients = self._recipients(reader, application, endpoint, entry)
            if delivery.kind is DeliveryKind.OWNER:
                return self._to_owner(reader, entry)
        if delivery.kind is DeliveryKind.LOGOUT:
            return self._logout(application, entry)
        told = entry is not None or delivery.kind is DeliveryKind.TEST
        if endpoint is None or endpoint.status is not EndpointStatus.ACTIVE or not told:
            return None
        message = Message(
            id=delivery.id,
            at=delivery.created_at if entry is None else entry.time,
            endpoint=endpoint,
            application=application,
            entry=entry,
            issuer=self._node.settings.public_url,
            subject=subject,
        )
        if self._format(endpoint).by_mail:
            return self._mailed(message, recipients)
        return self._signed(message)

    def _to_owner(self, reader: Reader, entry: Entry | None) -> Outgoing | None:
        """What the owner of an account hears of who got into it; None once that is settled."""
        server = mail_server(reader, self._node.engine.vault)
        operator_id = (entry.core or {}).get("subject_ref") if entry is not None else None
        operator = reader.operators.get(OperatorId(str(operator_id)))
        if entry is None or server is None or operator is None or operator.taken_over_at is None:
            return None
        address = mailbox(operator.email)
        if address is None:
            return None
        letter = partial(to_owner, f"entry-{entry.index}-owner", entry.time)
        issuer, token = self._node.settings.public_url, link_token(reader, operator, server)
        return Outgoing(
            url=MAIL_URL,
            headers={},
            body=bytes(letter(issuer, token)),
            # What is kept of it lets nobody answer in the owner's place.
            shown=letter(issuer, None if token is None else "…").plain,
            recipients=(address,),
        )

    def _mailed(self, message: Message, recipients: Sequence[str]) -> Outgoing | None:
        rendered = self._format(message.endpoint).spell(message)
        if rendered is None or not recipients:
            return None
        return Outgoing(
            url=message.endpoint.url,
            headers={},
            body=rendered.body,
            shown=rendered.shown or rendered.body.decode(),
            recipients=tuple(recipients),
        )

    def _recipients(
        self,
        reader: Reader,
        application: Application,
        endpoint: WebhookEndpoint | None,
        entry: Entry | None,
    ) -> Sequence[str]:
        """Whom to write to by e-mail; nobody while there is no mail server."""
        if endpoint is None or not self._format(endpoint).by_mail:
            return ()
        if mail_server(reader, self._node.engine.vault) is None:
            return ()
        return addressees(reader, application, entry, self._node.engine.clock.latest())

    def _signed(self, message: Message) -> Outgoing | None:
        endpoint = message.endpoint
        rendered = self._format(endpoint).spell(message)
        if rendered is None:
            return None
        signatures = signature_headers(
            message.id, self._node.clock(), rendered.body, secrets=self._secrets(endpoint)
        )
        return Outgoing(
            url=endpoint.url,
            headers={"Content-Type": rendered.media_type, **signatures},
            body=rendered.body,
            shown=rendered.body.decode(),
        )

    def _shown(
        self,
        reader: Reader,
        application: Application,
        endpoint: WebhookEndpoint | None,
        entry: Entry | None,
    ) -> Subject | None:
        if endpoint is None or not endpoint.personal or not self._format(endpoint).shows_people:
            return None
        return subject_of(reader, application, entry)

    def _format(self, endpoint: WebhookEndpoint) -> MessageFormat:
        """How the endpoint's messages are spelled.

        :raises Unavailable: in a way that is not known here; its messages stay as they are.
        """
        found = self._node.wires.formats.get(endpoint.format)
        if found is None:
            raise Unavailable(internal=f"no wire here knows the format {endpoint.format}")
        return found

    def _secrets(self, endpoint: WebhookEndpoint) -> list[bytes]:
        """The secrets that sign now, the newest first."""
        found = [endpoint.secret_encrypted]
        until = endpoint.previous_secret_expires_at
        if endpoint.previous_secret_encrypted and until and self._node.clock() < until:
            found.append(endpoint.previous_secret_encrypted)
        vault, purpose = self._node.engine.vault, secret_purpose(endpoint.id)
        return [vault.decrypt(purpose, sealed) for sealed in found]

    def _logout(self, application: Application, entry: Entry | None) -> Outgoing | None:
        """What the logout URL of the application hears of a session that is over."""
        logout = self._node.wires.logout
        if entry is None or logout is None:
            return None
        return logout(
            Ended(
                application=application,
                entry=entry,
                issuer=self._node.settings.public_url,
                now=self._node.clock(),
                signer=partial(self._signer, application.id),
            )
        )

    def _signer(self, application_id: str, use: str) -> session_keys.JwtSigner:
        """The application's key for ``use``; made, if it is the first time."""
        node = self._node
        if not self._has_key(application_id, use):
            pair = session_keys.generate()
            node.engine.run(
                lambda unit: session_keys.add_first(unit, application_id, pair, use=use)
            )
        with node.engine.reading() as reader:
            return node.session_keys.signer(reader, application_id, node.clock(), use=use)

    def _has_key(self, application_id: str, use: str) -> bool:
        with self._node.engine.reading() as reader:
            return session_keys.has_key(reader, application_id, self._node.clock(), use=use)


def _entry(reader: Reader, delivery: Delivery) -> Entry | None:
    """The entry that is told of; None once both halves of it were erased."""
    if delivery.entry_index is None:
        return None
    entry = reader.entries.get(delivery.entry_index)
    return entry if entry is not None and entry.core is not None else None


def subject_of(reader: Reader, application: Application, entry: Entry | None) -> Subject | None:
    """The subject of an entry, as far as the entry still names it and it is the same one."""
    named, core = (entry.personal or {}, entry.core or {}) if entry is not None else ({}, {})
    subject = reader.subjects.get(application.id, SubjectId(str(named.get("subject_id", ""))))
    return subject if subject is not None and subject.ref == core.get("subject_ref") else None
