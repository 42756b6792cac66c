"""A Wagtail site as its own command makes it, with what our guide to Django adds and nothing else.

Its people: Kim, a superuser, who works as others; Ada, an editor, who may write but not publish.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.docs.pages import ROOT, blocks
from tests.fixtures.django_process import PATIENCE_SECONDS
from tests.fixtures.listening import listening

GUIDE = ROOT / "docs/howto/django.md"
PASSWORD = "saltbox on the shelf"
LETTER = b"Dear Ada,\n" * 3000
# In one process: it takes each of them longer to import Wagtail than to do anything.
PREPARED = f"""
from django.core.management import call_command
call_command("check", fail_level="WARNING")
call_command("migrate", verbosity=0)
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
kim = {{"first_name": "Kim", "last_name": "Winter"}}
User.objects.create_superuser("kim", "kim@press.example", {PASSWORD!r}, **kim)
ada = {{"first_name": "Ada", "last_name": "Lovett"}}
ada = User.objects.create_user("ada", "ada@press.example", {PASSWORD!r}, **ada)
ada.groups.add(Group.objects.get(name="Editors"))
letter = ContentFile({LETTER!r}, "letter.txt")
Document.objects.create(title="Letter", file=letter, uploaded_by_user=ada)
"""
KIM, ADA = "1", "2"
"""Their primary keys."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A command line, and what it says once it listens (so often)."""

    options: tuple[str, ...]
    says: str
    times: int = 1


def _gunicorn(kind: str, *more: str) -> Server:
    chosen = ("--workers", "2", "--worker-class", kind, *more, "--graceful-timeout", "1")
    where = ("--chdir", "{folder}", "--bind", "127.0.0.1:{port}", "press.wsgi")
    return Server(options=("-m", "gunicorn", *chosen, *where), says="Booting worker", times=2)


SERVERS = {
    "gunicorn, sync": _gunicorn("sync"),
    "gunicorn, gthread": _gunicorn("gthread", "--threads", "4"),
    "gunicorn, gevent": _gunicorn("gevent"),
    # Wagtail's template has no module for ASGI; this is what one would hold.
    "uvicorn": Server(
        options=(
            *("-m", "uvicorn", "--app-dir", "{folder}", "--port", "{port}"),
            *("--factory", "django.core.asgi:get_asgi_application"),
        ),
        says="Uvicorn running on",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Project:
    """The site's files, and the variables with which it runs."""

    folder: Path
    variables: Mapping[str, str]

    def rows(self, query: str, *values: object) -> list[Any]:
        """What its database says."""
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as connection:
            return connection.execute(query, values).fetchall()

    def copied(self, folder: Path) -> Project:
        """The same once more, with data of its own."""
        shutil.copytree(self.folder, folder)
        return Project(folder=folder, variables=self.variables)

    @contextmanager
    def served(self, server: Server) -> Iterator[int]:
        """The port on which it is served, until the block is left."""
        options = [option.replace("{folder}", str(self.folder)) for option in server.options]
        with listening(options, server.says, times=server.times, variables=self.variables) as port:
            # gunicorn's workers say so before they have imported anything.
            httpx.get(f"http://127.0.0.1:{port}/admin/login/", timeout=PATIENCE_SECONDS)
            yield port


def made(folder: Path, service: Mapping[str, str]) -> Project:
    """A new site with its tables and its people, at the service that ``service`` names."""
    folder.mkdir()
    variables = {
        "APP_ID": service["APP_ID"],
        "APP_SECRET": service["APP_SECRET"],
        "DJANGO_SETTINGS_MODULE": "press.settings.dev",
    }

    def run(*command: str) -> None:
        subprocess.run(command, cwd=folder, env={**os.environ, **variables}, check=True)

    settings = next(block.text for block in blocks(GUIDE) if "settings.py" in block.text)
    settings = settings.replace("shop/settings.py", "press/settings/base.py")
    run(str(Path(sys.executable).parent / "wagtail"), "start", "press", ".")
    run("bash", "-c", settings.replace("http://localhost:8700", service["SERVICE"]))
    run(sys.executable, "manage.py", "shell", "-c", PREPARED)
    return Project(folder=folder, variables=variables)
