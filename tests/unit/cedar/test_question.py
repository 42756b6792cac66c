"""What is asked is as the schema says: nobody checks it again at each decision."""

from __future__ import annotations

from dataclasses import replace

import cedarpy
import pytest

from tests.unit.cedar.questions import QUESTION
from understudy.cedar.question import asked, entities_of, request_of
from understudy.cedar.schema import schema
from understudy.core.governance.policies import Moment, PolicyQuestion

ALL = cedarpy.PolicySet.from_str("permit (principal, action, resource);")
BARE = replace(
    QUESTION, actor_email=None, subject_email=None, ticket=None, actor_roles=(), subject_roles=()
)


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        BARE,
        replace(QUESTION, address="192.0.2.1", organization_id="acme"),
        replace(QUESTION, address="2001:db8::1"),
        replace(QUESTION, actor_groups=("billing", "leads"), subject_tags=("vip",)),
        replace(QUESTION, moment=Moment.CONTINUE),
    ],
)
def test_a_question_is_as_the_schema_says(question: PolicyQuestion) -> None:
    what = asked(question)
    answer = cedarpy.is_authorized(request_of(what), ALL, entities_of(what.people), schema())
    assert answer.diagnostics.errors == []
    assert answer.allowed


def test_what_is_no_address_is_left_out() -> None:
    for address in (None, "", "testclient", "192.0.2.1/24"):
        assert "address" not in request_of(asked(replace(QUESTION, address=address)))["context"]
