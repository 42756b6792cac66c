"""What the moves of a history draw from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.contract.histories.stage import NAMED, PEOPLE

ACTORS = st.sampled_from(["sam", "sam", "lou", *NAMED])
SUBJECTS = st.sampled_from(["ada", "ada", *PEOPLE])
"""Some more often, so that moves meet the same people."""
APPROVERS = st.sampled_from(["kit", "lou", "sam", "mara"])
STAFF = st.sampled_from(["sam", "lou", "sam", "kit"])
MINUTES = st.sampled_from([None, 5, 20, 30, 60])
READING = st.sampled_from([False, False, True])
MOSTLY = st.sampled_from([True, True, False])
NUMBERS = st.integers(0, 5)

F = TypeVar("F", bound=Callable[..., None])


def move(*, weight: int = 1, **drawn: st.SearchStrategy[Any]) -> Callable[[F], F]:
    """A move that comes ``weight`` times as often as others, with what is ``drawn`` for it.

    Rules of the state machine itself come as Hypothesis sees fit, which leaves out most of them
    from most histories; what is looked for here takes several of them at once.
    """

    def marked(method: F) -> F:
        method.drawn, method.weight = drawn, weight  # type: ignore[attr-defined]
        return method

    return marked


def moves_of(machine: type) -> list[str]:
    """The names of the moves of ``machine``, each as often as it weighs."""
    found = ((name, getattr(machine, name)) for name in sorted(dir(machine)))
    return [name for name, one in found for _ in range(getattr(one, "weight", 0))]
