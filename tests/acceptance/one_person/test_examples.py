"""The matrix on the two examples, as their READMEs start them, with pages and forms of their own.

Adapters differ in how they hear of a request, of whose page it comes from and of what was typed in
it; page.js is the same for all of them. So each happening comes once per framework, and each way
of sending that the examples have, on the app's own host, where adapters have something to judge.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.acceptance.one_person.desk import Desk
from tests.acceptance.one_person.example import RunningExample
from tests.acceptance.one_person.example_cells import Matrix, brief_desk
from tests.acceptance.one_person.example_kinds import django_shop, flask_crm


@pytest.fixture(scope="module", params=["django_shop", "flask_crm"])
def example(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[RunningExample]:
    """Each of them, once."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "flask_crm":
        running = flask_crm(folder, browser)
    else:
        running = django_shop(folder, browser, request.getfixturevalue("postgres_server"))
    with running as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def brief(example: RunningExample, browser: Browser) -> Iterator[Desk]:
    """Begun before the other cells."""
    with brief_desk(example, browser) as desk:
        yield desk


class TestExamples(Matrix):
    """The examples."""
