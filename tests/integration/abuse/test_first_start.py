"""The first start, as a process of its own: whose key it takes, and whom it lets in (K2, K3)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.fixtures.ports import free_port
from tests.integration.abuse.servers import SECONDS
from understudy.flows.people.set_up import offer
from understudy.storage.data_directory import KEY_FILE, DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import open_engine


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "understudy", *words]


def environment() -> dict[str, str]:
    """This process's, without settings of ours."""
    return {name: value for name, value in os.environ.items() if "UNDERSTUDY" not in name}


@contextmanager
def served(data_dir: Path, log: Path) -> Iterator[str]:
    """What ``understudy serve`` says on a new installation."""
    words = command("serve", "--port", str(free_port()), "--data-dir", str(data_dir))
    with log.open("wb") as errors:
        process = subprocess.Popen(
            words, env=environment(), stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        assert process.stdout is not None
        yield "".join(process.stdout.readline() for _ in range(3))
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)
    assert process.returncode == 0


@pytest.mark.parametrize("mode", [0o644, 0o660])
def test_k2_a_key_that_others_can_use_starts_nothing(tmp_path: Path, mode: int) -> None:
    data_dir = tmp_path / "data"
    DataDirectory(data_dir).installation_key(random=os.urandom)
    key = data_dir / KEY_FILE
    key.chmod(mode)
    words = command("serve", "--port", str(free_port()), "--data-dir", str(data_dir))
    refused = subprocess.run(
        words, env=environment(), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "chmod 600" in refused.stderr
    assert key.read_text().strip() not in refused.stderr


def test_k3_there_is_no_account_but_by_a_link_that_works_once(tmp_path: Path) -> None:
    data_dir, log = tmp_path / "data", tmp_path / "log"
    with served(data_dir, log) as said:
        (link,) = re.findall(r"http://localhost:(\d+)/setup#token=(\S+)", said)
        port, token = link
        body = {"email": "first@acme.example", "name": "First", "password": "correct horse battery"}
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}/api/v1", verify=False, timeout=SECONDS
        ) as browser:
            for email, password in (("admin@localhost", "admin"), ("admin@acme.example", "")):
                tried = {"email": email, "password": password or "understudy"}
                assert browser.post("/sign-in", json=tried).status_code == 401
            guess = browser.post("/setup", json={**body, "token": "usv_" + "x" * 43})
            assert guess.status_code == 401
            first = browser.post("/setup", json={**body, "token": token})
            assert (first.status_code, first.json()["roles"]) == (200, ["admin"])
            body["email"] = "second@acme.example"
            again = browser.post("/setup", json={**body, "token": token})
            assert (again.status_code, again.json()["code"]) == (401, "token_invalid")
        assert token.encode() not in log.read_bytes()
    database = open_database(f"sqlite:///{data_dir / 'understudy.db'}")
    with closing(open_engine(database, DataDirectory(data_dir))) as engine:
        assert engine.run(offer) is None
