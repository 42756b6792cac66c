"""Asking a decision point by AuthZEN's Authorization API 1.0, sections 5 and 6.

It is as guarded as a webhook (`sender`), and whatever is no plain yes is a no.
"""

from __future__ import annotations

import ssl
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import msgspec

from understudy.core.governance.decision_points import Inquiry, Opinion
from understudy.core.governance.policies import PolicyQuestion
from understudy.core.notices.receivers import InternalTargets
from understudy.core.ports import Vault
from understudy.errors import UnderstudyError
from understudy.flows.applications.decision_point import purpose_of
from understudy.flows.origin import legible
from understudy.webhooks.network import Resolve, system_resolve
from understudy.webhooks.sender import Answer, Sender

USER_AGENT = "Understudy/1"
_MOST_LETTERS = 300
_OK = 200


class _Decision(msgspec.Struct):
    """What is understood of an answer; members beside these are others' business."""

    decision: bool
    context: dict[str, Any] | None = None


_decision = msgspec.json.Decoder(_Decision)


class DecisionPoints:
    """Whoever decides outside, reached over the network."""

    def __init__(
        self,
        *,
        vault: Vault,
        internal: InternalTargets,
        tls: Callable[[], ssl.SSLContext],
        timer: Callable[[], float],
        resolve: Resolve = system_resolve,
    ) -> None:
        self._vault = vault
        self._internal = internal
        self._tls = tls
        self._timer = timer
        self._resolve = resolve

    def ask(self, inquiry: Inquiry) -> Opinion:
        """What is said to ``inquiry``; raises nothing."""
        try:
            headers = self._headers(inquiry)
        except (UnderstudyError, ValueError):
            return Opinion(permitted=False, fault="Its credential cannot be read any more.")
        sender = Sender(
            internal=self._internal,
            tls=self._tls,
            timer=self._timer,
            resolve=self._resolve,
            seconds=inquiry.point.timeout_ms / 1000,
            user_agent=USER_AGENT,
        )
        body = msgspec.json.encode(question_of(inquiry))
        return opinion_in(sender.post(inquiry.point.url, headers, body))

    def _headers(self, inquiry: Inquiry) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        sealed = inquiry.point.credential
        if sealed is None:
            return headers
        plain = self._vault.decrypt(purpose_of(inquiry.application_id), b64decode(sealed)).decode()
        # Whoever has another scheme than RFC 6750's says so.
        value = plain if " " in plain else f"Bearer {plain}"
        return headers | {"Authorization": value}


def question_of(inquiry: Inquiry) -> dict[str, Any]:
    """``inquiry`` in the words of AuthZEN: ``subject`` is the actor, ``resource`` the user."""
    asked = inquiry.question
    return {
        "subject": {
            "type": "actor",
            "id": asked.actor_id,
            "properties": _given(
                kind=asked.actor_kind,
                email=asked.actor_email,
                rank=asked.actor_rank,
                roles=asked.actor_roles,
                groups=asked.actor_groups,
            ),
        },
        "action": {"name": "impersonate"},
        "resource": {
            "type": "user",
            "id": asked.subject_id,
            "properties": _given(
                organization_id=asked.organization_id,
                email=asked.subject_email,
                rank=asked.subject_rank,
                roles=asked.subject_roles,
                tags=asked.subject_tags,
            ),
        },
        "context": _context(inquiry.application_id, asked),
    }


def _context(application_id: str, asked: PolicyQuestion) -> dict[str, Any]:
    return _given(
        application_id=application_id,
        moment=asked.moment,
        reason=asked.reason,
        ticket=asked.ticket,
        minutes=asked.minutes,
        scope=asked.scope,
        address=asked.address,
    )


def _given(**facts: object) -> dict[str, object]:
    return {name: value for name, value in facts.items() if value is not None}


def opinion_in(answer: Answer) -> Opinion:
    """What ``answer`` says."""
    if answer.status is None:
        return Opinion(permitted=False, fault=answer.error)
    if answer.status != _OK:
        return Opinion(permitted=False, fault=f"It answered with the status {answer.status}.")
    try:
        found = _decision.decode(answer.text or "")
    except (msgspec.DecodeError, RecursionError):
        return Opinion(permitted=False, fault="What it answered is no decision.")
    return Opinion(permitted=found.decision, reason=_reason(found.context or {}))


def _reason(context: dict[str, Any]) -> str | None:
    """Why, as far as it says so: as ``reason``, or by the words of AuthZEN's examples."""
    said = context.get("reason", context.get("reason_admin"))
    if isinstance(said, dict):  # by code or language
        said = next(iter(said.values()), None)
    return legible(said, _MOST_LETTERS) if isinstance(said, str) and said else None
