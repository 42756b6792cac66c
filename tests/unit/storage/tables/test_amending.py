from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.fixtures.refusals import refusal_of
from tests.unit.core.factories import NOW, consent
from understudy.core.impersonation.restrictions import Scope
from understudy.errors import NotFound
from understudy.storage.tables.amending import amended


def test_what_is_named_is_taken_and_all_else_stands() -> None:
    standing = consent(scope=Scope.READ_ONLY)
    news = replace(standing, scope=Scope.FULL, withdrawn_at=NOW, expires_at=NOW + timedelta(99))
    assert amended(standing, news, "withdrawn_at") == replace(standing, withdrawn_at=NOW)


def test_what_was_never_added_is_not_amended() -> None:
    with refusal_of(NotFound, "not_found"):
        amended(None, consent(), "withdrawn_at")
