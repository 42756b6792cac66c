"""What the process says about itself."""

from __future__ import annotations

from typing import Literal

from understudy.http.shapes import Answer


class Health(Answer, frozen=True, kw_only=True):
    """All is well; anything else is a problem document."""

    status: Literal["ok"]
