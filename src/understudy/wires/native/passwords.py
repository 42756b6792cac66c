"""Operators' passwords: argon2id, a few at a time, and never told apart from no account."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from pwdlib import PasswordHash

from understudy.core.people.guessable import is_guessable
from understudy.errors import InvalidInput

P = ParamSpec("P")
T = TypeVar("T")

MIN_LENGTH = 12
_GUESSABLE = (
    "This password is among the first that are tried: it is made of common words, rows of keys, "
    "years, or your own name and address. Choose one of several words that do not belong together."
)
_AT_ONCE = 2
"""argon2id takes 64 MiB a hash: more at once would let strangers exhaust the memory."""

_hasher = PasswordHash.recommended()
# Threads of their own: in those that serve everybody's reads, strangers who sign in would queue up
# before them.
_threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="understudy-passwords")


@cache
def _nobody() -> str:
    """What is checked when there is no account, so that its absence takes as long as its presence.

    Made at the first sign-in: every start of a command would otherwise wait for it.
    """
    return _hasher.hash("there is no such account")


def hash_password(password: str) -> str:
    """The argon2id hash of ``password``; takes about 0.14 s."""
    return _hasher.hash(password)


def password_matches(password: str, stored: str | None) -> bool:
    """Whether ``password`` is the one behind ``stored``; as slow when nothing is stored."""
    matches = _hasher.verify(password, stored or _nobody())
    return matches and stored is not None


def require_good_password(password: str, about: Iterable[str] = ()) -> None:
    """Refuse what is too short, or made of one character, or among the first to be guessed.

    ``about`` is what everybody knows of its owner: address and name.

    :raises InvalidInput: saying what a good one is.
    """
    if len(password) < MIN_LENGTH or len(set(password)) < MIN_LENGTH // 3:
        raise InvalidInput(
            f"Choose a password of at least {MIN_LENGTH} characters, not of a few repeated ones.",
            facts={"field": "password"},
        )
    if is_guessable(password, about):
        raise InvalidInput(_GUESSABLE, facts={"field": "password"})


async def hashed(password: str, about: Iterable[str]) -> str:
    """``hash_password`` in a thread, the password judged first."""
    require_good_password(password, about)
    return await _aside(hash_password, password)


async def matches(password: str, stored: str | None) -> bool:
    """``password_matches`` in a thread."""
    return await _aside(password_matches, password, stored)


async def _aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.wrap_future(_threads.submit(work, *args, **kwargs))
