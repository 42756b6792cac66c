from __future__ import annotations

from collections.abc import Callable

from understudy.storage.database.answers import NOTHING, WARY_TURNS, Answers


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


def test_what_is_in_doubt_is_not_known_until_it_is_believed() -> None:
    answers = Answers(2)
    answers.note("a", 1)
    answers.doubt()
    assert answers.known("a") is None
    assert answers.doubts("a")
    assert answers.believe("a") == 1
    assert not answers.doubts("a")
    assert not _asked(answers, "a", 1)


def test_what_is_noted_dropped_or_forgotten_is_in_doubt_no_more() -> None:
    answers = Answers(5)
    ends: list[Callable[[], None]] = [
        lambda: answers.drop("a"),
        lambda: answers.note("a", 2),
        answers.forget,
        answers.forget_doubts,
    ]
    for end in ends:
        answers.note("a", 1)
        answers.doubt()
        end()
        assert not answers.doubts("a")


def test_no_more_is_in_doubt_than_there_is_room_for() -> None:
    answers = Answers(2)
    for key in "abc":
        answers.note(key, key)
        answers.doubt()
    assert [answers.doubts(key) for key in "abc"] == [False, False, True]


def test_after_a_mistake_nothing_is_believed_for_a_while() -> None:
    answers = Answers(2)
    answers.mistaken()
    for _ in range(WARY_TURNS):
        answers.note("a", 1)
        answers.doubt()
        assert not answers.doubts("a")
    answers.note("a", 1)
    answers.doubt()
    assert answers.doubts("a")
