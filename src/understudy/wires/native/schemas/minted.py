"""What was made in sessions and outlives them."""

from __future__ import annotations

from understudy.http.shapes import Answer, Time


class MintedAnswer(Answer, frozen=True, kw_only=True):
    """Something that was made in a session which is over, and that the app has not revoked.

    ``reference`` is the app's own name for it, as it was recorded. Say that it is revoked by an
    action of the phase ``undone`` with this ``id``.
    """

    id: str
    session_id: str
    kind: str
    reference: str
    at: Time
