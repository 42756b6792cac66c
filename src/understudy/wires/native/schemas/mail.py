"""The server at which e-mail is handed in."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.people.mail import MailTls
from understudy.http.shapes import Answer, Email, Input, Password

Host = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
User = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class SetMailServer(Input, frozen=True, kw_only=True):
    """Where e-mail is handed in.

    ``password`` may be left out where it stays the same and goes to the same place; to send none,
    leave out ``user`` as well.
    """

    host: Host
    port: Port = 587
    tls: MailTls = MailTls.STARTTLS
    sender: Email
    user: User | UnsetType = UNSET
    password: Password | UnsetType = UNSET


class MailServerAnswer(Answer, frozen=True, kw_only=True):
    """Where e-mail is handed in; never the password. Without ``host`` none is sent."""

    host: str | None
    port: int | None
    tls: MailTls | None
    sender: str | None
    user: str | None


class MailTestAnswer(Answer, frozen=True, kw_only=True):
    """Whether the server took an e-mail to the caller; ``status`` is what it answered last."""

    accepted: bool
    status: int | None
    error: str | None
