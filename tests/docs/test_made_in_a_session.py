"""The page about what is made in a session: its shop revokes a key at the end."""

from __future__ import annotations

import re
from types import ModuleType

from tests.docs.pages import ROOT
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway
from understudy.testing.attack import AttackBrowser, Sending

PAGE = (ROOT / "docs/howto/made-in-a-session.md").read_text()


def test_the_shop_revokes_what_was_made() -> None:
    (text,) = re.findall(r"```python keys.py\n(.*?)```", PAGE, re.DOTALL)
    shop = ModuleType("keys")
    exec(compile(text, "keys.py", "exec"), vars(shop))
    gateway = FakeGateway()
    understudy, session = gateway.understudy(), gateway.open()
    browser = AttackBrowser(shop.make_app(understudy), asgi=False)
    integrate = Sending(method="POST", path="/integrations")
    assert browser.own(integrate, {}).json() == {"id": "key_1"}
    browser.plant("__Host-understudy", session.token)
    made = browser.own(integrate, {"Understudy-Page": session.id})
    assert (made.json(), set(shop.keys)) == ({"id": "key_2"}, {"key_1", "key_2"})
    gateway.wait_for_followers()
    gateway.revoke(session.id)
    (undone,) = gateway.actions(session.id, phase=Phase.UNDONE)
    assert (undone.kind, set(shop.keys)) == ("api_key", {"key_1"})
    understudy.close()
