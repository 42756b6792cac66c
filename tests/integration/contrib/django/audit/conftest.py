"""What the packages have recorded on the site, asked for once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.django_process import told_by

Recorded = dict[str, dict[str, Any]]
"""By step and package."""


@pytest.fixture(scope="session")
def recorded() -> Recorded:
    """All that the site has told of its steps."""
    found: Recorded = told_by("tests.integration.contrib.django.audit.project")
    return found


@pytest.fixture
def ids() -> dict[str, str]:
    """The session in which Kim works as Ada."""
    return {"session_id": "ses_00000001", "actor_id": "opr_sam", "subject_id": "1"}
