from __future__ import annotations

import logging

import pytest

from understudy.http.access_log import AccessLine, log_access


def test_a_request_is_one_record_by_its_route(caplog: pytest.LogCaptureFixture) -> None:
    line = AccessLine(
        request_id="request-1",
        method="GET",
        route="/things/{id}",
        status=201,
        seconds=0.25,
        address="192.0.2.1",
        caller="app_1",
    )
    with caplog.at_level(logging.INFO, "understudy.access"):
        log_access(line)
    (record,) = caplog.records
    assert record.getMessage() == "GET /things/{id} 201"
    told = vars(record)
    assert told["duration_ms"] == 250.0
    assert (told["caller"], told["address"]) == ("app_1", "192.0.2.1")
    assert (told["request_id"], told["method"]) == ("request-1", "GET")


def test_nothing_is_recorded_where_only_warnings_are_wanted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    line = AccessLine(
        request_id="", method="GET", route="", status=200, seconds=0, address=None, caller=""
    )
    with caplog.at_level(logging.WARNING, "understudy.access"):
        log_access(line)
    assert not caplog.records
