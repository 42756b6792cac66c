from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from understudy.cli.commands import app
from understudy.config import Settings
from understudy.core.ports import Flow
from understudy.service.opening import open_installation

PASSWORD = "correct horse battery staple"
USERS = """id,email,name,organization_id,organization_name,roles,protected
ada,ada@acme.example,Ada,acme,Acme,member,
bob,bob@acme.example,Bob,acme,,finance,
vip,vip@acme.example,Vera,acme,,owner,true
"""


@dataclass(frozen=True, kw_only=True)
class CommandLine:
    """``understudy`` in a folder of its own, run in this process."""

    folder: Path

    @property
    def data_dir(self) -> Path:
        """Where this installation keeps its data."""
        return self.folder / "data"

    def run(self, *words: str, stdin: str | None = None, installation: bool = True) -> Result:
        """One command; an exception that nobody caught is raised here."""
        where = ("--data-dir", str(self.data_dir)) if installation else ()
        return CliRunner().invoke(app, [*words, *where], input=stdin, catch_exceptions=False)

    def facts(self, *words: str, stdin: str | None = None) -> Any:
        """What a command that works prints as JSON: one line, and nothing else."""
        done = self.run(*words, "--json", stdin=stdin)
        assert done.exit_code == 0, done.output
        assert done.stdout.count("\n") == 1
        return json.loads(done.stdout)

    def refused(self, *words: str, stdin: str | None = None, installation: bool = True) -> str:
        """What a command that does not work says: one sentence with a code, on stderr."""
        done = self.run(*words, stdin=stdin, installation=installation)
        assert done.exit_code == 1
        assert "Traceback" not in done.output
        assert "error:" in done.stderr
        return done.stderr.partition("error: ")[2].strip()

    def do(self, flow: Flow[Any]) -> Any:
        """What somebody does in the installation by other ways than the command line."""
        engine = open_installation(Settings(data_dir=self.data_dir))
        try:
            return engine.run(flow)
        finally:
            engine.close()


@dataclass(frozen=True, kw_only=True)
class Prepared(CommandLine):
    """An installation with one app, Ada, Bob and a protected Vera, and the operator Sam."""

    app_id: str
    secret: str

    def impersonate(self, subject_id: str = "ada", *more: str) -> tuple[str, ...]:
        """The words of a command with which Sam asks to work as somebody."""
        who = ("--as", "sam@support.example", "--reason", "Cannot find the reports tab")
        return ("impersonate", subject_id, "--app", self.app_id, *who, *more)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not depend on the environment in which they are run."""
    for name in ("DATA_DIR", "DATABASE_URL", "PORT", "PUBLIC_URL", "INSTALLATION_KEY"):
        monkeypatch.delenv(f"UNDERSTUDY_{name}", raising=False)


@pytest.fixture
def empty(tmp_path: Path) -> CommandLine:
    """A folder in which nothing was done yet."""
    return CommandLine(folder=tmp_path)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """An installation, made once by the command line itself."""
    folder = tmp_path_factory.mktemp("prepared")
    line = CommandLine(folder=folder)
    made = line.facts(
        "app", "create", "Invoices", "--redirect-url", "https://app.example/cb",
        "--allow-impersonation", "--unranked-roles", "allow",
    )  # fmt: skip
    line.facts(
        "operator", "create", "sam@support.example", "--role", "support_manager",
        "--password-stdin", "--name", "Sam", stdin=PASSWORD + "\n",
    )  # fmt: skip
    (folder / "users.csv").write_text(USERS)
    line.facts("users", "import", str(folder / "users.csv"), "--app", made["application_id"])
    return Prepared(folder=folder, app_id=made["application_id"], secret=made["secret"])


@pytest.fixture
def prepared(template: Prepared, tmp_path: Path) -> Prepared:
    """A copy of the prepared installation."""
    shutil.copytree(template.folder, tmp_path, dirs_exist_ok=True)
    return Prepared(folder=tmp_path, app_id=template.app_id, secret=template.secret)
