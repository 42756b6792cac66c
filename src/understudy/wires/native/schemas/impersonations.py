"""Impersonations, grants, sessions and the actions recorded in them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.impersonation.grants import GrantStatus, Mark
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import ActorKind
from understudy.core.redaction.rules import Deed, RuleKind
from understudy.http.shapes import (
    Answer,
    Email,
    GivenOrganizationId,
    GivenSubjectId,
    Groups,
    Id,
    Input,
    Name,
    Time,
    Token,
    Url,
)

Reason = Annotated[str, msgspec.Meta(max_length=4000, description="Judged after trimming.")]


class NamedActor(Input, frozen=True, kw_only=True):
    """The person whom an application's backend names as the actor. Policies look at `groups`."""

    id: Id
    email: Email | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    groups: Groups | UnsetType = UNSET


class StartImpersonation(Input, frozen=True, kw_only=True):
    """``application_id`` is for operators only, ``actor`` and ``wire`` for backends only.

    ``wire`` is the protocol by which the token will be exchanged; by default the one that the
    application's hand-off uses. ``break_glass`` goes ahead without the approval that is wanted,
    where the application allows that: for less time, with an alert and a review.
    """

    subject_id: GivenSubjectId
    reason: Reason
    application_id: Id | UnsetType = UNSET
    actor: NamedActor | UnsetType = UNSET
    organization_id: GivenOrganizationId | UnsetType | None = UNSET
    ticket: Annotated[str, msgspec.Meta(max_length=1000)] | UnsetType | None = UNSET
    minutes: int | UnsetType | None = UNSET
    scope: Scope | UnsetType | None = UNSET
    return_to: Annotated[str, msgspec.Meta(max_length=4000)] | UnsetType | None = UNSET
    wire: Literal["native", "stytch"] | UnsetType = UNSET
    break_glass: bool = False


class ActorAnswer(Answer, frozen=True, kw_only=True):
    """Who acts. ``named_by_application`` means that a backend vouched, not a sign-in here."""

    kind: ActorKind
    id: str
    email: str | None
    name: str | None


class PersonAnswer(Answer, frozen=True, kw_only=True):
    """The subject, as of now; e-mail and name are null once deleted."""

    id: str
    email: str | None
    name: str | None


class OrganizationAnswer(Answer, frozen=True, kw_only=True):
    """The subject's tenant."""

    id: str
    name: str | None


class GrantAnswer(Answer, frozen=True, kw_only=True):
    """One decision and what became of it.

    ``origin`` is the only one at which its sessions are served; null for the app's own. While it is
    ``pending``, ``quorum`` others have to agree; it is null where nobody has to. ``break_glass``
    says that it went ahead without them.
    """

    id: str
    application_id: str
    status: GrantStatus
    actor: ActorAnswer
    subject: PersonAnswer
    organization: OrganizationAnswer | None
    reason: str
    ticket: str | None
    scope: Scope
    minutes: int
    created_at: Time
    expires_at: Time
    session_ends_at: Time | None
    origin: str | None
    quorum: int | None
    break_glass: bool
    marks: list[Mark]


class ImpersonationStarted(Answer, frozen=True, kw_only=True):
    """The grant, and the way on: a token for backends, a launch page for operators.

    While the grant is ``pending``, there is no token: a backend asks again until others agreed.
    """

    grant: GrantAnswer
    impersonation_token: str | None
    impersonation_token_expires_at: Time | None
    launch_url: str | None


class Launched(Answer, frozen=True, kw_only=True):
    """The application's address at which the hand-off begins, and until when that works.

    By the hand-off `stytch` the address holds a token: whoever has it becomes the user, once.
    ``origin`` is the session's own, at which the address lies; null for the app's own.
    """

    url: str
    armed_until: Time
    origin: str | None


Attempt = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22,128}$(?!\n)")]
"""Random text of the caller's."""


class Exchange(Input, frozen=True, kw_only=True):
    """A token from a code hand-off comes with the verifier and redirect URI it is bound to.

    ``wire`` is the protocol that the token was made for; each takes only its own. ``attempt`` is
    at least 128 random bits, made before the first try and the same in each further one.
    """

    impersonation_token: Token
    code_verifier: Annotated[str, msgspec.Meta(min_length=43, max_length=128)] | UnsetType = UNSET
    redirect_uri: Url | UnsetType = UNSET
    wire: Literal["native", "stytch", "clerk"] = "native"
    attempt: Attempt | UnsetType = UNSET
    jwt: bool = False


class Refresh(Input, frozen=True, kw_only=True):
    """A session token, and whether a fresh JWT is wanted."""

    session_token: Token
    jwt: bool = False


RoutePattern = Annotated[
    str, msgspec.Meta(min_length=1, max_length=500, pattern=r"^/[^\s]*(?!\n)$")
]


class BlockedActionShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A method (or ``*``) and a route pattern that answer 403 while impersonating."""

    method: Annotated[str, msgspec.Meta(pattern=r"^(\*|[A-Z]{3,10})(?!\n)$")]
    pattern: RoutePattern
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class RedactionRuleShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is hidden: a `field` by its name, a value at a `path`, or what a `detector` knows.

    In names `*` stands for any letters; in paths for one name, and `**` for any number of them.
    What is `revealable` may be shown to an actor who says why, for ten minutes at one address.
    """

    kind: RuleKind
    match: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    deed: Deed = Deed.MASK
    revealable: bool = False


class RedactionShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of the app's answers is hidden in a session.

    A guard that cannot keep the `rules` serves no session. Answers at `open_routes`, patterns of
    paths, go out although they cannot be read, such as a PDF.
    """

    secrets: bool = False
    rules: Annotated[list[RedactionRuleShape], msgspec.Meta(max_length=300)] = []
    open_routes: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=500, pattern=r"^/[^\s]*(?!\n)$")]],
        msgspec.Meta(max_length=100),
    ] = []


class ShownAnswer(Answer, frozen=True, kw_only=True):
    """What is shown at one address until a moment, although a rule hides it."""

    kind: str
    match: str
    path: str
    until: Time


class RestrictionsAnswer(Answer, frozen=True, kw_only=True):
    """What the guard enforces in this session.

    ``blocked_digest`` names the list of blocked actions, if there are any. A guard that says it has
    that list, by the header ``Understudy-Holds``, is sent none.
    """

    scope: Scope
    blocked_actions: list[BlockedActionShape]
    redaction: RedactionShape
    unlocks: bool = False
    blocked_digest: str | None = None
    reveals: list[ShownAnswer] = msgspec.field(default_factory=list)


class SessionAnswer(Answer, frozen=True, kw_only=True):
    """One impersonation session, at its grant's ``origin`` if it has one."""

    id: str
    grant_id: str
    application_id: str
    actor: ActorAnswer
    subject: PersonAnswer
    organization: OrganizationAnswer | None
    reason: str
    ticket: str | None
    scope: Scope
    started_at: Time
    ends_at: Time
    idle_ends_at: Time
    last_active_at: Time
    ended_at: Time | None
    end_cause: EndCause | None
    origin: str | None
    marks: list[Mark]


class EndedSession(SessionAnswer, frozen=True, kw_only=True):
    """A session that is over: ``effective`` already, and in the log once it is ``logged``.

    While it is not, nothing can be written; whoever repeats the call until it is logged keeps a
    second copy of the ending.
    """

    effective: bool
    logged: bool


class SubjectInSession(Answer, frozen=True, kw_only=True):
    """Whom the app should show: with roles, for apps that authorise by them."""

    id: str
    email: str | None
    name: str | None
    roles: list[str]


class OpenSession(Answer, frozen=True, kw_only=True):
    """What a guard needs to serve a session. ``server_time`` anchors the other times.

    ``lease_expires_at`` is until when it may be served without asking again. ``log_index`` is the
    size of the log when this was read: an older answer never outlives a newer revocation.
    ``told_as`` is what the user is to read of whoever works there, null unless users are told.
    """

    session: SessionAnswer
    session_token: str
    session_jwt: str | None
    subject: SubjectInSession
    organization: OrganizationAnswer | None
    restrictions: RestrictionsAnswer
    lease_expires_at: Time
    server_time: Time
    log_index: int
    return_to: str | None
    told_as: str | None


class EndSession(Input, frozen=True, kw_only=True):
    """Why the app's own side ends it; the actor's wish unless said otherwise."""

    cause: Literal["ended_by_actor", "identity_not_applied", "replaced"] = "ended_by_actor"


class RevokeSessions(Input, frozen=True, kw_only=True):
    """Whose sessions and waiting grants end; all of an installation's only with ``everything``."""

    application_id: str | UnsetType = UNSET
    operator_id: str | UnsetType = UNSET
    everything: bool = False


class SessionsRevoked(Answer, frozen=True, kw_only=True):
    """How many sessions were ended, and how many grants were cancelled that waited."""

    sessions: int
    grants: int


class ActionInput(Input, frozen=True, kw_only=True):
    """One request made in the session.

    ``intended`` comes before an unsafe request runs, ``completed`` after any request, ``blocked``
    in place of one that was refused. ``id`` ties an intent to its completion, ``table`` is what a
    read-only session was kept from changing. ``effect`` is of something that the request wanted to
    send, of a ``kind`` such as ``email``: what it ``did``. ``minted`` is of something that it made
    and that outlives the session, ``undone`` of what the app has revoked again; ``reference`` is
    the app's own name for it, never the secret.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{8,64}(?!\n)$")]
    phase: Literal["intended", "completed", "blocked", "effect", "minted", "undone"]
    at: Time
    method: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{1,20}(?!\n)$")]
    path: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    route: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    status: Annotated[int, msgspec.Meta(ge=100, le=599)] | None = None
    duration_ms: Annotated[int, msgspec.Meta(ge=0, le=86_400_000)] | None = None
    rule: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}(?!\n)$")] | None = None
    address: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    user_agent: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    table: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}(?!\n)$")] | None = None
    did: Literal["sent", "held", "dropped", "marked", "released", "refused", "failed"] | None = None
    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None


class RecordActions(Input, frozen=True, kw_only=True):
    """A batch in the order in which it happened."""

    actions: Annotated[list[ActionInput], msgspec.Meta(min_length=1, max_length=500)]


class AnyActions(Input, frozen=True, kw_only=True):
    """A batch as it is read: what is no ``ActionInput`` gets a stand-in, and spoils no other."""

    actions: Annotated[list[Any], msgspec.Meta(min_length=1, max_length=500)]


class ActionsRecorded(Answer, frozen=True, kw_only=True):
    """The log now holds the batch; ``last_index`` is its last entry.

    ``stand_ins`` are the places in the batch of actions that could not be taken as they were; their
    entries say which of their fields were replaced.
    """

    recorded: int
    last_index: int
    stand_ins: list[int]
