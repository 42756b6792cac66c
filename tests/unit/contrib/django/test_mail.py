"""Mail of a site: a user's goes out, a session's by policy."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import override_settings

from tests.fixtures.impersonation import SESSION
from tests.unit.sdk.effects.test_side_effects import Told, present
from understudy.contrib.django.mail import side_effects
from understudy.sdk.context import OwnRequest, entered
from understudy.testing import FakeGateway

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
OURS = "understudy.contrib.django.mail.EmailBackend"


def sent_in_session(gateway: FakeGateway, policy: str | None, told: Told) -> int:
    more = {} if policy is None else {"SIDE_EFFECTS": {"email": policy}}
    given = {"UNDERSTUDY": gateway.understudy(), "EMAIL_BACKEND": LOCMEM, **more}
    mail.outbox = []
    with override_settings(EMAIL_BACKEND=OURS, UNDERSTUDY=given):
        with OwnRequest():
            assert mail.send_mail("Own", "Text", "a@shop.test", ["ada@shop.test"]) == 1
        with entered(present(told)):
            count: int = mail.send_mail("In a session", "Text", "a@shop.test", ["ada@shop.test"])
        if policy is None:
            side_effects().release(SESSION.id)
    return count


@pytest.mark.parametrize(
    ("policy", "subjects", "did"),
    [
        (None, ["Own", "In a session"], ["held", "released"]),
        ("hold", ["Own"], ["held"]),
        ("drop", ["Own"], ["dropped"]),
        ("send", ["Own", "In a session"], ["sent"]),
        ("mark", ["Own", "In a session"], ["marked"]),
    ],
)
def test_mail_goes_by_its_policy(
    gateway: FakeGateway, policy: str | None, subjects: list[str], did: list[str]
) -> None:
    told = Told()
    assert sent_in_session(gateway, policy, told) == 1
    assert [one.subject for one in mail.outbox] == subjects
    assert told.did == [("email", one) for one in did]
    marks = [one.extra_headers.get("Understudy-Impersonated") for one in mail.outbox]
    assert marks == [None, "yes" if policy == "mark" else None][: len(marks)]


@pytest.mark.parametrize("given", [["email"], {"email": "post"}])
def test_policies_that_are_none_are_a_mistake(gateway: FakeGateway, given: object) -> None:
    from understudy.contrib.django.conf import read
    from understudy.errors import SetupError

    with pytest.raises(SetupError):
        read({"UNDERSTUDY": gateway.understudy(), "SIDE_EFFECTS": given})
