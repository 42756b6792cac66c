"""Log records that say who caused what they tell."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from tests.fixtures.impersonation import SESSION
from understudy.contrib.log_records import AddAttribution, AttributionFilter
from understudy.sdk.attribution import Attribution, attributed_to
from understudy.sdk.context import Impersonation, Present, entered

FOUND = Impersonation.of(SESSION)
IDS = {"understudy_subject": "42", "understudy_actor": "opr_1", "understudy_session": "ses_1"}
PERSONAL = {
    "understudy_actor_email": "sam@support.test",
    "understudy_actor_name": "Sam Support",
}


def told(record: Any) -> dict[str, object]:
    values = record if isinstance(record, dict) else record.__dict__
    return {name: value for name, value in values.items() if name.startswith("understudy_")}


def logged(caplog: pytest.LogCaptureFixture, *, personal: bool = False) -> dict[str, object]:
    """What a record of the app says, by a filter of the handler."""
    added = AttributionFilter(personal=personal)
    caplog.handler.addFilter(added)
    logging.getLogger("app.orders").warning("refunded")
    caplog.handler.removeFilter(added)
    return told(caplog.records[-1])


def structured(*, personal: bool = False, **bound: str) -> dict[str, object]:
    """What structlog hands on."""
    capture = LogCapture()
    logger = structlog.wrap_logger(None, processors=[AddAttribution(personal=personal), capture])
    logger.warning("refunded", **bound)
    return told(dict(capture.entries[-1]))


def test_a_record_names_subject_actor_and_session(caplog: pytest.LogCaptureFixture) -> None:
    with entered(Present(FOUND)):
        assert logged(caplog) == IDS
        assert structured() == IDS


def test_a_record_of_a_job_names_who_caused_it(caplog: pytest.LogCaptureFixture) -> None:
    with attributed_to(Attribution.of(FOUND)):
        assert logged(caplog) == IDS
        assert structured() == IDS


def test_a_record_outside_of_sessions_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    assert logged(caplog) == dict.fromkeys(IDS)
    assert structured() == dict.fromkeys(IDS)


def test_names_and_addresses_are_told_when_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    with entered(Present(FOUND)):
        assert logged(caplog, personal=True) == IDS | PERSONAL
        assert structured(personal=True) == IDS | PERSONAL


def test_a_record_that_a_listener_hands_on_keeps_what_it_says() -> None:
    record = logging.makeLogRecord({"msg": "refunded"})
    with entered(Present(FOUND)):
        AttributionFilter().filter(record)
    AttributionFilter().filter(record)
    assert told(record) == IDS
    assert structured(understudy_actor="said by the app")["understudy_actor"] == "said by the app"


def test_logging_is_not_asking_whom_the_app_serves(caplog: pytest.LogCaptureFixture) -> None:
    present = Present(FOUND)
    with entered(present):
        logged(caplog)
    assert not present.asked
