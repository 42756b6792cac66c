"""The judge of policies that are written in Cedar."""

from __future__ import annotations

from collections.abc import Sequence

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
        from understudy.cedar.compiled import compiled
        from understudy.cedar.decide import decided

        try:
            return decided(compiled(policies.text), question)
        except Exception as error:
            # Whatever it is: an operator is disabled, and a session ends, though it be a fault of
            # ours. That asks what still stands, and would fail with whoever is asked.
            return PolicyVerdict(permitted=False, faults=(str(error) or type(error).__name__,))
