from __future__ import annotations

from understudy.http.look_ups import WINDOW_SECONDS, LookUps


class Timer:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_different_users_are_counted_and_told_of_once_they_are_too_many() -> None:
    look_ups = LookUps(timer=Timer())
    opened = [look_ups.opened("opr_1", ("app_1", user), 2) for user in ("a", "a", "b", "b", "c")]
    assert opened == [0, 0, 0, 0, 3]
    assert look_ups.opened("opr_2", ("app_1", "c"), 2) == 0
    look_ups.told("opr_1")
    assert look_ups.opened("opr_1", ("app_1", "d"), 2) == 0


def test_the_same_id_in_another_application_is_somebody_else() -> None:
    look_ups = LookUps(timer=Timer())
    assert look_ups.opened("opr_1", ("app_1", "a"), 1) == 0
    assert look_ups.opened("opr_1", ("app_2", "a"), 1) == 2


def test_the_count_begins_anew_after_an_hour() -> None:
    timer = Timer()
    look_ups = LookUps(timer=timer)
    assert look_ups.opened("opr_1", ("app_1", "a"), 1) == 0
    timer.now = WINDOW_SECONDS
    assert look_ups.opened("opr_1", ("app_1", "b"), 1) == 0
    timer.now = 2 * WINDOW_SECONDS - 1
    assert look_ups.opened("opr_1", ("app_1", "c"), 1) == 2
