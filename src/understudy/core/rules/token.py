"""Rules about a token or code that is presented. The exchange applies them.

They are for the log: whoever presented the token is told one and the same (RFC 6749, section 5.2).
"""

from __future__ import annotations

from understudy.core.rules.rule import Lifter, Rule

_ANEW = "Ask anew: a token works once, and soon."

TOKEN_UNKNOWN = Rule(
    code="token_unknown",
    text="There is no such token.",
    lifted_by=Lifter.ASKER,
    lift=_ANEW,
)
TOKEN_FOREIGN = Rule(
    code="token_foreign",
    text="The token was made for another application than the one that presented it.",
    lifted_by=Lifter.APPLICATION,
)
TOKEN_EXPIRED = Rule(
    code="token_expired",
    text="The token was presented after its time.",
    lifted_by=Lifter.ASKER,
    lift=_ANEW,
)
TOKEN_REPLAYED = Rule(
    code="token_replayed",
    text="The token was used before.",
    lifted_by=Lifter.ASKER,
    lift=_ANEW,
)
TOKEN_WRONG_WIRE = Rule(
    code="token_wrong_wire",
    text="The token was made for another protocol than the one by which it came.",
    lifted_by=Lifter.APPLICATION,
)
TOKEN_REDACTION_UNSUPPORTED = Rule(
    code="redaction_unsupported",
    text="The application hides fields, and what asked for the session cannot hide them.",
    lifted_by=Lifter.ADMIN,
    lift="Use Understudy's guard for Python in the app, or take the redaction rules out.",
)
TOKEN_NOT_BOUND = Rule(
    code="token_binding_mismatch",
    text="The token came without the proof, or from elsewhere than the place, it is bound to.",
    lifted_by=Lifter.ASKER,
    lift=_ANEW,
)
