"""Impersonation in the tests of your own app, without a service.

::

    gateway = FakeGateway()
    site = UnderstudyMiddleware(app, understudy=gateway.understudy(), load_user=get_user)

    session = gateway.open(subject_id="42", actor_name="Sam from Support")
    client = TestClient(site)
    client.get("/orders", headers=session.headers)
    assert [action.path for action in gateway.actions(session.id)] == ["/orders"]

    gateway.revoke(session.id)
    assert client.get("/orders", headers=session.headers).status_code == 401

Nothing is sent anywhere. Recorded actions arrive a moment after the response, as they do in
earnest: ``actions`` waits for them.
"""

from __future__ import annotations

from understudy.testing.gateway import ISSUER, FakeGateway
from understudy.testing.sessions import FakeSession

__all__ = ["ISSUER", "FakeGateway", "FakeSession"]
