"""What a read-only session may do."""

from __future__ import annotations

from understudy.core.impersonation.restrictions import Blocked
from understudy.sdk.read_only import SafeMethodsOnly


def test_safe_methods_pass_and_others_do_not() -> None:
    assert SafeMethodsOnly().judge(["GET"]) is None
    assert SafeMethodsOnly().judge(["GET", "POST"]) == Blocked(code="read_only", label="changes")


def test_sockets_cannot_be_judged_and_are_refused() -> None:
    assert SafeMethodsOnly().judge_socket() == Blocked(code="read_only", label="live connections")
