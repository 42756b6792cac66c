"""How `audit verify` and `doctor` tell that rows and log disagree."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from tests.integration.proof.forge import Forge
from understudy.cli.commands import app
from understudy.flows.comparison.compare import MAX_DIFFERENCES, compare


@pytest.mark.parametrize("verb", [("audit", "verify"), ("doctor",)])
def test_verb_tells_which_row_and_what_to_do_and_exits_with_1(
    forge: Forge, verb: tuple[str, ...]
) -> None:
    opened = forge.world.session()
    forge.world.end(opened)
    where = ("--data-dir", str(forge.folder / "data"), "--database-url", forge.url)
    assert CliRunner().invoke(app, [*verb, *where]).exit_code == 0
    forge.copy("sessions", f"id = '{opened.session.id}'", id="ses_planted")
    done = CliRunner().invoke(app, [*verb, *where])
    assert done.exit_code == 1, done.output
    assert "session ses_planted" in done.output
    assert "find out who can write there" in " ".join(done.output.split())


def test_verify_lists_what_it_compared(forge: Forge) -> None:
    forge.sql.change("UPDATE subjects SET protected = 0")
    where = ("--data-dir", str(forge.folder / "data"), "--database-url", forge.url)
    done = CliRunner().invoke(app, ["audit", "verify", "--json", *where])
    report = json.loads(done.stdout)
    assert (done.exit_code, report["ok"], report["findings"]) == (1, False, [])
    (one,) = report["rows"]["findings"]
    assert (one["code"], one["table"], one["row"]) == ("protection_unlogged", "subject", "vip")
    assert one["advice"]
    assert report["rows"]["compared"] > 10


def test_many_findings_are_counted_and_not_kept(forge: Forge) -> None:
    grant = forge.world.granted()
    names = forge.sql.names("SELECT * FROM grants")
    others = ", ".join("'grt_' || number" if name == "id" else name for name in names)
    numbers = "WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n"
    forge.sql.change(
        f"INSERT INTO grants ({', '.join(names)}) {numbers} WHERE number < 1200) "
        f"SELECT {others} FROM grants, n WHERE id = ?",
        grant.id,
    )
    with forge.world.engine.comparing() as rows:
        seen: list[int] = []
        found = compare(rows, progress=seen.append)
    assert len(found.differences) == MAX_DIFFERENCES
    assert found.more == 1200 - MAX_DIFFERENCES
    assert seen == sorted(seen) != []
