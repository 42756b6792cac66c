from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.unit.cli.conftest import CommandLine, Prepared
from understudy.cli.commands import _ORDER, app


def test_help_lists_every_verb() -> None:
    shown = CliRunner().invoke(app, ["--help"], terminal_width=100).stdout
    places = [shown.index(f"│ {verb} ") for verb in _ORDER]
    assert places == sorted(places)


@pytest.mark.parametrize("group", ["app", "operator", "users", "sessions", "audit", "keys"])
def test_a_group_without_a_verb_shows_its_help(group: str) -> None:
    done = CliRunner().invoke(app, [group])
    assert done.exit_code == 2
    assert "Usage:" in done.output


def test_the_installed_command_and_the_module_are_the_same() -> None:
    command = Path(sys.executable).parent / "understudy"
    for words in ([str(command)], [sys.executable, "-m", "understudy"]):
        done = subprocess.run(
            [*words, "-h"], capture_output=True, text=True, check=True, timeout=60
        )
        assert "Usage: understudy" in done.stdout


def test_verbs_do_not_wait_for_a_web_server_that_they_do_not_start() -> None:
    look = "import sys, understudy.cli.commands; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=60
    )
    assert {"uvicorn", "starlette", "jinja2", "pwdlib"}.isdisjoint(done.stdout.split())


def _file_instead_of_folder(line: CommandLine) -> None:
    line.data_dir.rename(line.folder / "elsewhere")
    line.data_dir.write_text("x")


def _folder_that_others_may_write(line: CommandLine) -> None:
    line.data_dir.chmod(0o777)


def _key_that_others_may_read(line: CommandLine) -> None:
    (line.data_dir / "installation.key").chmod(0o644)


def _key_that_is_none(line: CommandLine) -> None:
    (line.data_dir / "installation.key").write_text("0011\n")


def _another_key(line: CommandLine) -> None:
    (line.data_dir / "installation.key").write_text("ab" * 32 + "\n")


def _database_that_is_none(line: CommandLine) -> None:
    (line.data_dir / "understudy.db").write_bytes(b"no database at all" * 100)


def _older_database(line: CommandLine) -> None:
    (line.data_dir / "understudy.db").unlink()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_file_instead_of_folder, "setup_error"),
        (_folder_that_others_may_write, "key_unsafe"),
        (_key_that_others_may_read, "key_unsafe"),
        (_key_that_is_none, "setup_error"),
        (_another_key, "key_mismatch"),
        (_database_that_is_none, "setup_error"),
        (_older_database, "log_forked"),
    ],
)
def test_what_cannot_be_opened_is_said_in_a_sentence(
    prepared: Prepared, damage: object, code: str
) -> None:
    assert callable(damage)
    damage(prepared)
    for words in (("app", "list"), prepared.impersonate(), ("sessions", "list")):
        assert prepared.refused(*words).endswith(f"[{code}]")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("UNDERSTUDY_NONSENSE", "1", "UNDERSTUDY_NONSENSE"),
        ("UNDERSTUDY_PORT", "many", "UNDERSTUDY_PORT"),
        ("UNDERSTUDY_PUBLIC_URL", "understudy.example/path", "public URL"),
        ("UNDERSTUDY_DATABASE_URL", "mysql://db/x", "postgresql://"),
        ("UNDERSTUDY_DATABASE_URL", "postgresql://127.0.0.1:1/x", "Connection refused"),
        ("UNDERSTUDY_INSTALLATION_KEY", "short", "hexadecimal"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    for words in (("app", "list"), ("migrate",)):
        if (name, words) != ("UNDERSTUDY_INSTALLATION_KEY", ("migrate",)):
            assert said in empty.refused(*words)


def test_an_option_goes_before_the_environment(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(tmp_path / "from-environment"))
    assert len(prepared.facts("app", "list")) == 1
    assert CliRunner().invoke(app, ["app", "list", "--json"]).stdout == "[]\n"


def test_verbs_run_beside_each_other(prepared: Prepared) -> None:
    words = [sys.executable, "-m", "understudy", *prepared.impersonate(), "--json"]
    words += ["--data-dir", str(prepared.data_dir)]
    running = [
        subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=60)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert prepared.facts("audit", "verify")["ok"] is True
    assert len(prepared.facts("audit", "list", "--type", "grant.created")) == 3
