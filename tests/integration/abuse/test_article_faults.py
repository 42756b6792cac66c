"""The faults in the sample code of three articles about impersonation, one test for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.abuse.apps import COOKIE
from tests.integration.abuse.stack import Stack
from tests.integration.abuse.stack import stack as running_stack

FRAMEWORKS = ("fastapi", "starlette", "litestar")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_fault_2_a_view_serves_the_subject_and_knows_the_actor(
    tmp_path: Path, framework: str
) -> None:
    with running_stack(tmp_path, framework=framework) as stack:
        sam = stack.support()
        sam.plant(stack.app_url, COOKIE, stack.shop.sign_in("sam"))
        assert sam.app("GET", "/whoami").json() == {"user": "sam", "subject": None, "actor": None}
        session = stack.become(sam, "ada")
        seen = sam.app("GET", "/whoami").json()
        assert seen == {"user": "ada", "subject": "ada", "actor": session.actor_ref}
