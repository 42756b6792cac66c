"""What an app pays before anybody works as a user in it, and what forks and processes do to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fixtures.embedded import MOUNT, ORIGIN, Shop
from tests.fixtures.refusals import refusal_of
from understudy import Actor, Understudy, Users
from understudy.core.applications.application import Application
from understudy.core.notices.events import SYSTEM
from understudy.embedded import link
from understudy.embedded.installation import Installation
from understudy.embedded.link import installation_of
from understudy.embedded.mount.asgi import dashboard
from understudy.embedded.plan import APPLICATION_ID
from understudy.errors import SetupError
from understudy.flows.applications import administer
from understudy.flows.origin import Origin
from understudy.sdk.asks import Ask
from understudy.sdk.values import Presented

_MADE = f"""
import sys
from understudy import AppUser, StaffMember, Understudy, Users
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.embedded.mount.asgi import dashboard
understudy = Understudy.embedded(
    "Shop", url="{ORIGIN}{MOUNT}", data_dir=sys.argv[1], staff=lambda request: None,
    users=Users(get=lambda user_id: None, search=lambda query, limit: []),
)
app = UnderstudyMiddleware(dashboard(understudy), understudy=understudy)
"""
_HEAVY = (
    *("httpx", "msgspec", "starlette", "cryptography", "sqlite3", "fastapi", "uvicorn", "typer"),
    *("understudy.storage", "understudy.flows", "understudy.service", "understudy.http"),
)

CHILD_SECONDS = 30


def run(code: str, *arguments: object) -> str:
    """What ``code`` prints in an interpreter of its own."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def application(installation: Installation) -> Application:
    with installation.engine().reading() as reader:
        (found,) = reader.applications.list()
    return found


