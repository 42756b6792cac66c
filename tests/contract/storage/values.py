"""Hypothesis strategies for every value that is stored, made from their type hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from understudy.core.applications.application import Application, ApplicationSettings
from understudy.core.governance.approvals import Approval, ApprovalTerms
from understudy.core.governance.cases import Case
from understudy.core.governance.consent_requests import CodeTries, ConsentRequest
from understudy.core.governance.consents import MOST_STANDING_DAYS, Consent, ConsentTerms
from understudy.core.governance.decision_points import LEAST_MS, MOST_MS, DecisionPoint
from understudy.core.governance.insiders import MOST_SUBJECTS, InsiderLimits
from understudy.core.governance.policies import PolicySet
from understudy.core.governance.policy_terms import PolicyTerms
from understudy.core.governance.reviews import Review
from understudy.core.governance.safeguards import Loosening
from understudy.core.governance.working_hours import WorkingHours
from understudy.core.impersonation.grants import Grant, ImpersonationToken
from understudy.core.impersonation.sessions import Session
from understudy.core.people.principals import (
    Invitation,
    Operator,
    OperatorSession,
    Organization,
    Subject,
)
from understudy.core.ports import SignInFailures, SigningKey, StoredAnswer
from understudy.core.times import from_ms

T = TypeVar("T")

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
IDS = TEXTS.filter(bool)
MOMENTS = st.integers(0, 4_102_444_800_000).map(from_ms)
DURATIONS = st.integers(1, 3_600_000).map(lambda value: timedelta(milliseconds=value))
HASHES = st.binary(min_size=32, max_size=32)
# What JSON numbers keep exactly everywhere (RFC 8259, section 6); columns hold more.
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)

JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)

_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    Any: JSON,
    str: TEXTS,
    int: NUMBERS,
    bool: st.booleans(),
    bytes: st.binary(max_size=64),
    datetime: MOMENTS,
    timedelta: DURATIONS,
    NoneType: st.none(),
}


def made(cls: type[T], **changes: st.SearchStrategy[Any]) -> st.SearchStrategy[T]:
    """Any value of a dataclass, some fields by other strategies."""
    hints = get_type_hints(cls)
    parts = {field.name: _of(hints[field.name]) for field in fields(cls)}  # type: ignore[arg-type]
    return st.builds(cls, **(parts | changes))


def _of(hint: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one return for each kind
    hint = getattr(hint, "__supertype__", hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return made(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return st.lists(_of(arguments[0]), max_size=3).map(tuple)
    if origin is frozenset:
        return st.frozensets(_of(arguments[0]))
    if origin is Mapping:
        return st.dictionaries(_of(arguments[0]), _of(arguments[1]), max_size=3)
    return st.one_of([_of(part) for part in arguments])


MINUTES = st.integers(1, 60)
HOURS = made(
    WorkingHours,
    days=st.lists(st.integers(1, 7), max_size=3).map(tuple),
    begins=st.integers(0, 1_439),
    ends=st.integers(1, 1_440),
)
BUDGETS = st.none() | st.integers(1, MOST_SUBJECTS)
TERMS = made(PolicyTerms, delay_hours=st.integers(1, 720), unknown=st.just({}))
POINTS = made(DecisionPoint, timeout_ms=st.integers(LEAST_MS, MOST_MS), unknown=st.just({}))
SETTINGS = made(
    ApplicationSettings,
    max_minutes=MINUTES,
    default_minutes=MINUTES,
    idle_minutes=MINUTES,
    reason_min_length=st.integers(1, 500),
    approval=made(
        ApprovalTerms,
        quorum=st.integers(0, 5),
        pending_minutes=st.integers(1, 480),
        break_glass_minutes=MINUTES,
    ),
    retention_days=st.integers(1, 3_650),
    consent=made(ConsentTerms, standing_days=st.integers(1, MOST_STANDING_DAYS)),
    insiders=made(
        InsiderLimits,
        subjects_an_hour=BUDGETS,
        subjects_a_day=BUDGETS,
        look_ups_an_hour=BUDGETS,
        working_hours=st.none() | HOURS,
    ),
    role_ranks=st.dictionaries(TEXTS, st.integers(0, 1_000), max_size=3),
    policy_changes=TERMS,
    decision_point=st.none() | POINTS,
    loosening=st.none()
    | made(
        Loosening,
        terms=st.none() | TERMS,
        decision_point=st.none() | POINTS,
        unknown=st.just({}),
    ),
    session_origins=st.sampled_from(
        [None, "https://*.view.app.example", "http://*.app.localhost:8701"]
    ),
).filter(lambda settings: settings.default_minutes <= settings.max_minutes)
"""Within their bounds: what lies beyond is not read as it was written."""

APPLICATIONS = made(
    Application,
    settings=SETTINGS,
    id=IDS.map("made_".__add__),
    secret_hash=HASHES,
    previous_secret_hash=st.none() | HASHES,
)
ORGANIZATIONS = made(Organization, application_id=st.just("app_1"), id=IDS)
SUBJECTS = made(Subject, application_id=st.just("app_1"), id=IDS)
OPERATORS = made(Operator, id=IDS.map("made_".__add__), email=IDS.map("made_".__add__))
OPERATOR_SESSIONS = made(OperatorSession, id=IDS, operator_id=st.just("opr_1"), token_hash=HASHES)
INVITATIONS = made(Invitation, operator_id=st.just("opr_1"), token_hash=HASHES)
FAILURES = made(SignInFailures, count=st.integers(1, 2**31))
GRANTS = made(
    Grant,
    id=IDS.map("made_".__add__),
    application_id=st.just("app_1"),
    minutes=st.integers(1, 60),
)
TOKENS = made(
    ImpersonationToken,
    application_id=st.just("app_1"),
    grant_id=st.just("grt_1"),
    token_hash=HASHES,
)
CONSENTS = made(Consent, id=IDS, application_id=st.just("app_1"))
CONSENT_REQUESTS = made(ConsentRequest, id=IDS, application_id=st.just("app_1"))
CODE_TRIES = made(CodeTries, actor_ref=IDS)
CASES = made(Case, id=IDS, application_id=st.just("app_1"))
POLICIES = made(
    PolicySet, id=IDS, application_id=st.just("app_1"), version=st.integers(1, 2**31)
).filter(lambda policies: (policies.confirmed_by is None) == (policies.confirmed_at is None))
APPROVALS = made(Approval, id=IDS, application_id=st.just("app_1"))
REVIEWS = made(Review, id=IDS, application_id=st.just("app_1"))
ANSWERS = made(StoredAnswer)
KEYS = made(SigningKey, id=IDS, application_id=st.sampled_from([None, "app_1"]))


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Any session: an hour long at most, and over with a cause or not at all."""
    started_at = draw(MOMENTS)
    value = draw(
        made(
            Session,
            id=IDS,
            application_id=st.just("app_1"),
            grant_id=st.just("grt_1"),
            token_hash=HASHES,
            started_at=st.just(started_at),
            ends_at=DURATIONS.map(lambda length: started_at + length),
        ).filter(lambda session: (session.ended_at is None) == (session.end_cause is None))
    )
    return value
