"""Impersonated sessions as the SDKs use them: begun by a token, asked for again, ended.

Every answer comes from the flows, each premise checked again. A session is never prolonged, never
moved to another organization, and never gains a factor (DESIGN rule 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from understudy.core.applications.application import Application, Vertical
from understudy.core.ids import SessionId, SubjectId
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.impersonation.token_kinds import TokenKind, TokenKinds
from understudy.core.notices.events import Party
from understudy.core.people.principals import Organization, Subject
from understudy.core.ports import Reader, SessionFilter, Unit
from understudy.errors import UnderstudyError
from understudy.flows.impersonation import carry_on as carrying_on
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.exchange import Presented, TokenRefused, exchange
from understudy.flows.impersonation.open_session import OpenSession, Over, look_again
from understudy.flows.origin import Origin
from understudy.wires.stytch import objects, rbac
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.requests import AuthorizationCheck
from understudy.wires.stytch.settings import NAME

MINUTES = range(5, 527_041)
"""What ``session_duration_minutes`` may be; it moves nothing all the same."""
TOKEN_KIND = TokenKind(name=NAME, life=timedelta(seconds=300), replay_revokes=False)
"""Its clients expect five minutes, and that a session goes on whatever becomes of its token."""
_WRONG_VERTICAL = {
    Vertical.B2B: ErrorType.INVALID_B2B_ENDPOINT,
    Vertical.CONSUMER: ErrorType.INVALID_CONSUMER_ENDPOINT,
}
_NOT_ALLOWED = {
    Vertical.B2B: ErrorType.MEMBER_NOT_ALLOWED,
    Vertical.CONSUMER: ErrorType.USER_NOT_ALLOWED,
}


@dataclass(frozen=True, kw_only=True)
class Pointed:
    """The session that a caller means, by exactly one of its names.

    ``session_id`` was read from a JWT whose signature had been checked, or given as an id.
    """

    token: str | None = field(default=None, repr=False)
    session_id: SessionId | None = None


def require_vertical(application: Application, vertical: Vertical) -> None:
    """Return only if the endpoint is for applications of this kind.

    :raises InvalidInput: when it is for the other kind.
    """
    if application.vertical is not vertical:
        raise refused(
            _WRONG_VERTICAL[vertical],
            f"This is an endpoint for {vertical.value} projects, and yours is of the other kind.",
        )


def begin(
    unit: Unit, token: str, *, application: Application, kinds: TokenKinds, origin: Origin
) -> OpenSession | None:
    """The session for a token of this wire, once; None when the token is refused for any reason.

    :raises NotFound: the user has no organization, without which there is no member. Nothing
        happened to the token then.
    """
    presented = Presented(token=token, application=application, wire=TOKEN_KIND.name)
    opened = exchange(unit, presented, kinds=kinds, origin=origin)
    if isinstance(opened, TokenRefused):
        return None
    _require_complete(opened)
    return opened


def not_begun(application: Application) -> UnderstudyError:
    """Why no session came of a token, as far as it concerns the caller.

    All that is wrong with a token looks the same; that impersonation is off is told in any case.
    """
    if not application.settings.impersonates:
        return refused(
            _NOT_ALLOWED[application.vertical],
            "Impersonation is switched off for this application. An admin can switch it on.",
        )
    return refused(
        ErrorType.UNABLE_TO_AUTH,
        "This impersonation token is unknown, expired or already used.",
    )


def carry_on(
    unit: Unit,
    pointed: Pointed,
    *,
    application: Application,
    check: AuthorizationCheck | None,
    origin: Origin,
) -> tuple[OpenSession, list[str]] | None:
    """The live session that is meant, seen just now, and the roles that ``check`` was granted by.

    None when there is none of this application. One whose premises have fallen ends on the way.

    :raises PermissionMissing: when the session lives, but may not do what ``check`` asks.
    """
    session = _session(unit, pointed)
    found = carrying_on.carry_on(unit, session, application=application, origin=origin)
    if isinstance(found, Over):
        return None
    _require_complete(found)
    granting: list[str] = []
    if check is not None:
        granting = rbac.authorized_roles(application, found.subject, found.organization, check)
    return carrying_on.touched(unit, found), granting


def is_open(reader_unit: Unit, pointed: Pointed, *, application: Application) -> bool:
    """Whether the session that is meant lives, and is this application's."""
    session = _session(reader_unit, pointed)
    now = reader_unit.latest
    found = look_again(reader_unit, reader_unit.vault, session, application=application, now=now)
    return isinstance(found, OpenSession)


def revoke(
    unit: Unit, pointed: Pointed, *, application: Application, by: Party, origin: Origin
) -> None:
    """End the session that is meant.

    :raises NotFound: no such session of this application, or it is over.
    """
    session = _session(unit, pointed)
    if session is None or session.application_id != application.id:
        raise session_not_found()
    if session.over_because(unit.latest) is not None:
        raise session_not_found()
    end(unit, session.id, cause=EndCause.REVOKED, by=by, origin=origin)


