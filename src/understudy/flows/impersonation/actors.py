"""Who acts, from what a caller may say about it (DESIGN rules 2 and 10)."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.core.ids import ActorRef
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.people.labels import read_groups
from understudy.core.people.principals import Actor, ActorKind
from understudy.core.ports import Vault
from understudy.core.text import require_id, require_text


def named_actor(
    vault: Vault,
    application_id: str,
    actor_id: str,
    *,
    email: str | None,
    name: str | None,
    groups: Iterable[str] = (),
) -> Actor:
    """The actor whom an application's backend names; our reference to them is a pseudonym.

    :raises InvalidInput: id, address or name is no text in one line, or a group is called what
        none is.
    """
    require_id(actor_id, "actor.id")
    require_id(email, "actor.email")
    require_text(name, "actor.name")
    return Actor(
        kind=ActorKind.NAMED_BY_APPLICATION,
        ref=_pseudonym(vault, application_id, actor_id),
        id=actor_id,
        email=email,
        name=name,
        groups=read_groups(groups, "actor.groups"),
    )


def actor_ref(vault: Vault, application_id: str | None, actor_id: str) -> ActorRef | None:
    """Our reference to the actor with this id; None where it takes an application to tell."""
    if actor_id.startswith(IdPrefix.OPERATOR):
        return ActorRef(actor_id)
    return None if application_id is None else _pseudonym(vault, application_id, actor_id)


def _pseudonym(vault: Vault, application_id: str, actor_id: str) -> ActorRef:
    return ActorRef(vault.pseudonym("actor", application_id, actor_id))
