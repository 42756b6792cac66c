"""What the annotations of one policy say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from understudy.core.governance.approvals import group_named
from understudy.core.impersonation.exact_routes import exact_route
from understudy.core.impersonation.grants import MAX_MINUTES
from understudy.core.impersonation.restrictions import ANY_METHOD, Scope
from understudy.core.people.permissions import Role

MOST_APPROVALS = 5
_LIMITS = ("minutes", "scope", "approvals", "approvers", "unlocks")
_KNOWN = frozenset({"id", "description", *_LIMITS})


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A policy's name, and on which terms it permits."""

    name: str
    minutes: int | None = None
    scope: Scope | None = None
    quorum: int = 0
    approvers: frozenset[str] = frozenset()
    unlocks: tuple[str, ...] = ()


def terms_of(policy_id: str, annotations: Mapping[str, str | None]) -> Terms:
    """The terms of a policy.

    :raises ValueError: an annotation says nothing that can be held to.
    """
    for fault in faults_of(annotations):
        raise ValueError(fault)
    approvers = frozenset(_listed(annotations.get("approvers")))
    return Terms(
        name=annotations.get("id") or policy_id,
        minutes=_number(annotations.get("minutes")),
        scope=Scope(annotations["scope"] or "") if "scope" in annotations else None,
        # Whoever names approvers wants one of them to agree.
        quorum=_number(annotations.get("approvals")) or int(bool(approvers)),
        approvers=approvers,
        unlocks=tuple(_listed(annotations.get("unlocks"))),
    )


def faults_of(annotations: Mapping[str, str | None]) -> Iterator[str]:
    """What is wrong with annotations: a mistyped limit would be none."""
    for name in sorted(annotations.keys() - _KNOWN):
        yield f"@{name} is not known. Known are {', '.join(f'@{one}' for one in sorted(_KNOWN))}."
    if "id" in annotations and not annotations["id"]:
        yield "@id needs a name."
    if "minutes" in annotations and not 1 <= (_number(annotations["minutes"]) or 0) <= MAX_MINUTES:
        yield f"@minutes is a number from 1 to {MAX_MINUTES}."
    if "scope" in annotations and annotations["scope"] not in set(Scope):
        yield f"@scope is one of {', '.join(Scope)}."
    approvals = annotations.get("approvals")
    if "approvals" in annotations and not 1 <= (_number(approvals) or 0) <= MOST_APPROVALS:
        yield f"@approvals is a number from 1 to {MOST_APPROVALS}."
    if "approvers" in annotations and not _are_approvers(annotations["approvers"]):
        yield (
            f"@approvers are some of {', '.join(Role)}, or groups as group:billing-leads, with"
            " commas between them."
        )
    if "unlocks" in annotations and not _are_routes(annotations["unlocks"]):
        yield "@unlocks are routes with their method, POST /notes, with commas between them."


def has_limits(annotations: Mapping[str, str | None]) -> bool:
    """Whether any of them limits what is permitted."""
    return any(name in annotations for name in _LIMITS)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else None


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _are_approvers(text: str | None) -> bool:
    listed = _listed(text)
    return bool(listed) and all(one in set(Role) or group_named(one) for one in listed)


def _are_routes(text: str | None) -> bool:
    routes = [exact_route(one) for one in _listed(text)]
    return bool(routes) and all(one is not None and one.method != ANY_METHOD for one in routes)
