from __future__ import annotations

import pytest

from understudy import errors
from understudy.sdk.verdicts import PROXY_TRIES, Verdict, verdict_on


def unavailable(status: int) -> errors.Unavailable:
    return errors.Unavailable(facts={"status": status})


@pytest.mark.parametrize("error", [errors.SessionOver(), errors.TokenInvalid(), errors.NotFound()])
def test_only_over_unknown_and_not_found_finish(error: errors.UnderstudyError) -> None:
    assert verdict_on(error, tries=1) is Verdict.FINISHED


@pytest.mark.parametrize(
    "error",
    [
        errors.NotSignedIn(),
        errors.PermissionMissing(),
        errors.Conflict(),
        errors.AlreadyExists(),
        errors.TooManyRequests(),
        errors.Unavailable(),
        unavailable(401),
        unavailable(429),
        unavailable(503),
    ],
)
def test_everything_that_may_be_otherwise_later_is_kept(error: errors.UnderstudyError) -> None:
    assert verdict_on(error, tries=1) is Verdict.KEEP
    assert verdict_on(error, tries=1_000) is Verdict.KEEP


@pytest.mark.parametrize("error", [errors.InvalidInput(), unavailable(413)])
def test_what_is_too_large_or_not_taken_is_split_at_once(error: errors.UnderstudyError) -> None:
    assert verdict_on(error, tries=1) is Verdict.SPLIT


def test_a_proxy_that_refuses_is_tried_again_before_anything_is_split() -> None:
    assert verdict_on(unavailable(400), tries=PROXY_TRIES - 1) is Verdict.KEEP
    assert verdict_on(unavailable(400), tries=PROXY_TRIES) is Verdict.SPLIT
