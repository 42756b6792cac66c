"""The judge of policies that are written in Cedar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from understudy.cedar.default import DEFAULT_TEXT
from understudy.core.governance.policies import (
    PolicyFault,
    PolicyQuestion,
    PolicySet,
    PolicyVerdict,
)


class CedarJudge:
    """Reads and judges by policies in Cedar. Whatever it cannot evaluate whole is a no.

    Cedar is loaded at the first question: most verbs of the command line ask none.
    """

    default_text = DEFAULT_TEXT

    def check(self, text: str) -> Sequence[PolicyFault]:
        """What speaks against holding to ``text``."""
        from understudy.cedar.check import faults_in

        return faults_in(text)

    def judge(self, policies: PolicySet, question: PolicyQuestion) -> PolicyVerdict:
        """The verdict of ``policies``."""
        try:
            return _loaded()(policies.text, question)
        except Exception as error:
            # Whatever it is: an operator is disabled, and a session ends, though it be a fault of
            # ours. That asks what still stands, and would fail with whoever is asked.
            return PolicyVerdict(permitted=False, faults=(str(error) or type(error).__name__,))


@cache
def _loaded() -> Callable[[str, PolicyQuestion], PolicyVerdict]:
    # Once, as even to find what is loaded takes a share of a decision.
    from understudy.cedar import decide
    from understudy.cedar.compiled import compiled

    return lambda text, question: decide.decided(compiled(text), question)
