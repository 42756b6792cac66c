from __future__ import annotations

import logging

import pytest

from understudy.errors import Unavailable
from understudy.last_resort import LastResort

LOGGER = logging.getLogger("understudy.tried")


def test_a_defect_is_told_with_its_trace_and_its_action_and_the_rest_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with LastResort(LOGGER, "it broke", action="break_it", session="ses_1"):
        raise ZeroDivisionError("why")
    [record] = caplog.records
    assert (record.levelname, record.getMessage()) == ("ERROR", "it broke")
    assert record.__dict__["action"] == "break_it"
    assert record.__dict__["session"] == "ses_1"
    assert "ZeroDivisionError: why" in caplog.text


def test_errors_of_ours_are_survived_as_well(caplog: pytest.LogCaptureFixture) -> None:
    with LastResort(LOGGER, "it broke", action="break_it"):
        raise Unavailable
    assert len(caplog.records) == 1


def test_what_goes_well_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    with LastResort(LOGGER, "it broke", action="break_it"):
        pass
    assert not caplog.records


def test_a_name_only_one_names_the_class_and_none_of_the_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with LastResort(LOGGER, "it broke", action="break_it", name_only=True):
        raise ZeroDivisionError("a secret")
    assert [one.getMessage() for one in caplog.records] == ["it broke: ZeroDivisionError"]
    assert "secret" not in caplog.text


def test_once_all_is_over_a_defect_is_survived_in_silence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with LastResort(LOGGER, "it broke", action="break_it", unless=lambda: True):
        raise ZeroDivisionError
    assert not caplog.records


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_whoever_wants_to_end_the_process_is_not_held_up(
    kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(kind), LastResort(LOGGER, "it broke", action="break_it"):
        raise kind
    assert not caplog.records
