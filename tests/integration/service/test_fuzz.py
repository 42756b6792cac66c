"""The service against its own OpenAPI document, by a fuzzer that reads nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.served import Running, cookie_of_operator, credentials, running
from understudy.core.permissions import Role

# 400 and 422 may follow on data that only looks good: numbers that are whole but written with a
# fraction, ids of nobody, two credentials at once; 429 on many wrong passwords.
CONFIGURATION = """
suppress-health-check = ["all"]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "400", "401", "403", "404", "409", "422", "429", "503"]
"""
AS_APPLICATION = """
[auth.openapi.applicationBasic]
username = "{0}"
password = "{1}"
"""
AS_OPERATOR = """
[auth.openapi.operatorSession]
api_key = "{0}"
"""
# The stream never ends, and these would sign the fuzzer out.
LEFT_OUT = (
    "stream_events",
    "sign_out",
    "sign_out_everywhere",
    "sign_out_operator",
    "update_operator",
    "change_password",
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    """A new installation, served."""
    with running(tmp_path) as found:
        yield found


def fuzz(folder: Path, service: Running, configuration: str, *options: str) -> None:
    file = folder / "schemathesis.toml"
    file.write_text(CONFIGURATION + configuration)
    left_out = [part for name in LEFT_OUT for part in ("--exclude-operation-id", name)]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(file), "run"]
    run = subprocess.run(
        [
            *command,
            # Under its public name: the authorization endpoint moves there from any other.
            f"{service.base.replace('127.0.0.1', 'localhost')}/openapi.json",
            *left_out,
            *options,
            "--max-examples=3",
            "--seed=1",
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr


def test_an_application_gets_what_is_documented(tmp_path: Path, service: Running) -> None:
    auth = AS_APPLICATION.format(*credentials(tmp_path))
    fuzz(tmp_path, service, auth, "--phases=coverage")


def test_an_operator_gets_what_is_documented(tmp_path: Path, service: Running) -> None:
    cookie = cookie_of_operator(tmp_path, *Role)
    own_site = ("--header", "Sec-Fetch-Site: same-origin")
    fuzz(tmp_path, service, AS_OPERATOR.format(cookie), "--phases=fuzzing", *own_site)
