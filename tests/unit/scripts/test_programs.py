from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts import chromium, firefox, nginx


@dataclass(frozen=True)
class Program:
    find: Callable[[], Path | None]
    main: Callable[[], None]
    names: tuple[str, ...]
    application: str
    package: str
    other: str
    advice: str
    places: str = "MAC_APPLICATIONS"


CHROMIUM = Program(
    find=chromium.find_chromium,
    main=chromium.main,
    names=chromium.NAMES,
    application="Chromium.app",
    package="chromium",
    other="google-chrome",
    advice="install chromium or Google Chrome",
)
FIREFOX = Program(
    find=firefox.find_firefox,
    main=firefox.main,
    names=firefox.NAMES,
    application="Firefox.app",
    package="firefox-esr",
    other="firefox",
    advice="install firefox-esr or firefox",
)
NGINX = Program(
    find=nginx.find_nginx,
    main=nginx.main,
    names=nginx.NAMES,
    application="sbin-nginx",
    package="nginx",
    other="nginx",
    advice="install nginx",
    places="SYSTEM_PROGRAMS",
)
each_program = pytest.mark.parametrize(
    "wanted", [CHROMIUM, FIREFOX, NGINX], ids=lambda wanted: wanted.package
)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any of them, whose programs are the files of one folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for module, wanted in ((chromium, CHROMIUM), (firefox, FIREFOX), (nginx, NGINX)):
        monkeypatch.setattr(module, wanted.places, (str(tmp_path / wanted.application),))
    monkeypatch.setattr(chromium, "_downloaded_by_playwright", lambda: None)
    return tmp_path


def _program(path: Path, script: str = "") -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("wanted", "name"), [(each, name) for each in (CHROMIUM, FIREFOX, NGINX) for name in each.names]
)
def test_it_is_found_on_path_by_each_of_its_names(bare: Path, wanted: Program, name: str) -> None:
    assert wanted.find() is None
    program = _program(bare / name)
    assert wanted.find() == program


@each_program
def test_one_beside_path_is_found(bare: Path, wanted: Program) -> None:
    program = _program(bare / wanted.application)
    assert wanted.find() == program


@each_program
def test_root_on_debian_gets_it_by_apt(
    bare: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    wanted: Program,
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    said, program = bare / "said", bare / wanted.package
    _program(
        bare / "apt-get",
        f'echo "$DEBIAN_FRONTEND $*" >> {said}\n'
        f"[ $1 = update ] || {{ echo > {program}; /bin/chmod +x {program}; }}",
    )
    wanted.main()
    assert said.read_text().splitlines() == [
        "noninteractive update -qq",
        f"noninteractive install -qq -y {wanted.package}",
    ]
    assert capfd.readouterr().out == f"{program}\n"


@each_program
def test_nothing_is_installed_where_there_is_one(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], wanted: Program
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    _program(bare / "apt-get", "exit 1")
    program = _program(bare / wanted.other)
    wanted.main()
    assert capfd.readouterr().out == f"{program}\n"


def test_others_get_chromium_from_playwright(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    _program(bare / "apt-get", "exit 1")
    said = bare / "said"
    monkeypatch.setattr(sys, "executable", str(_program(bare / "python", f'echo "$*" > {said}')))
    chromium.install_chromium()
    assert said.read_text() == "-m playwright install chromium\n"


@each_program
def test_an_installation_that_brought_none_says_what_to_do(
    bare: Path, monkeypatch: pytest.MonkeyPatch, wanted: Program
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    _program(bare / "apt-get", "exit 0")
    with pytest.raises(SystemExit, match=wanted.advice):
        wanted.main()


@pytest.mark.parametrize("wanted", [FIREFOX, NGINX], ids=lambda wanted: wanted.package)
def test_others_are_asked_to_install_it(
    bare: Path, monkeypatch: pytest.MonkeyPatch, wanted: Program
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    _program(bare / "apt-get", "exit 1")
    with pytest.raises(SystemExit, match=wanted.advice):
        wanted.main()
