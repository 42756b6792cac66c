from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import chromium


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser, whose programs are the files of one folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "MAC_APPLICATIONS", (str(tmp_path / "Chromium.app"),))
    monkeypatch.setattr(chromium, "_downloaded_by_playwright", lambda: None)
    return tmp_path


def _program(path: Path, script: str = "") -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", chromium.NAMES)
def test_a_browser_on_path_is_found_by_each_of_its_names(bare: Path, name: str) -> None:
    assert chromium.find_chromium() is None
    program = _program(bare / name)
    assert chromium.find_chromium() == program


def test_an_application_of_a_mac_is_found(bare: Path) -> None:
    program = _program(bare / "Chromium.app")
    assert chromium.find_chromium() == program


def test_root_on_debian_gets_it_by_apt(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    said = bare / "said"
    _program(
        bare / "apt-get",
        f'echo "$DEBIAN_FRONTEND $*" >> {said}\n'
        f"[ $1 = update ] || {{ echo > {bare}/chromium; /bin/chmod +x {bare}/chromium; }}",
    )
    chromium.main()
    assert said.read_text().splitlines() == [
        "noninteractive update -qq",
        "noninteractive install -qq -y chromium",
    ]
    assert capfd.readouterr().out == f"{bare}/chromium\n"


def test_others_get_it_from_playwright(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    _program(bare / "apt-get", "exit 1")
    said = bare / "said"
    monkeypatch.setattr(sys, "executable", str(_program(bare / "python", f'echo "$*" > {said}')))
    chromium.install_chromium()
    assert said.read_text() == "-m playwright install chromium\n"


def test_nothing_is_installed_where_there_is_one(
    bare: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _program(bare / "apt-get", "exit 1")
    program = _program(bare / "google-chrome")
    chromium.main()
    assert capfd.readouterr().out == f"{program}\n"


def test_an_installation_that_brought_none_says_what_to_do(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "install_chromium", lambda: None)
    with pytest.raises(SystemExit, match="install chromium or Google Chrome"):
        chromium.main()
