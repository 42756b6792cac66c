"""The page about side effects: its shop sends what the page says, in a session and outside."""

from __future__ import annotations

import re
from types import ModuleType

from tests.docs.pages import ROOT
from understudy.sdk.effects.policy import Effect
from understudy.testing import FakeGateway
from understudy.testing.attack import AttackBrowser, Sending

PAGE = (ROOT / "docs/howto/side-effects.md").read_text()


def shop() -> ModuleType:
    (text,) = re.findall(r"```python shop.py\n(.*?)```", PAGE, re.DOTALL)
    module = ModuleType("shop")
    exec(compile(text, "shop.py", "exec"), vars(module))
    return module


def test_the_shop_sends_what_the_page_says() -> None:
    gateway, ours = FakeGateway(), shop()
    understudy, session = gateway.understudy(), gateway.open()
    browser = AttackBrowser(ours.guarded(understudy), asgi=True)
    order = Sending(method="POST", path="/orders")
    assert browser.own(order, {}).json() == {"sms": "accepted"}
    assert ours.sent == [
        ("webhook", "order.created"),
        ("push", "Thank you"),
        ("sms", "On its way"),
    ]
    ours.sent.clear()
    browser.plant("__Host-understudy", session.token)
    headers = {"Understudy-Page": session.id}
    assert browser.own(order, headers).json() == {"sms": "waits"}
    assert browser.own(Sending(method="POST", path="/deposits"), headers).status_code == 403
    assert ours.sent == [("webhook", "order.created by support")]
    told = [one for one in gateway.actions(session.id, at_least=8) if one.did]
    assert [(one.kind, one.did) for one in told] == [
        ("webhook", "marked"),
        ("push", "dropped"),
        ("sms", "held"),
        ("payment", "refused"),
    ]
    assert not any("431555" in str(one) or "On its way" in str(one) for one in told)
    assert len(ours.effects.held(session.id)) == 1
    gateway.wait_for_followers()
    gateway.revoke(session.id)
    ended = gateway.actions(session.id, at_least=9)[-1]
    assert (ended.kind, ended.did) == ("sms", "dropped")
    assert ours.effects.release(session.id) == []
    understudy.close()


def test_the_policies_are_all_there() -> None:
    table = PAGE.partition("| policy | what is done |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(Effect)
