from __future__ import annotations

from understudy.storage.database.answers import NOTHING, Answers


def _asked(answers: Answers, key: str, value: object) -> bool:
    asked: list[str] = []

    def ask(key: str) -> object:
        asked.append(key)
        return value

    assert answers.get(key, ask) == value
    return bool(asked)


def test_a_query_is_asked_once_also_when_there_was_nothing() -> None:
    answers = Answers(2)
    assert [_asked(answers, "a", None), _asked(answers, "a", None)] == [True, False]
    assert answers.known("a") is None


def test_what_was_dropped_or_forgotten_is_asked_again() -> None:
    answers = Answers(3)
    for key in "abc":
        answers.note(key, key)
    answers.drop("a")
    assert [_asked(answers, key, key) for key in "ab"] == [True, False]
    answers.forget()
    assert [_asked(answers, key, key) for key in "abc"] == [True, True, True]


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    answers = Answers(2)
    for key in "abc":
        answers.note(key, key)
    assert [answers.known(key) for key in "abc"] == [None, None, "c"]


def test_a_snapshot_remembers_nothing() -> None:
    NOTHING.note("a", "a")
    assert NOTHING.known("a") is None
