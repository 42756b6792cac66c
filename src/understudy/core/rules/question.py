"""What the rules are asked about: who would become whom, where, and what for."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.applications.application import Application
from understudy.core.governance.consents import Consent
from understudy.core.governance.decision_points import Outside
from understudy.core.governance.policies import Occasion
from understudy.core.ids import OrganizationId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.people.principals import Actor, Operator, Organization, Subject


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the rules look at, read in the transaction that acts on the answer.

    ``operator`` is the account behind an operator actor, ``account`` the actor's own in the app,
    where the app has a name for them. ``email_owner`` is the operator, if any,
    whose address or id an application gave, be it as a name, to the actor it named.
    ``actor_is_impersonated`` is true while somebody works as the very user whom the application
    names as the actor. ``agreed`` is how many others agree to the grant that is looked at again,
    and still may; nobody is counted where it wanted none. ``consent`` is what the user agreed to,
    for this actor or this grant; it is read only where it is asked for. ``frozen`` is true while a
    case keeps the actor from working. ``occasion`` is how the application's policies are asked,
    where it has any. ``budget_spent`` is true when this would be one subject too many for the
    actor, where the application counts them. ``colleague`` is an operator who has an address of
    the subject's, looked for where the application refuses that. ``outside`` is how its decision
    point is asked, where it has one.
    """

    application: Application | None
    subject: Subject | None
    organization: Organization | None = None
    operator: Operator | None = None
    account: Subject | None = None
    email_owner: Operator | None = None
    actor_is_impersonated: bool = False
    agreed: int = 0
    consent: Consent | None = None
    frozen: bool = False
    occasion: Occasion | None = None
    colleague: Operator | None = None
    budget_spent: bool = False
    outside: Outside | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """May ``actor`` become the subject in ``seen``, within ``organization_id``?

    ``request`` is None when a grant is looked at again: then nothing is being asked for anew.
    """

    application: Application
    actor: Actor
    organization_id: OrganizationId | None
    seen: Snapshot
    request: ImpersonationRequest | None = None
