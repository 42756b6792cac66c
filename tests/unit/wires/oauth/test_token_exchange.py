from __future__ import annotations

from dataclasses import replace

import pytest

from understudy.wires.oauth.errors import ErrorCode
from understudy.wires.oauth.token import Asked
from understudy.wires.oauth.token_exchange import (
    ACCESS_TOKEN,
    IMPERSONATION_TOKEN,
    JWT,
    issued_type,
    problem_with_exchange,
)

REDEEM = Asked(
    grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token="usi_1",
    subject_token_type=IMPERSONATION_TOKEN,
)
DELEGATE = replace(REDEEM, subject_token_type=JWT, actor_token="a.b.c", actor_token_type=JWT)
SAML = "urn:ietf:params:oauth:token-type:saml2"


@pytest.mark.parametrize("asked", [REDEEM, DELEGATE])
@pytest.mark.parametrize("wanted", [None, ACCESS_TOKEN, JWT])
def test_there_are_two_complete_requests(asked: Asked, wanted: str | None) -> None:
    whole = replace(asked, requested_token_type=wanted)
    assert problem_with_exchange(whole) is None
    assert issued_type(whole) == (wanted or ACCESS_TOKEN)


@pytest.mark.parametrize(
    "asked",
    [
        replace(REDEEM, subject_token=None),
        replace(REDEEM, subject_token_type=None),
        replace(REDEEM, subject_token_type=JWT),
        replace(REDEEM, subject_token_type=ACCESS_TOKEN),
        replace(REDEEM, subject_token_type=SAML),
        replace(REDEEM, actor_token_type=JWT),
        replace(REDEEM, actor_token="a.b.c"),
        replace(REDEEM, actor_token="a.b.c", actor_token_type=JWT),
        replace(REDEEM, requested_token_type=SAML),
        replace(REDEEM, requested_token_type=IMPERSONATION_TOKEN),
        replace(DELEGATE, subject_token_type=IMPERSONATION_TOKEN),
        replace(DELEGATE, actor_token=None),
        replace(DELEGATE, actor_token_type=None),
        replace(DELEGATE, actor_token_type=ACCESS_TOKEN),
        replace(DELEGATE, actor_token=None, actor_token_type=None),
    ],
)
def test_every_rule_of_the_parameters_is_kept(asked: Asked) -> None:
    """RFC 8693, section 2.1."""
    problem = problem_with_exchange(asked)
    assert problem is not None
    assert problem.error is ErrorCode.INVALID_REQUEST
