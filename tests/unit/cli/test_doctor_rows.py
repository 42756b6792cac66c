from __future__ import annotations

import sqlite3

from tests.unit.cli.conftest import Prepared


def test_the_doctor_names_rows_that_somebody_else_wrote(prepared: Prepared) -> None:
    said = [one["what"] for one in prepared.facts("doctor")]
    assert "rows that give power are as this installation wrote them" in said
    with sqlite3.connect(prepared.data_dir / "understudy.db") as raw:
        ((operator_id,),) = raw.execute("SELECT id FROM operators LIMIT 1")
        raw.execute("UPDATE operators SET rank = 1000 WHERE id = ?", (operator_id,))
    raw.close()
    done = prepared.run("doctor")
    assert done.exit_code == 1
    assert f"operators: 1 row(s) that this installation did not write: {operator_id}" in done.stdout