def leave(unit: Unit, pointed: Pointed, *, application: Application, origin: Origin) -> None:
    """End the session that is meant, for whoever holds its token: its actor.

    :raises NotFound: no such session of this application, or it is over.
    """
    session = _session(unit, pointed)
    grant = unit.grants.get(session.grant_id) if session is not None else None
    if session is None or grant is None or session.application_id != application.id:
        raise session_not_found()
    if session.over_because(unit.latest) is not None:
        raise session_not_found()
    by = grant.actor.party
    end(unit, session.id, cause=EndCause.ENDED_BY_ACTOR, by=by, origin=origin)


def revoke_all(unit: Unit, subject: Subject, *, by: Party, origin: Origin) -> None:
    """End every session in which somebody works as ``subject``."""
    for session in unit.sessions.live(SessionFilter(subject_ref=subject.ref)):
        end(unit, session.id, cause=EndCause.REVOKED, by=by, origin=origin)


def require_own_member(
    unit: Unit,
    in_name_of: Pointed,
    pointed: Pointed | None,
    member_id: str | None,
    *,
    application: Application,
) -> None:
    """Return only if a member's session asks about sessions of that very member.

    :raises NotFound: the session that asks is not a live one of this application.
    :raises PermissionMissing: it asks about somebody else's.
    """
    asking = _session(unit, in_name_of)
    if asking is None or not is_open(unit, in_name_of, application=application):
        raise session_not_found()
    if pointed is not None:
        meant = _session(unit, pointed)
        same = meant is not None and meant.subject_ref == asking.subject_ref
    else:
        member = unit.subjects.get(application.id, SubjectId(member_id or ""))
        same = member is not None and member.ref == asking.subject_ref
    if not same:
        raise refused(ErrorType.AUTHORIZATION, "A member may end sessions of their own only.")


def live_sessions(
    reader: Reader,
    subject: Subject,
    organization: Organization | None,
    *,
    issuer: str,
    now: datetime,
) -> list[dict[str, Any]]:
    """The live sessions of a member or user, as objects."""
    found = []
    where = SessionFilter(application_id=subject.application_id, subject_ref=subject.ref)
    for session in reader.sessions.live(where):
        grant = reader.grants.get(session.grant_id)
        if grant is None or session.over_because(now) is not None:
            continue
        if organization is None:
            found.append(objects.user_session(session, grant, subject, issuer=issuer))
        else:
            found.append(
                objects.member_session(session, grant, subject, organization, issuer=issuer)
            )
    return found


def answer(opened: OpenSession, *, issuer: str, jwt: str) -> dict[str, Any]:
    """What an SDK gets with a live session, whichever call it came by."""
    session, grant, subject = opened.session, opened.grant, opened.subject
    found: dict[str, Any] = {"session_token": opened.session_token, "session_jwt": jwt}
    organization = opened.organization
    if opened.application.vertical is Vertical.CONSUMER or organization is None:
        return {
            **found,
            "user_id": subject.id,
            "user": objects.user(subject),
            "session": objects.user_session(session, grant, subject, issuer=issuer),
        }
    return {
        **found,
        "member_id": subject.id,
        "organization_id": organization.id,
        "member": objects.member(subject),
        "organization": objects.organization(organization),
        "member_session": objects.member_session(
            session, grant, subject, organization, issuer=issuer
        ),
    }


def authenticated(opened: OpenSession) -> Mapping[str, Any]:
    """What the reply to a token has besides: nothing more to prove, and no half session."""
    if opened.application.vertical is Vertical.CONSUMER:
        return {}
    return {
        "intermediate_session_token": "",
        "member_authenticated": True,
        "mfa_required": None,
        "primary_required": None,
    }


def session_not_found() -> UnderstudyError:
    """The one error for sessions that are unknown, over, or another application's."""
    return refused(ErrorType.SESSION_NOT_FOUND, "There is no such session, or it has ended.")


def not_mutable() -> UnderstudyError:
    """The error for whatever would change an impersonated session."""
    return refused(
        ErrorType.SESSION_NOT_MUTABLE,
        "An impersonated session cannot be exchanged; it stays in its organization.",
    )


def _session(unit: Unit, pointed: Pointed) -> Session | None:
    if pointed.token is not None:
        return unit.sessions.by_token(pointed.token)
    return unit.sessions.get(pointed.session_id) if pointed.session_id is not None else None


def _require_complete(opened: OpenSession) -> None:
    if opened.application.vertical is Vertical.B2B and opened.organization is None:
        raise refused(ErrorType.ORGANIZATION_NOT_FOUND, "This user belongs to no organization.")