def test_a_mounted_dashboard_that_nobody_visits_loads_nothing_and_opens_nothing(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    printed = f"{_MADE}\nprint([name for name in {_HEAVY} if name in sys.modules])"
    assert run(printed, folder) == "[]"
    assert not folder.exists()


def test_the_application_is_made_once_and_an_admins_word_outlives_a_restart(tmp_path: Path) -> None:
    shop = Shop()
    understudy = shop.understudy(tmp_path / "data")
    made = application(installation_of(understudy))
    assert (made.id, made.name) == (APPLICATION_ID, "Shop")
    assert made.settings.impersonation_allowed
    assert made.settings.redirect_urls == (f"{ORIGIN}/_understudy/callback",)
    off = replace(made, name="Store", settings=replace(made.settings, impersonation_allowed=False))
    installation_of(understudy).engine().run(
        lambda unit: administer.update(unit, off, by=SYSTEM, origin=Origin())
    )
    understudy.close()
    moved = shop.understudy(
        tmp_path / "data", redirect_url="https://new.example/_understudy/callback"
    )
    found = application(installation_of(moved))
    moved.close()
    assert found.name == "Store"
    assert not found.settings.impersonation_allowed
    assert found.settings.redirect_urls == (
        "https://new.example/_understudy/callback",
        f"{ORIGIN}/_understudy/callback",
    )


def test_without_a_word_nobody_may_impersonate(tmp_path: Path) -> None:
    understudy = Shop().understudy(tmp_path / "data", allow_impersonation=False)
    assert not application(installation_of(understudy)).settings.impersonation_allowed
    understudy.close()


def test_processes_that_come_at_once_make_one_application(tmp_path: Path) -> None:
    code = f"{_MADE}\nunderstudy.embedding.engine().run(lambda unit: None); understudy.close()"
    command = [sys.executable, "-c", code, str(tmp_path / "data")]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    assert [(one.communicate(timeout=60)[1], one.returncode) for one in started] == [(b"", 0)] * 2
    understudy = Shop().understudy(tmp_path / "data")
    assert application(installation_of(understudy)).id == APPLICATION_ID
    understudy.close()


def test_threads_that_come_at_once_share_one_engine(tmp_path: Path) -> None:
    understudy = Shop().understudy(tmp_path / "data")
    installation = installation_of(understudy)
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(installation.engine())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len(set(map(id, found))) == 1
    understudy.close()


def in_child(work: Callable[[], bool]) -> int:
    """Fork; the child's exit code is 0 if ``work`` says yes there."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(CHILD_SECONDS)  # whoever waits for a thread of the parent's waits for ever
        code = 2
        try:
            code = 0 if work() else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_opens_its_own_and_leaves_its_parents_open(tmp_path: Path) -> None:
    understudy = Shop().understudy(tmp_path / "data")
    installation = installation_of(understudy)
    engine = installation.engine()

    def child() -> bool:
        own = installation.engine()
        own.run(lambda unit: unit.meta.put("child", "wrote"))
        understudy.close()
        # What the parent has opened is neither closed nor let go of.
        return own is not engine and engine._database._readers._closed is False  # type: ignore[attr-defined]

    assert in_child(child) == 0
    with engine.reading() as reader:
        assert reader.meta.get("child") == "wrote"
    engine.run(lambda unit: unit.meta.put("parent", "writes on"))
    assert installation.engine() is engine
    understudy.close()


def test_what_was_closed_is_opened_again_by_the_next_use(tmp_path: Path) -> None:
    understudy = Shop().understudy(tmp_path / "data")
    installation = installation_of(understudy)
    before = installation.engine()
    understudy.close()
    understudy.close()
    assert installation.engine() is not before
    understudy.close()


def test_what_cannot_be_opened_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    understudy = Shop().understudy(folder)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with pytest.raises(SetupError):
        understudy.embedding.engine()  # type: ignore[union-attr]
    folder.chmod(0o700)
    assert application(installation_of(understudy)).id == APPLICATION_ID
    understudy.close()


def test_a_process_that_ends_closes_by_itself_what_it_has_opened(tmp_path: Path) -> None:
    run(f"{_MADE}\nunderstudy.embedding.engine().run(lambda unit: None)", tmp_path / "data")
    assert not (tmp_path / "data" / "understudy.db-wal").exists()
    assert (tmp_path / "data" / "checkpoint").exists()


def test_only_an_embedded_understudy_has_a_dashboard_to_mount() -> None:
    remote = Understudy.remote("http://127.0.0.1:1", "app_1", "usk_1")
    with refusal_of(SetupError, "setup_error"):
        dashboard(remote)


def test_without_the_service_installed_there_is_a_word_of_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match=r"understudy\[server\]"):
        Shop().understudy(tmp_path / "data")


def test_what_the_environment_says_of_the_installation_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERSTUDY_INSTALLATION_KEY", "ab" * 32)
    understudy = Shop().understudy(tmp_path / "data")
    key = understudy.client.key.reveal()
    installation_of(understudy).engine()
    assert not (tmp_path / "data" / "installation.key").exists()
    understudy.close()
    again = Shop().understudy(tmp_path / "elsewhere")
    assert again.client.key.reveal() == key


def test_the_name_of_every_wrong_value_is_told_at_once(tmp_path: Path) -> None:
    users = Users(get=lambda user_id: None, search=lambda query, limit: [])
    for wrong in (
        {"url": "ftp://shop.example/understudy"},
        {"database": "mysql://db/shop"},
        {"schema": "Shop-1"},
        {"session_origins": "https://view.app.example"},
    ):
        given = {"url": ORIGIN + MOUNT, "data_dir": tmp_path, **wrong}
        with refusal_of(SetupError, "setup_error"):
            Understudy.embedded("Shop", staff=lambda request: None, users=users, **given)  # type: ignore[arg-type]


def test_the_apps_own_start_works_without_any_visit_to_the_dashboard(tmp_path: Path) -> None:
    understudy = Shop().understudy(tmp_path / "data")
    gateway = understudy.runtime().gateway
    actor = Actor(id="sam", email="sam@shop.example", name="Sam")
    granted = gateway.request(Ask(actor=actor, subject_id="ada", reason="she asked for help"))
    opened = gateway.exchange(Presented(token=granted.token))
    assert opened.session.subject.name == "Ada Byron"
    understudy.close()
