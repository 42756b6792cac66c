"""What hides fields, loaded with the first session that has something hidden.

Most apps hide nothing, and shall not wait for it when they start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.core.redaction.rules import Redaction

if TYPE_CHECKING:
    from understudy.core.redaction.rulings import Rulings


def rulings_of(redaction: Redaction) -> Rulings | None:
    """What ``redaction`` comes to; None for nothing.

    Called where a session becomes known, which is beside an event loop and never on it: whatever
    its answers will be looked through with is loaded by then.
    """
    if not redaction.hides:
        return None
    from understudy.core.redaction.rulings import rulings
    from understudy.sdk.passage import brought_back
    from understudy.sdk.redaction import message_text, redacting

    del brought_back, message_text, redacting
    return rulings(redaction)
