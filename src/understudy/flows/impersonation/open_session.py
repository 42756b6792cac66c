"""A session with all that a guard needs to serve it; made by exchange, and again by refresh."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from understudy.core.applications.application import Application
from understudy.core.ids import SessionId
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.restrictions import Restrictions
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.people.principals import Organization, Subject
from understudy.core.ports import Reader, Vault
from understudy.core.redaction.lifted import Shown
from understudy.core.redaction.reveals import may_be_lifted
from understudy.core.rules.narrow import held_to, narrowed
from understudy.errors import NotFound
from understudy.flows.impersonation.premises import standing_within


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A live session. ``log_size`` is the log's at the reading: newer revocations outrank it."""

    session: Session
    session_token: str = field(repr=False)
    grant: Grant
    application: Application
    subject: Subject
    organization: Organization | None
    restrictions: Restrictions
    log_size: int


@dataclass(frozen=True, kw_only=True)
class Over:
    """The session cannot be served; ``cause`` is None when there is none for the caller."""

    cause: EndCause | None

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, kw_only=True)
class Fallen:
    """A session that may not go on, while its row does not say so yet.

    Whoever finds one hands it to ``carry_on.settle``; nobody is served by it meanwhile.
    """

    session_id: SessionId
    cause: EndCause

    def __bool__(self) -> bool:
        return False


Looked = OpenSession | Over | Fallen


def opened(
    reader: Reader, session: Session, grant: Grant, application: Application, *, session_token: str
) -> OpenSession:
    """What a guard needs of a live session whose premises were just found to hold.

    :raises NotFound: the subject is gone all the same.
    """
    subject = reader.subjects.get(grant.application_id, grant.subject_id)
    if subject is None:
        raise NotFound
    return OpenSession(
        session=session,
        session_token=session_token,
        grant=grant,
        application=application,
        subject=subject,
        organization=_organization(reader, grant),
        restrictions=Restrictions(
            scope=grant.scope,
            blocked_actions=application.settings.denied,
            redaction=application.settings.redaction,
            unlocks=application.settings.unlocks,
            reveals=_revealed(reader, session, application),
        ),
        # From the same snapshot as the premises: that is what makes it a bound for revocations.
        log_size=reader.entries.size(),
    )


def refresh(
    reader: Reader,
    vault: Vault,
    token: str,
    *,
    application: Application,
    now: datetime,
    hides: bool = False,
) -> Looked:
    """The session behind ``token`` as it stands now, every premise checked again; only a read."""
    session = reader.sessions.by_token(token)
    return look_again(reader, vault, session, application=application, now=now, hides=hides)


def look_again(
    reader: Reader,
    vault: Vault,
    session: Session | None,
    *,
    application: Application,
    now: datetime,
    hides: bool = False,
) -> Looked:
    """``refresh`` for a session that was found by other means than its token.

    To a caller that does not keep rules of redaction, who ``hides`` nothing, a session with such
    rules is over.
    """
    if session is None or session.application_id != application.id:
        return Over(cause=None)
    # What is written down stands, even where a premise has fallen since.
    if session.end_cause is not None:
        return Over(cause=session.end_cause)
    grant = reader.grants.get(session.grant_id)
    if grant is None:
        return Over(cause=None)
    # Time first: it costs nothing to ask, and is what the log would say.
    cause = session.over_because(now)
    fallen, verdict = (None, None) if cause else standing_within(reader, grant, now)
    if cause is None and fallen is not None:
        cause = fallen.end_cause
    if cause is None and verdict is not None:
        # Nothing was changed, and yet less may be permitted than was: by the hour, for one.
        grant = narrowed(grant, application.settings, verdict)
        session = held_to(session, grant, application.settings)
        cause = EndCause.RULES_CHANGED if session.over_because(now) else None
    if cause is not None:
        return Fallen(session_id=session.id, cause=cause)
    if application.settings.redaction.rules and not hides:
        return Over(cause=EndCause.RULES_CHANGED)
    derived = vault.derive_token(TokenPurpose.SESSION, session.token_nonce)
    return opened(reader, session, grant, application, session_token=derived)


def _revealed(reader: Reader, session: Session, application: Application) -> tuple[Shown, ...]:
    redaction = application.settings.redaction
    # Nearly always nothing can be, and this is asked for each refresh.
    if not any(rule.revealable for rule in redaction.rules):
        return ()
    found = (one.shown for one in reader.reveals.of_session(session.id))
    # By the settings as they are now: what was tightened since is hidden again.
    return tuple(one for one in found if may_be_lifted(redaction, one.lifted))


def _organization(reader: Reader, grant: Grant) -> Organization | None:
    if grant.organization_id is None:
        return None
    return reader.organizations.get(grant.application_id, grant.organization_id)
