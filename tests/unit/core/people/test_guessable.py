from __future__ import annotations

import pytest

from understudy.core.people.guessable import is_guessable

OWN = ("ada.lovelace@acme.example", "Ada Lovelace")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234!",
        "P@ssw0rd2024",
        "passwordpassword",
        "qwertyuiop123",
        "1q2w3e4r5t6y",
        "987654321098",
        "Summer2026!!!",
        "letmein-letmein",
        "ada.lovelace@acme.example",
        "Lovelace-Acme-1",
        "aaaaabbbbbccccc",
        "------------",
    ],
)
def test_what_is_tried_first_is_guessable(password: str) -> None:
    assert is_guessable(password, OWN)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "x7Kf-92qLm-0vBz",
        "lovelace is not all of it",
        "\u043f\u0430\u0440\u043e\u043b\u044c \u0434\u043b\u044f \u043c\u0435\u043d\u044f",
    ],
)
def test_what_is_left_of_others_carries_them(password: str) -> None:
    assert not is_guessable(password, OWN)
