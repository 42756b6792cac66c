from __future__ import annotations

import pytest

from tests.contract.rules.world import World
from understudy.core.governance.tickets import TicketNews
from understudy.errors import NotSignedIn
from understudy.flows.governance.ticket_hook import take_news
from understudy.flows.origin import Origin


def test_news_for_no_application_are_nobodys(installation: World) -> None:
    news = TicketNews(ticket="SUP-1", closed=True, digest=b"x" * 32)
    with pytest.raises(NotSignedIn):
        installation.engine.run(lambda unit: take_news(unit, "app_nobody", news, origin=Origin()))
