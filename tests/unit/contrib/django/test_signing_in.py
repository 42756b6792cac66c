"""Sign-ins in a session."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied

from tests.fixtures.impersonation import SESSION
from understudy.contrib.django.errors import SignInRefused
from understudy.contrib.django.signing_in import guard_sign_ins, refuse_sign_in
from understudy.sdk.context import Impersonation, OwnRequest, Present, within


def test_a_sign_in_is_refused_before_django_writes_when_it_was() -> None:
    for _ in range(2):
        guard_sign_ins()
    names = [str(lookup[0]) for lookup, *_ in user_logged_in.receivers]
    assert names.count("understudy.contrib.django") == names.count("update_last_login") == 1
    assert names.index("understudy.contrib.django") < names.index("update_last_login")


def test_users_sign_in_themselves_as_ever() -> None:
    refuse_sign_in()
    with within(OwnRequest()):
        refuse_sign_in()


def test_in_a_session_nobody_signs_in_and_nothing_of_it_stays() -> None:
    flushed: list[bool] = []
    session = SimpleNamespace(flush=lambda: flushed.append(True))
    present = Present(Impersonation.of(SESSION))
    with within(present), pytest.raises(SignInRefused) as caught:
        refuse_sign_in(request=SimpleNamespace(session=session))
    assert (flushed, present.forbidden) == ([True], True)
    assert caught.value.code == "forbidden_while_impersonating"
    # So that Django itself makes a 403 of it wherever it is raised.
    assert isinstance(caught.value, PermissionDenied)


def test_what_a_session_has_left_running_signs_nobody_in_either() -> None:
    present = Present(Impersonation.of(SESSION))
    present.over = True
    with within(present), pytest.raises(SignInRefused):
        refuse_sign_in()
    assert not present.forbidden
