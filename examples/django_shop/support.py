"""Who of the staff may start a session: nobody whose password is all that was asked of them."""

from __future__ import annotations

import time
from importlib import import_module

from django.conf import settings
from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.models import Device
from django_otp.oath import TOTP, hotp
from django_otp.plugins.otp_totp.models import TOTPDevice

from understudy import Actor, StaffMember
from understudy.contrib.django.staff import staff as signed_in_staff
from understudy.contrib.django.staff_member import staff_member as signed_in_member


def staff(request: HttpRequest) -> Actor | None:
    """Whoever is signed in and may impersonate, once they have shown their second factor."""
    actor = signed_in_staff(request)
    if actor is None or not _has_shown_second_factor(request, actor.id):
        return None
    return actor


def staff_member(request: HttpRequest) -> StaffMember | None:
    """The same for the dashboard, where the shop has it inside: with what they may do there."""
    member = signed_in_member(request)
    if member is None or not _has_shown_second_factor(request, member.id):
        return None
    return member


def current_code(device: TOTPDevice) -> str:
    """What an authenticator would show now, so that nobody needs one to try the example."""
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clock.time = time.time()
    # Each is good once.
    number = hotp(device.bin_key, max(clock.t(), device.last_t + 1), device.digits)
    return f"{number:0{device.digits}}"


def _has_shown_second_factor(request: HttpRequest, user_id: str) -> bool:
    # No middleware has run yet, and the session is only read: it stays as it is byte for byte.
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    device = Device.from_persistent_id(session.get(DEVICE_ID_SESSION_KEY) or "")
    return device is not None and device.confirmed and str(device.user_id) == user_id
