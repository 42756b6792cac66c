"""Operators: signing in, the team, invitations."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.people.permissions import Permission, Role
from understudy.core.people.principals import OperatorStatus
from understudy.http.shapes import (
    Answer,
    Email,
    Groups,
    Input,
    Name,
    NewPassword,
    Password,
    Time,
    Token,
)

SignedInBy = Literal["password", "app"]
Roles = Annotated[list[Role], msgspec.Meta(min_length=1, max_length=4)]


class SignIn(Input, frozen=True, kw_only=True):
    """E-mail and password."""

    email: Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
    password: Password


class Me(Answer, frozen=True, kw_only=True):
    """The signed-in operator, and what they may do.

    Whom an app signs in, under which the dashboard lies, may begin to work as a user until
    ``recent_sign_in_until``. From then on they sign in anew ``sign_in_at``, where ``{next}`` stands
    for the place to come back to; or confirm their password, if ``confirms_password``.
    """

    id: str
    email: str
    name: str
    roles: list[Role]
    permissions: list[Permission]
    session_expires_at: Time
    signed_in_by: SignedInBy
    recent_sign_in_until: Time | None
    confirms_password: bool
    sign_in_at: str | None


class ConfirmPassword(Input, frozen=True, kw_only=True):
    """The password that the operator has in the app."""

    password: Password


class ChangePassword(Input, frozen=True, kw_only=True):
    """Signs the operator out everywhere else."""

    current_password: Password
    new_password: NewPassword


class SetUp(Input, frozen=True, kw_only=True):
    """The first admin, by the one-time link that the first start printed."""

    token: Token
    email: Email
    name: Name
    password: NewPassword


class InspectInvitation(Input, frozen=True, kw_only=True):
    """The token of an invitation link (it travels in the fragment, never in a query)."""

    token: Token


class InvitationAnswer(Answer, frozen=True, kw_only=True):
    """Whom a still valid link is for; ``setup`` is the first admin's."""

    kind: Literal["setup", "operator"]
    email: str | None
    name: str | None
    expires_at: Time


class AcceptInvitation(Input, frozen=True, kw_only=True):
    """Name and password, chosen by the invited person."""

    token: Token
    name: Name
    password: NewPassword


class InviteOperator(Input, frozen=True, kw_only=True):
    """A new colleague."""

    email: Email
    name: Name
    roles: Roles
    groups: Groups | UnsetType = UNSET


class UpdateOperator(Input, frozen=True, kw_only=True):
    """Only what is given changes. Disabling ends the operator's sign-ins and sessions."""

    name: Name | UnsetType = UNSET
    roles: Roles | UnsetType = UNSET
    status: Literal["active", "disabled"] | UnsetType = UNSET
    groups: Groups | UnsetType = UNSET


class OperatorAnswer(Answer, frozen=True, kw_only=True):
    """A person who may sign in to the dashboard, by a password or by the app's own login.

    ``taken_over_at`` is when somebody got into the account by a fresh link, until it is confirmed
    that it was the owner.
    """

    id: str
    email: str
    name: str
    roles: list[Role]
    groups: list[str]
    status: OperatorStatus
    signed_in_by: SignedInBy
    taken_over_at: Time | None
    created_at: Time
    updated_at: Time


class OperatorInvited(Answer, frozen=True, kw_only=True):
    """The invitation link is shown this once; it works once, for 72 hours."""

    operator: OperatorAnswer
    invitation_url: str
    expires_at: Time


class InspectTakeOver(Input, frozen=True, kw_only=True):
    """The token of a mailed link (it travels in the fragment, never in a query)."""

    token: Token


class TakeOverAnswer(Answer, frozen=True, kw_only=True):
    """The account of which a still valid link asks, and since when somebody has it."""

    email: str
    taken_over_at: Time
    expires_at: Time


class AnswerTakeOver(Input, frozen=True, kw_only=True):
    """Whether it was the owner: whoever reads the mailbox says so."""

    token: Token
    mine: bool


class RoleAnswer(Answer, frozen=True, kw_only=True):
    """A role and what it includes."""

    role: Role
    permissions: list[Permission]
