from __future__ import annotations

from pathlib import Path

from tests.contract.rules.world import world
from tests.unit.core.factories import NOW
from understudy.core.ports import KeyUse, SigningKey, Unit


def test_a_key_is_found_in_the_transaction_that_adds_it(tmp_path: Path) -> None:
    def add(unit: Unit, application_id: str) -> tuple[int, list[str]]:
        before = len(unit.signing_keys.of(KeyUse.SESSION_JWT, application_id))
        key = SigningKey(
            id="key_1",
            use=KeyUse.SESSION_JWT,
            application_id=application_id,
            public=b"public",
            private_encrypted=b"sealed",
            created_at=NOW,
            signs_from=NOW,
        )
        unit.signing_keys.add(key)
        found = unit.signing_keys.of(KeyUse.SESSION_JWT, application_id)
        return before, [one.id for one in found]

    with world(f"sqlite:///{tmp_path / 'understudy.db'}", tmp_path) as made:
        assert made.run(lambda unit: add(unit, made.application.id)) == (0, ["key_1"])
