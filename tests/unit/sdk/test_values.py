"""Durations that follow from the service's own times."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.fixtures.impersonation import BEGIN, OPENED, an_opened
from understudy.core.impersonation.sessions import LEASE


def test_a_lease_is_what_the_service_grants() -> None:
    granted = replace(OPENED, lease_expires_at=BEGIN + timedelta(minutes=2))
    assert granted.lease == timedelta(minutes=2)


def test_a_lease_never_exceeds_five_minutes() -> None:
    generous = replace(OPENED, lease_expires_at=BEGIN + timedelta(minutes=20))
    assert generous.lease == LEASE


def test_a_lease_never_outlasts_the_session() -> None:
    short = an_opened(ends_at=BEGIN + timedelta(minutes=1))
    assert short.lease == short.remaining == timedelta(minutes=1)


def test_the_idle_limit_is_the_distance_of_the_services_times() -> None:
    resting = an_opened(
        last_active_at=BEGIN - timedelta(minutes=4), idle_ends_at=BEGIN + timedelta(minutes=6)
    )
    assert resting.idle_limit == timedelta(minutes=10)
    assert resting.idle_remaining == timedelta(minutes=6)
