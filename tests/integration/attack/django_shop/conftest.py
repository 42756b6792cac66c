"""The shop of the examples, on Django, whose staff show a second factor."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from understudy.core.governance.deny_packs import DenyPack, DenyPacks
from understudy.testing import FakeGateway
from understudy.testing.attack import AttackBrowser, AttackTarget, Sending

NAMES = ("ada", "grace", "kim", "lee", "rosa")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The shop's users by their names, in a database of their own; Lee supports as Kim does."""
    database = tmp_path_factory.mktemp("shop") / "shop.db"
    os.environ.update(
        DATABASE_URL=f"sqlite:///{database}",
        DJANGO_SETTINGS_MODULE="examples.django_shop.settings",
        SHOP_SECRET_KEY="x" * 50,
    )
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from examples.django_shop.records import fill

    call_command("migrate", verbosity=0)
    fill()
    kim = User.objects.get(username="kim")
    lee = User.objects.create(username="lee", email="lee@saltbox.example", is_staff=True)
    lee.user_permissions.set(kim.user_permissions.all())
    TOTPDevice.objects.create(user=lee, name="Lee's phone")
    return {name: User.objects.get(username=name) for name in NAMES}


@pytest.fixture
def understudy_attack_target(people: dict[str, Any]) -> Iterator[AttackTarget]:
    from django.contrib.auth.models import User
    from django.core.wsgi import get_wsgi_application
    from django.test import Client, override_settings
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    gateway = FakeGateway()
    gateway.deny_packs = DenyPacks(packs=(DenyPack.GENERIC, DenyPack.ALLAUTH))
    ids = {name: str(user.pk) for name, user in people.items()}
    for name in ("ada", "grace"):
        gateway.user(ids[name])
    gateway.user(ids["rosa"], roles=["owner"])
    understudy = gateway.understudy()

    def sign_in(browser: AttackBrowser, who: str) -> None:
        client, user = Client(), User.objects.get(pk=who)
        client.force_login(user, BACKEND)
        device = TOTPDevice.objects.filter(user=user).first()
        if device is not None:
            session = client.session
            session[DEVICE_ID_SESSION_KEY] = device.persistent_id
            session.save()
        browser.plant("sessionid", client.cookies["sessionid"].value)

    def whoami(browser: AttackBrowser) -> str | None:
        page = browser.open("/account/").text
        return next((ids[name] for name in NAMES if f"{people[name].email}<" in page), None)

    def page_headers(browser: AttackBrowser) -> Mapping[str, str]:
        browser.open("/orders/new/")
        live = [one.id for one in gateway.sessions() if gateway.ended(one.id) is None]
        inside = "__Host-understudy" in browser.cookies()
        return {
            "Understudy-Page": live[-1] if inside and live else "own",
            "X-CSRFToken": browser.cookies().get("csrftoken", ""),
            "Referer": "https://testserver/",
        }

    def disable(who: str) -> None:
        gateway.user(who, disabled=True)
        User.objects.filter(pk=who).update(is_active=False)
        for session in gateway.sessions():
            if who in (session.actor.id, session.subject.id):
                gateway.revoke(session.id)

    def recorded() -> list[tuple[str, str]]:
        sessions = gateway.sessions()
        return [(one.actor.id, one.subject.id) for one in sessions if gateway.actions(one.id)]

    told = {"STAFF": "examples.django_shop.support.staff", "UNDERSTUDY": understudy}
    with override_settings(UNDERSTUDY=told, ALLOWED_HOSTS=["testserver"]):
        yield AttackTarget(
            app=get_wsgi_application(),
            agent=ids["kim"],
            colleague=ids["lee"],
            user=ids["ada"],
            other=ids["grace"],
            admin=ids["rosa"],
            login_cookies=["sessionid"],
            sign_in=sign_in,
            whoami=whoami,
            start=lambda user: Sending(
                method="POST",
                path="/_understudy/start",
                json={"subject_id": user, "reason": "Cannot see the invoice"},
            ),
            stop=Sending(method="POST", path="/_understudy/end"),
            page_headers=page_headers,
            change=Sending(method="POST", path="/orders/new/", form={"text": "A blue jug"}),
            dangerous=[Sending(method="POST", path="/accounts/password/change", form={})],
            disable=disable,
            later=gateway.forward,
            recorded=recorded,
        )
    User.objects.update(is_active=True)
    understudy.close()
