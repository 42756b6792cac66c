"""What a session that may only read asks of the shop; test_example_searches.py runs it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings

from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.page_marks import HEADER
from understudy.testing import FakeGateway


@pytest.mark.parametrize(("path", "status"), [("/orders/search/", 200), ("/orders/new/", 403)])
def test_the_shop_is_searched_and_not_changed(
    people: dict[str, Any], path: str, status: int
) -> None:
    gateway = FakeGateway()
    ada = str(people["ada"].pk)
    gateway.user(ada)
    session = gateway.open(subject_id=ada, scope=Scope.READ_ONLY)
    browser = Client()
    browser.cookies[OVERLAY] = session.token
    options = {"UNDERSTUDY": gateway.understudy(), "READ_ONLY_DATABASES": False}
    with override_settings(UNDERSTUDY=options, ALLOWED_HOSTS=["testserver"]):
        headers = {HEADER.decode(): session.id}
        got = browser.post(path, {"text": "a", "wanted": "a"}, secure=True, headers=headers)
    assert got.status_code == status, got.content
    assert people["ada"].orders.count() > 0
