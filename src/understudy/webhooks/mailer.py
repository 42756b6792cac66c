"""Hands one e-mail in at the mail server: at a vetted address, in bounded time, and never raises.

The server's answers may quote addresses, which are people's: of those its code alone is kept.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress

import httpcore

from understudy.core.notices.receivers import InternalTargets, Receiver
from understudy.core.notices.webhooks import ATTEMPT_SECONDS
from understudy.core.people.mail import MailServer, MailTls, mailbox
from understudy.errors import InvalidInput
from understudy.webhooks.network import (
    CONNECT_SECONDS,
    Deadline,
    Resolve,
    addresses_of,
    system_resolve,
    vetted,
)
from understudy.webhooks.sender import Answer

_TAKEN = 250


class Mailer:
    """Sends by SMTP (RFC 5321). Nothing is kept open between two messages.

    ``tls`` makes the context that certificates are checked with, once it is needed.
    """

    def __init__(
        self,
        *,
        internal: InternalTargets,
        tls: Callable[[], ssl.SSLContext],
        timer: Callable[[], float],
        resolve: Resolve = system_resolve,
        seconds: float = ATTEMPT_SECONDS,
    ) -> None:
        self._internal = internal
        self._tls = tls
        self._timer = timer
        self._resolve = resolve
        self._seconds = seconds

    def send(self, server: MailServer, recipients: Sequence[str], letter: bytes) -> Answer:
        """What became of ``letter``; it was taken when one of the ``recipients`` was."""
        deadline = Deadline(timer=self._timer, at=self._timer() + self._seconds)
        try:
            return self._send(server, recipients, letter, deadline)
        except InvalidInput as error:
            return Answer(error=error.detail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = (code for code, _ in error.recipients.values())
            return Answer(status=max(codes), error="The mail server refused every recipient.")
        except smtplib.SMTPResponseException as error:
            return Answer(status=error.smtp_code, error=_of_answer(error))
        except (smtplib.SMTPException, OSError, httpcore.ConnectError) as error:
            late = isinstance(error, TimeoutError) or self._timer() >= deadline.at
            return Answer(error=self._too_slow() if late else _of_fault(error))
        except httpcore.TimeoutException:
            return Answer(error=self._too_slow())

    def _too_slow(self) -> str:
        return f"The mail server had not taken it within {self._seconds:g} seconds."

    def _send(
        self, server: MailServer, recipients: Sequence[str], letter: bytes, deadline: Deadline
    ) -> Answer:
        sender = mailbox(server.sender)
        if sender is None or not recipients:
            raise InvalidInput("There is nobody to write to, or nobody to write as.")
        raw = self._reached(server.receiver(self._internal), deadline)
        with closing(raw), _cut_off(raw, deadline), self._greeted(raw, server) as smtp:
            refused = smtp.sendmail(sender, list(recipients), _addressed(sender, letter))
        note = f"{len(refused)} of {len(recipients)} recipients were refused." if refused else None
        return Answer(status=_TAKEN, error=note)

    def _reached(self, receiver: Receiver, deadline: Deadline) -> socket.socket:
        """A connection to the first vetted address that accepts one."""
        failure = OSError("it has no address")
        found = addresses_of(receiver, self._resolve, deadline)
        for address in vetted(receiver, found, self._internal):
            place, seconds = (str(address), receiver.port), deadline.left(CONNECT_SECONDS)
            try:
                raw = socket.create_connection(place, timeout=seconds)
            except OSError as error:
                failure = error
                continue
            raw.settimeout(self._seconds)
            return raw
        raise failure

    @contextmanager
    def _greeted(self, raw: socket.socket, server: MailServer) -> Iterator[smtplib.SMTP]:
        """A conversation over ``raw``, encrypted and signed in as the server is to be used."""
        context = None if server.tls is MailTls.NONE else self._tls()
        smtp = _Conversation(raw, server, context)
        try:
            if context is not None and server.tls is MailTls.STARTTLS:
                # Without it nothing goes on: whoever is in between could have left the offer out.
                smtp.starttls(context=context)
            if server.user is not None and server.password is not None:
                smtp.login(server.user, server.password)
            yield smtp
        finally:
            smtp.close()


class _Conversation(smtplib.SMTP):
    """SMTP over a socket that was connected already, to an address that was vetted."""

    def __init__(
        self, raw: socket.socket, server: MailServer, context: ssl.SSLContext | None
    ) -> None:
        self._raw = raw
        self._at_once = context if server.tls is MailTls.IMPLICIT else None
        # By its address: to look up the machine's own name may take longer than all the rest.
        own = raw.getsockname()[0]
        name = f"[IPv6:{own}]" if ":" in own else f"[{own}]"
        super().__init__(server.host, server.port, local_hostname=name)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        del port, timeout
        if self._at_once is None:
            return self._raw
        return self._at_once.wrap_socket(self._raw, server_hostname=host)


@contextmanager
def _cut_off(raw: socket.socket, deadline: Deadline) -> Iterator[None]:
    """Hang up once the time is over, however little the other side says at a time."""
    # A second handle of the same connection: TLS takes the first one away.
    with closing(raw.dup()) as handle:
        watch = threading.Timer(deadline.left(), _hang_up, [handle])
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()


def _hang_up(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def _addressed(sender: str, letter: bytes) -> bytes:
    # ``mailbox`` has left nothing in it that could be a header of its own.
    return f"From: Understudy <{sender}>\r\nTo: undisclosed-recipients:;\r\n".encode() + letter


def _of_answer(error: smtplib.SMTPResponseException) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server takes neither user nor password, or not from here."
    if isinstance(error, smtplib.SMTPSenderRefused):
        return "The mail server takes nothing from this sender."
    return f"The mail server answered {error.smtp_code}."


def _of_fault(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "The mail server does not offer what it is to be used with: STARTTLS, or signing in."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server's certificate is not good: {error.verify_message}"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "The mail server hung up."
    reason = error.strerror if isinstance(error, OSError) else None
    return f"The mail server could not be reached: {reason or type(error).__name__}"
