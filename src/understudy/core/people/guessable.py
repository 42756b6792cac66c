"""Passwords that are tried first: common words, rows of keys, years, and what is known of oneself.

What such parts are made of is taken away; what is left has to carry the password by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LEFT_AT_LEAST = 6
"""Characters that must be left beside all that is easily guessed."""

# The words in the heads of public lists of leaked passwords, and those of this very place.
_LIST = """
password passwort passwords passw0rd passphrase pass letmein welcome admin administrator root
login access master secret qwerty azerty qwertz iloveyou loveyou love monkey dragon football
baseball basketball soccer hockey superman batman starwars pokemon princess sunshine shadow
michael jordan jennifer thomas charlie daniel jessica ashley andrew joshua matthew robert hunter
ranger buster trustno computer internet samsung google facebook amazon linkedin microsoft
windows apple android changeme change default guest user test testing temp temporary hello
whatever freedom summer winter spring autumn january february march april june july august
september october november december monday tuesday wednesday thursday friday saturday sunday
cheese cookie banana orange flower butterfly killer pepper ginger mustang corvette ferrari harley
yankees liverpool chelsea arsenal barcelona london secure security company support helpdesk
service office system server database network understudy impersonate impersonation operator agent
customer
"""
_WORDS = frozenset(_LIST.split())
_ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_SHORTEST_RUN = 3
_LOOKALIKES = str.maketrans("@4301!$57", "aaeoiisst")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REPEATED = re.compile(r"(.)\1{2,}")
_PART = re.compile(r"[^\W_]+")


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Whether ``password`` is made of little but what is tried first; ``about`` is its owner."""
    plain = password.casefold()
    own = [
        part
        for text in about
        for part in _PART.findall(text.casefold())
        if len(part) >= _SHORTEST_RUN
    ]
    words = sorted({*_WORDS, *own}, key=lambda word: (-len(word), word))
    readings = (plain, plain.translate(_LOOKALIKES))
    return any(len(_left(reading, words)) < LEFT_AT_LEAST for reading in readings)


def _left(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, " ")
    text = _YEAR.sub(" ", _without_runs(text))
    return "".join(_PART.findall(_REPEATED.sub(r"\1", text)))


def _without_runs(text: str) -> str:
    """``text`` without stretches of neighbouring keys, letters or digits, in either direction."""
    kept, at = [], 0
    while at < len(text):
        length = _run_at(text, at)
        kept.append(" " if length else text[at])
        at += length or 1
    return "".join(kept)


def _run_at(text: str, at: int) -> int:
    longest = 0
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        length = _SHORTEST_RUN
        while at + length <= len(text) and text[at : at + length] in row:
            longest = max(longest, length)
            length += 1
    return longest
