"""Whether a text can be read at all: Cedar takes a process down that hands it what nests too deep.

Its reader goes down by one call for each bracket and each operator, until the thread's stack is
used up, which nobody can catch. So this is found out by looking at the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BRACKETS = 50
MOST_OPERATORS = 200
"""So many of one policy's brackets may stand within each other, and so many operators in it."""

_OPENING, _CLOSING = "([{", ")]}"
# What is quoted or a comment is passed over, as Cedar passes over it.
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"?|//[^\r\n]*|[(\[{)\]};]|&&|\|\||[=!<>]=|[.+\-*!<>]|\b(?:if|in|is|has|like)\b',
    re.DOTALL,
)


@dataclass(kw_only=True)
class _Policy:
    """What was counted in a policy so far."""

    depth: int = 0
    operators: int = 0


def nests_too_deep(text: str) -> str | None:
    """What is wrong with ``text``, or None where it may be handed to Cedar."""
    policy = _Policy()
    for part in _parts(text):
        if part == ";":
            policy = _Policy()
        elif part in _OPENING:
            policy.depth += 1
        elif part in _CLOSING:
            policy.depth = max(policy.depth - 1, 0)
        else:
            policy.operators += 1
        if policy.depth > MOST_BRACKETS:
            return f"Brackets stand within each other at most {MOST_BRACKETS} deep."
        if policy.operators > MOST_OPERATORS:
            return f"A policy has at most {MOST_OPERATORS} operators. Make several of it."
    return None


def _parts(text: str) -> Iterator[str]:
    for found in _TOKEN.finditer(text):
        part = found.group()
        if part[0] != '"' and not part.startswith("//"):
            yield part
