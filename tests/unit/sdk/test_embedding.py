"""Which paths are the dashboard's however they are read."""

from __future__ import annotations

import pytest

from understudy.sdk.embedding import is_plainly_below


@pytest.mark.parametrize("path", ["/understudy", "/understudy/", "/understudy/users/a.b"])
def test_paths_below_it(path: str) -> None:
    assert is_plainly_below(path, "/understudy")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/understudyx",
        "/x/understudy/",
        "/understudy/../admin/",
        "/understudy/..",
        "/understudy/./",
        "/understudy//admin/",
        "/understudy/..\\admin/",
    ],
)
def test_what_somebody_may_read_as_another_path_is_not(path: str) -> None:
    assert not is_plainly_below(path, "/understudy")
