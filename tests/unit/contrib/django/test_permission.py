"""Who may impersonate whom among the app's own users, and that nobody may unless told to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import override_settings

from tests.fixtures.impersonation import SESSION
from tests.fixtures.refusals import refusal_of
from understudy.contrib.django.permission import is_allowed, may_begin, permission_name
from understudy.errors import SetupError
from understudy.sdk.context import Impersonation, Present, entered

NAME = "auth.impersonate_user"


def somebody(pk: int, *permissions: str, **facts: bool) -> Any:
    signed_up = {"is_authenticated": True, "is_active": True, "is_staff": False}
    return SimpleNamespace(
        pk=pk, has_perm=permissions.__contains__, **{**signed_up, "is_superuser": False, **facts}
    )


ADA = somebody(1)
KIM = somebody(2, NAME, is_staff=True)


def asking(may: object) -> Any:
    return override_settings(UNDERSTUDY={"MAY_IMPERSONATE": may})


def yes(_actor: Any, _subject: Any) -> bool:
    return True


def test_staff_with_the_permission_may_become_a_user() -> None:
    assert permission_name() == NAME
    assert is_allowed(KIM, ADA)
    assert may_begin(KIM)


@pytest.mark.parametrize(
    "actor",
    [
        somebody(3, is_staff=True),
        somebody(3, NAME),
        somebody(3, NAME, is_staff=True, is_active=False),
        somebody(3, NAME, is_staff=True, is_authenticated=False),
    ],
    ids=["not permitted", "no staff", "disabled", "nobody"],
)
def test_nobody_else_may(actor: Any) -> None:
    assert not is_allowed(actor, ADA)
    assert not may_begin(actor)


@pytest.mark.parametrize(
    "subject",
    [
        somebody(1, is_staff=True),
        somebody(1, is_superuser=True),
        somebody(1, is_active=False),
        KIM,
        SimpleNamespace(pk=9),
    ],
    ids=["staff", "superuser", "disabled", "oneself", "no user"],
)
def test_staff_may_become_no_other_staff(subject: Any) -> None:
    assert not is_allowed(KIM, subject)


def test_a_superuser_may_become_staff_and_no_other_superuser() -> None:
    root = somebody(4, NAME, is_staff=True, is_superuser=True)
    assert is_allowed(root, somebody(5, is_staff=True))
    assert not is_allowed(root, somebody(5, is_superuser=True))


@pytest.mark.parametrize("may", [yes, f"{__name__}.yes"])
def test_the_apps_own_word_takes_the_place_of_the_permission(may: object) -> None:
    with asking(may):
        assert is_allowed(somebody(3), somebody(5, is_staff=True))
        assert may_begin(somebody(3))


@pytest.mark.parametrize(
    ("actor", "subject"),
    [
        (somebody(3), somebody(3)),
        (somebody(3), somebody(5, is_active=False)),
        (somebody(3, is_active=False), ADA),
        (somebody(3, is_authenticated=False), ADA),
    ],
    ids=["oneself", "disabled subject", "disabled actor", "nobody"],
)
def test_the_apps_own_word_lifts_nothing_that_always_holds(actor: Any, subject: Any) -> None:
    with asking(yes):
        assert not is_allowed(actor, subject)


def test_whoever_works_as_somebody_may_become_nobody_else() -> None:
    with entered(Present(Impersonation.of(SESSION))):
        assert not is_allowed(KIM, ADA)
        assert not may_begin(KIM)


@pytest.mark.parametrize("word", [None, 1, "yes", False])
def test_only_a_plain_yes_is_one(word: object) -> None:
    with asking(lambda _actor, _subject: word):
        assert not is_allowed(KIM, ADA)


@pytest.mark.parametrize("may", ["nowhere.to.be_found", 1, None])
def test_what_is_no_function_of_users_is_told_as_such(may: object) -> None:
    with asking(may), refusal_of(SetupError, "setup_error"):
        is_allowed(KIM, ADA)
