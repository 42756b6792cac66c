"""Runs the blocks of one page as a reader would: in a folder of their own, one after another.

- ``bash``: the block is run as it stands. ``console``: lines that begin with ``$ `` are run, and
  what they print must be the lines below them.
- ``…`` in a command stands for what an earlier command printed: ``app_…`` is the newest word that
  begins with ``app_``. In expected output ``…`` stands for any text, and for any lines on a line
  of its own.
- ``python``: a block whose first line is ``# name.py`` is saved under that name, any other is run.
- Whatever serves (``understudy serve``, ``uvicorn``, ``flask run``) goes on until the page ends.
- The ports 8700 and 8000 are replaced by free ones.
- ``js``: a block whose first line is ``// name.mjs`` is saved under that name.
- What serves at the port of an earlier command takes its place, as where a reader stops that one.
- ``make``, ``npm``, ``pip`` and ``source`` prepare a machine, which tests do not: that the targets,
  packages, extras and scripts exist is checked instead.
"""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import tomllib
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.docs.pages import ROOT, Block
from tests.fixtures.node import node
from tests.fixtures.ports import free_port

COMMAND_SECONDS = 60
START_SECONDS = 30
_SERVERS = ("understudy serve", "uvicorn ", "flask run ", "node ")
_PREPARES = ("make ", "npm install ", "pip install ", "source ")
_WORD = r"[A-Za-z0-9_./+-]"
_PLACEHOLDER = re.compile(rf"{_WORD}+…(?:{_WORD}*…)*")


@dataclass
class Shell:
    """A page being followed. ``environment`` is what a reader's terminal would have by now.

    ``given`` are names that Python blocks find and add to; ``first`` keeps what each name stood
    for at first. ``stands_for`` replaces what only exists where a reader is.
    """

    folder: Path
    given: dict[str, Any] = field(default_factory=dict)
    first: dict[str, Any] = field(default_factory=dict)
    stands_for: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(
        default_factory=lambda: {"8700": free_port(), "8000": free_port()}
    )
    environment: dict[str, str] = field(init=False)
    _printed: str = ""
    _running: ExitStack = field(default_factory=ExitStack)
    _apps: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "UNDERSTUDY_PORT": str(self.ports["8700"]),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._apps.close()
        self._running.close()

    def run(self, block: Block) -> None:
        """Run one block; what goes wrong is an ``AssertionError`` that says where."""
        text = self._local(block.text)
        if block.language == "python":
            self._python(block, text)
        elif block.language == "js":
            self._saved(text)
        elif block.language == "console":
            for command, expected in _commands(text):
                self._command(block, command, expected)
        else:
            self._command(block, text.strip(), None)

    def printed(self, text: str) -> None:
        """Take ``text`` for something that a command printed."""
        self._printed += text

    def found(self, shown: str) -> str:
        """The newest word in the output so far that ``shown`` stands for, such as ``app_…``."""
        pattern = f"{_WORD}+".join(map(re.escape, shown.split("…")))
        words = re.findall(rf"(?<!{_WORD}){pattern}", self._printed)
        assert words, f"nothing printed so far looks like {shown}:\n{self._printed}"
        return str(words[-1]).rstrip(".")

    def _local(self, text: str) -> str:
        for shown, real in self.stands_for.items():
            text = text.replace(shown, real)
        for shown, port in self.ports.items():
            text = re.sub(rf"\b{shown}\b", str(port), text)
        return text

    def _python(self, block: Block, text: str) -> None:
        text = _PLACEHOLDER.sub(lambda hit: self.found(hit[0]), text)
        first = text.partition("\n")[0]
        if first.startswith("# ") and first.endswith(".py"):
            (self.folder / first.removeprefix("# ")).write_text(text)
        else:
            exec(compile(text, block.where, "exec"), self.given)
            self.first = {**self.given, **self.first}

    def _saved(self, text: str) -> None:
        name = text.partition("\n")[0].removeprefix("// ")
        (self.folder / name).write_text(text)
        # As if npm had been called here.
        packages = self.folder / "node_modules"
        if not packages.exists():
            packages.symlink_to(ROOT / "node_modules")

    def _command(self, block: Block, command: str, expected: list[str] | None) -> None:
        command = _PLACEHOLDER.sub(lambda hit: self.found(hit[0]), command)
        if command.startswith(_PREPARES):
            for line in command.splitlines():
                _require_prepared(line)
            return
        if command.startswith(_SERVERS):
            printed = self.serve(command)
        else:
            printed = self._finish(block, command)
        self.printed(printed)
        if expected is not None:
            wanted = _pattern(expected)
            assert wanted.fullmatch(printed.rstrip() + "\n"), (
                f"{block.where}: {command}\nprinted\n{printed}\ninstead of\n" + "\n".join(expected)
            )

    def _finish(self, block: Block, command: str) -> str:
        state = self.folder / ".state"
        script = f"{command}\nenv -0 > {shlex.quote(str(state))}\n"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{block.where}: {command}\n{done.stdout}"
        pairs = (pair.partition("=") for pair in state.read_text().split("\0") if pair)
        self.environment = {name: value for name, _, value in pairs}
        state.unlink()
        return done.stdout

    def serve(self, command: str) -> str:
        """Run ``command`` until the page ends; answers what it printed until it was ready."""
        log = self.folder / f"{command.split(maxsplit=1)[0]}.log"
        words = shlex.split(command)
        if words[0] == "node":
            self._apps.close()
            program = [node(), *words[1:]]
        else:
            program = words
        with log.open("wb") as output:
            process = subprocess.Popen(
                program,
                cwd=self.folder,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        stack = self._apps if words[0] == "node" else self._running
        stack.callback(_stop, process, log)
        shown = "8000" if words[0] == "node" else "8700"
        port = int(words[words.index("--port") + 1]) if "--port" in words else self.ports[shown]
        _wait_for(process, port, log)
        return log.read_text()


def _commands(text: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def _pattern(expected: list[str]) -> re.Pattern[str]:
    lines = [
        r"(?:.*\n)*" if line.strip() == "…" else _line_pattern(line) + r"[ ]*\n"
        for line in expected
    ]
    return re.compile("".join(lines) or r"\n?")


def _line_pattern(line: str) -> str:
    parts = (re.escape(part) for part in line.rstrip().split("…"))
    # Columns are as wide as what stands in them.
    return "[^\\n]*".join(re.sub(r"(?:\\ ){2,}", r"\\s+", part) for part in parts)


def _require_prepared(command: str) -> None:
    verb, *words = shlex.split(command, comments=True)
    if verb == "make":
        targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert words[0] in targets, command
    elif verb == "pip":
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        for extras in re.findall(r"\[([\w,]+)\]", command):
            assert set(extras.split(",")) <= set(project["optional-dependencies"]), command
    elif verb == "npm":
        apps = json.loads((ROOT / "tests/integration/node/package.json").read_text())
        assert set(words[1:]) <= set(apps["dependencies"]), command
    else:
        assert words == [".venv/bin/activate"], command


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(START_SECONDS * 20):
        with suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=START_SECONDS)
            return
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(0.05)
            raise AssertionError(f"exit {code}:\n{log.read_text()}")
    raise AssertionError(f"nothing answers on port {port}:\n{log.read_text()}")


def _stop(process: subprocess.Popen[bytes], log: Path) -> None:
    process.terminate()
    # uvicorn's own command ends by the signal that it was stopped with.
    code = process.wait(COMMAND_SECONDS)
    assert code in (0, -signal.SIGTERM), f"exit {code}:\n{log.read_text()}"
