from __future__ import annotations

from understudy.core.ids import SessionId
from understudy.wires.clerk.session_ids import meant, shown

OURS = SessionId("ses_AAAAAAAAAAAAAAAAAAAAAA")


def test_an_id_begins_as_these_clients_expect_it_and_leads_back() -> None:
    assert shown(OURS) == "sess_AAAAAAAAAAAAAAAAAAAAAA"
    assert meant(shown(OURS)) == OURS


def test_an_id_of_ours_is_understood_too() -> None:
    assert meant(OURS) == OURS
