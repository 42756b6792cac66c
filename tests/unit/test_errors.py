from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.errors import (
    AlreadyExists,
    InvalidInput,
    MalformedRequest,
    NotFound,
    Refused,
    UnderstudyError,
)

FROZEN = {
    "UnderstudyError": ("internal_error", 500),
    "InvalidInput": ("invalid_input", 422),
    "MalformedRequest": ("malformed_request", 400),
    "BodyTooLarge": ("body_too_large", 413),
    "UnsupportedMediaType": ("unsupported_media_type", 415),
    "MethodNotAllowed": ("method_not_allowed", 405),
    "IdempotencyConflict": ("idempotency_conflict", 422),
    "AlreadyExists": ("already_exists", 409),
    "NotSignedIn": ("not_signed_in", 401),
    "PermissionMissing": ("permission_missing", 403),
    "RecentSignInRequired": ("recent_sign_in_required", 403),
    "CrossSiteRefused": ("cross_site_refused", 403),
    "ForbiddenWhileImpersonating": ("forbidden_while_impersonating", 403),
    "NotFound": ("not_found", 404),
    "Refused": ("refused", 403),
    "TokenInvalid": ("token_invalid", 401),
    "SessionOver": ("session_over", 401),
    "Conflict": ("conflict", 409),
    "ManagedByApp": ("managed_by_app", 409),
    "RemovalUnconfirmed": ("removal_unconfirmed", 409),
    "TooManyRequests": ("too_many_requests", 429),
    "WriteBlocked": ("write_blocked", 403),
    "ClockInDoubt": ("clock_in_doubt", 503),
    "Unavailable": ("unavailable", 503),
    "StorageBusy": ("storage_busy", 503),
    "StorageFull": ("storage_full", 503),
    "LogUnwritable": ("log_unwritable", 503),
    "EndedNotSaved": ("ended_not_saved", 503),
    "EndedHereOnly": ("ended_here_only", 503),
    "OutcomeUnknown": ("outcome_unknown", 503),
    "AuditError": ("audit_invalid", 500),
    "ErasedMeanwhile": ("erased_meanwhile", 409),
    "MalformedNote": ("malformed_note", 500),
    "SignatureInvalid": ("signature_invalid", 500),
    "ProofInvalid": ("proof_invalid", 500),
    "LogForked": ("log_forked", 500),
    "SetupError": ("setup_error", 500),
    "KeyUnsafe": ("key_unsafe", 500),
    "KeyMismatch": ("key_mismatch", 500),
    "SchemaMismatch": ("schema_mismatch", 500),
}


def _tree(error: type[UnderstudyError]) -> Iterator[type[UnderstudyError]]:
    yield error
    for below in error.__subclasses__():
        yield from _tree(below)


def test_codes_and_statuses_are_those_that_callers_match_on() -> None:
    ours = [error for error in _tree(UnderstudyError) if error.__module__ == errors.__name__]
    assert {error.__name__: (error.code, int(error.status)) for error in ours} == FROZEN


def test_an_error_says_the_first_sentence_of_its_class_unless_told_more() -> None:
    assert NotFound().detail == "There is no such thing, or it is not yours to see."
    assert str(NotFound("There is no such grant.")) == "There is no such grant."


def test_what_is_for_operators_of_the_installation_stays_out_of_the_public_text() -> None:
    error = errors.Unavailable(internal="/var/lib/understudy is not there")
    assert "/var" not in f"{error} {error.detail}"
    assert error.internal == "/var/lib/understudy is not there"


def test_a_refusal_carries_its_rule_among_the_facts() -> None:
    with refusal_of(Refused, "refused", rule="grant_expired") as caught:
        raise Refused(rule="grant_expired")
    assert caught.value.facts == {"rule": "grant_expired"}


@pytest.mark.parametrize(
    "error",
    [
        InvalidInput(),
        InvalidInput(facts={"field": "name"}),
        MalformedRequest(facts={"field": "url"}),
        AlreadyExists(),
    ],
)
def test_a_test_of_a_refusal_takes_neither_another_field_nor_a_subclass(
    error: UnderstudyError,
) -> None:
    with (
        pytest.raises(AssertionError),
        refusal_of(InvalidInput, "invalid_input", field="url"),
    ):
        raise error
