"""The package's root is the contract with apps: what is in it, and what it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import understudy

HEAVY = (
    *("httpx", "msgspec", "starlette", "cryptography", "sqlite3", "typer", "fastapi", "litestar"),
    *("email", "understudy.core.notices.event_types"),
)


def run(code: str) -> str:
    """What ``code`` prints in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_public_names_are_these() -> None:
    assert sorted(understudy.__all__) == [
        "Actor",
        "AppUser",
        "Attribution",
        "CarryingExecutor",
        "ForbiddenWhileImpersonating",
        "Impersonation",
        "Minted",
        "Organization",
        "Refused",
        "SecurityWarning",
        "SessionNotice",
        "SessionOver",
        "SetupError",
        "SideEffects",
        "SignInRequired",
        "StaffMember",
        "Started",
        "Subject",
        "TokenInvalid",
        "Unavailable",
        "Understudy",
        "UnderstudyError",
        "Users",
        "allow_in_read_only",
        "as_the_app",
        "attributed_to",
        "carried",
        "current_attribution",
        "current_impersonation",
        "forbid_while_impersonating",
        "impersonation_of",
        "on_behalf_of",
        "reads",
    ]


@pytest.mark.parametrize("name", understudy.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(understudy, name).__name__ == name


def test_public_names_are_listed_for_people_who_explore() -> None:
    assert dir(understudy) == sorted(understudy.__all__)


def test_a_name_that_is_not_public_is_refused_as_ever() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        understudy.nothing  # noqa: B018


def test_the_sdk_and_its_adapter_load_nothing_heavy() -> None:
    code = (
        "import sys, understudy, understudy.contrib.asgi\n"
        "understudy.Understudy.remote('http://127.0.0.1:1', 'app_1', 'usk_1').runtime()\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert run(code) == "[]"


def test_what_the_service_is_asked_with_can_be_loaded_beforehand() -> None:
    code = (
        "import sys\nfrom understudy.sdk.remote import load\n"
        "print('httpx' in sys.modules, load(), 'httpx' in sys.modules)"
    )
    assert run(code) == "False None True"


def test_the_bare_package_loads_nothing_of_its_own() -> None:
    code = "import sys, understudy; print([n for n in sys.modules if n.startswith('understudy.')])"
    assert run(code) == "[]"


def test_the_sdk_starts_no_thread_when_it_is_made() -> None:
    code = (
        "import threading, understudy\n"
        "understudy.Understudy.remote('http://127.0.0.1:1', 'app_1', 'usk_1').runtime()\n"
        "print(threading.active_count())"
    )
    assert run(code) == "1"
