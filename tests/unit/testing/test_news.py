"""Whoever changes something waits until every app has heard of it, and no longer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.values import Beat, News, RulesChanged, SessionClosed
from understudy.testing import news
from understudy.testing.news import Streams


@pytest.mark.parametrize(
    "told",
    [
        RulesChanged(event_id=None),
        SessionClosed(session_id="ses_1", cause=EndCause.REVOKED, event_id="1"),
    ],
    ids=["rules", "end"],
)
def test_whatever_is_told_counts_as_heard_once_it_is_taken_in(
    told: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "HEARD_SECONDS", 60.0)
    streams = Streams(threading.Condition())
    heard = streams.follow()
    assert next(heard) == Beat(index=1)
    with ThreadPoolExecutor(2) as threads:
        more = threads.submit(lambda: [next(heard), next(heard)])
        threads.submit(streams.tell, told).result(timeout=30)
        assert more.result() == [told, Beat(index=1)]
