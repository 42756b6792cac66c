from __future__ import annotations

from tests.unit.core.factories import NOW
from understudy.core.ids import SessionId
from understudy.core.redaction.lifted import REVEAL_LIFE, Lifted, Reveal, Shown


def test_a_guard_is_told_what_is_shown_where_and_until_when() -> None:
    until = NOW + REVEAL_LIFE
    asked = Reveal(
        id="rev_1",
        application_id="app_1",
        session_id=SessionId("ses_1"),
        kind="field",
        match="iban",
        path="/users/ada",
        revealed_at=NOW,
        expires_at=until,
    )
    assert asked.shown == Shown(
        lifted=Lifted(kind="field", match="iban", path="/users/ada"), until=until
    )
