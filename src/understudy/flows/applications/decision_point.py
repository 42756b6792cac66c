"""What is kept of an application's decision point, and told of it."""

from __future__ import annotations

from base64 import b64encode

from understudy.core.governance.decision_points import DecisionPoint
from understudy.core.notices.events import Scalar
from understudy.core.notices.receivers import InternalTargets, read_receiver
from understudy.core.ports import Vault


def purpose_of(application_id: str) -> str:
    """What its credential is encrypted for: another application's opens nothing."""
    return f"decision point {application_id}"


def sealed(vault: Vault, application_id: str, credential: str) -> str:
    """``credential`` as it is stored."""
    return b64encode(vault.encrypt(purpose_of(application_id), credential.encode())).decode()


def require_point(point: DecisionPoint, internal: InternalTargets) -> DecisionPoint:
    """``point``, if it may be called from here.

    :raises InvalidInput: see ``receivers.read_receiver``.
    """
    read_receiver(point.url, internal)
    return point


def point_facts(point: DecisionPoint | None) -> dict[str, Scalar]:
    """What an entry tells of ``point``."""
    if point is None:
        return {"decision_point": None}
    return {
        "decision_point": _host(point.url),
        "timeout_ms": point.timeout_ms,
        "has_credential": point.credential is not None,
    }


def _host(url: str) -> str:
    # Not the whole of it, which may hold a secret: the log is for ever.
    return "/".join(url.split("/", 3)[:3]).partition("?")[0]
