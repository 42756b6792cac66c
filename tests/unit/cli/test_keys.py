from __future__ import annotations

import pytest

from tests.unit.cli.conftest import Prepared


def test_new_keys_are_announced_and_old_proofs_go_on_verifying(prepared: Prepared) -> None:
    before = prepared.facts("audit", "checkpoint")
    rotated = prepared.facts("keys", "rotate", "--overlap-hours", "0")
    assert set(rotated) == {"log_verifier_key", "session_jwt_keys"}
    prepared.facts(*prepared.impersonate())
    after = prepared.facts("audit", "checkpoint")
    assert after["verifier_keys"] == [*before["verifier_keys"], rotated["log_verifier_key"]]
    kept = prepared.folder / "checkpoint"
    kept.write_text(before["checkpoint"])
    assert prepared.facts("audit", "verify", "--checkpoint", str(kept))["ok"] is True


@pytest.mark.parametrize("hours", ["-1", "721"])
def test_an_overlap_is_between_none_and_a_month(prepared: Prepared, hours: str) -> None:
    assert prepared.run("keys", "rotate", "--overlap-hours", hours).exit_code == 2
