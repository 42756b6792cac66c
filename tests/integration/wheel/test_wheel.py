"""`pip install understudy` with its extras, from the built wheel, in environments with no more."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from tests.docs.pages import ROOT, RUN, Block, blocks
from tests.docs.reader import type_in
from tests.docs.shell import Shell
from tests.integration.wheel.conftest import Clean, Terminal

SITES = Path(__file__).parent / "sites"
GUIDE = ROOT / "docs/howto/django.md"
ALONE = "understudy"
DJANGO, FLASK, FASTAPI = (f"understudy[{extra}]" for extra in ("django", "flask", "fastapi"))
OF_THE_SERVICE = {
    *("joserfc", "msgspec", "prometheus-client", "publicsuffixlist", "pwdlib"),
    *("rich", "typer", "uvicorn"),
}
FLASK_APP = """\
# app.py
from flask import Flask
from understudy.contrib.flask import Understudy

app = Flask(__name__)
app.config.from_prefixed_env()
Understudy(app, load_user=lambda subject: subject.id)
"""
# Modules for libraries that people bring themselves, by what they are of.
ANY = {
    **{f"jobs.{queue}": queue for queue in ("arq", "celery", "dramatiq", "huey", "rq")},
    "spans": "opentelemetry",
    "sqlalchemy": "sqlalchemy",
}
NO_DJANGO, NO_FLASK, NO_FASTAPI = {"django": "asgiref"}, {"flask": "flask"}, {"fastapi": "fastapi"}
BESIDE_DJANGO = {
    **{
        f"django.audit.{package}": package
        for package in ("auditlog", "easyaudit", "reversion", "simple_history")
    },
    "django.channels": "channels",
    "django.database.base": "psycopg2",
    "django.rest_framework": "rest_framework",
}


def printed(shell: Shell, site: str) -> Any:
    """What a site of these tests tells in that environment."""
    type_in(shell, f"python {SITES / site} > told.json")
    return json.loads((shell.folder / "told.json").read_text())


def console(shell: Shell, text: str) -> None:
    """Type what stands behind ``$``, which prints what stands below."""
    shell.run(Block(where="beside the page", language="console", text=text))


def is_the_banner_s(script: str) -> bool:
    """Whether this is what was built."""
    return script.strip() == (ROOT / "src/understudy/sdk/static/banner.js").read_text().strip()


def test_the_guide_to_django_needs_no_more_than_the_extra(
    terminal: Terminal, service: Mapping[str, str]
) -> None:
    shell = terminal(DJANGO)
    shell.stands_for["http://localhost:8700"] = service["URL"]
    shell.environment |= service
    for block in blocks(GUIDE):
        # A server is not among what it brings; what the service answers is asked below.
        others = ("uvicorn shop", "understudy check")
        if block.language in RUN and not any(other in block.text for other in others):
            shell.run(block)
    console(shell, "$ python manage.py understudy check\nThe service knows this app as App.\n")
    visit = "Client(HTTP_HOST='localhost').get('/_understudy/banner.js')"
    script = f"from django.test import Client; print({visit}.text)"
    type_in(shell, f'python manage.py shell -v 0 -c "{script}" > banner.js')
    assert is_the_banner_s((shell.folder / "banner.js").read_text())


def test_a_flask_app_needs_no_more_than_the_extra(
    terminal: Terminal, service: Mapping[str, str]
) -> None:
    shell = terminal(FLASK)
    told = printed(shell, "flask_page.py")
    assert "<understudy-banner" in told["page"]
    assert any("session=" in cookie for cookie in told["cookies"])
    assert is_the_banner_s(told["script"])
    shell.run(Block(where="beside the page", language="python", text=FLASK_APP))
    names = {"URL": "URL", "APP_ID": "APPLICATION_ID", "APP_SECRET": "SECRET"}
    shell.environment |= {f"FLASK_UNDERSTUDY_{names[name]}": service[name] for name in names}
    console(shell, "$ flask understudy --help\nUsage: flask understudy …\n…\n")
    console(shell, f"$ flask understudy doctor\nok: {service['URL']} knows this application\n…\n")


def test_a_fastapi_app_needs_no_more_than_the_extra(terminal: Terminal) -> None:
    told = printed(terminal(FASTAPI), "fastapi_page.py")
    assert "asked by Sam Support" in told["page"]
    assert "<understudy-banner" in told["page"]
    assert "403" in told["refusals"]
    assert is_the_banner_s(told["script"])


def test_the_sdk_alone_guards_any_wsgi_and_asgi_app(terminal: Terminal) -> None:
    told = printed(terminal(ALONE), "plain_page.py")
    assert "<understudy-banner" in told["wsgi"]
    assert "<understudy-banner" in told["asgi"]


@pytest.mark.parametrize("wanted", [ALONE, DJANGO, FLASK, FASTAPI])
def test_an_app_is_brought_no_package_of_the_service(wanted: str, clean: Clean) -> None:
    (packages,) = clean(wanted).glob("lib/python*/site-packages")
    there = {canonicalize_name(found.name) for found in distributions(path=[str(packages)])}
    assert {"understudy", "httpx"} <= there
    assert there & OF_THE_SERVICE == set()


@pytest.mark.parametrize(
    ("wanted", "lacking"),
    [
        (ALONE, {**ANY, **NO_DJANGO, **NO_FLASK, **NO_FASTAPI}),
        (DJANGO, {**ANY, **BESIDE_DJANGO, **NO_FLASK, **NO_FASTAPI}),
        (FLASK, {**ANY, **NO_DJANGO, **NO_FASTAPI}),
        (FASTAPI, {**ANY, **NO_DJANGO, **NO_FLASK}),
    ],
    ids=["alone", "django", "flask", "fastapi"],
)
def test_no_module_needs_what_its_extra_does_not_bring(
    wanted: str, lacking: Mapping[str, str], terminal: Terminal
) -> None:
    found = printed(terminal(wanted), "modules.py")
    own = {f"understudy.contrib.{module}": name for module, name in lacking.items()}
    # Run by the app's own pytest.
    assert found == own | {"understudy.testing.attack.checks": "pytest"}


def test_the_command_line_of_the_sdk_alone_says_what_to_install(clean: Clean) -> None:
    said = subprocess.run(
        [clean(ALONE) / "bin/understudy"], capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert said.stderr == (
        "The command line comes with the service: pip install 'understudy[server]'\n"
    )
