"""``understudy policy``: see, change and try the policies of an app."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.installation import (
    COMMAND_LINE,
    DatabaseUrl,
    DataDir,
    application_of,
    opened,
)
from understudy.cli.output import Json, clear_errors, fail, print_facts, print_json, print_rows
from understudy.cli.policy_cases import Case, read_cases
from understudy.core.applications.application import Application
from understudy.core.governance.policies import PolicySet
from understudy.core.governance.policy_terms import MOST_DELAY_HOURS, Confirmation
from understudy.core.ports import PolicyJudge, Reader, Unit
from understudy.errors import InvalidInput
from understudy.flows.applications import administer
from understudy.flows.governance import policies
from understudy.flows.origin import Origin
from understudy.storage.engine.engine import StoreEngine

app = typer.Typer(help="See, change and try the policies of an app.", no_args_is_help=True)

AppId = Annotated[str, typer.Argument(metavar="APP_ID", help="The app's id.")]


@app.command()
def show(
    *,
    application_id: AppId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Print the policies in force; without any, those that change nothing."""
    with opened(data_dir, database_url) as engine, engine.reading() as reader:
        application = application_of(reader, application_id)
        text = _text_in_force(engine, reader, application)
    facts = {
        "application_id": application_id,
        "version": application.policy_version,
        "text": text,
    }
    if as_json:
        print_json(facts)
    else:
        sys.stdout.write(text)


@app.command("set")
def set_(
    *,
    application_id: AppId,
    file: Annotated[Path, typer.Argument(help="A file of policies in Cedar.")],
    replaces: Annotated[
        int | None,
        typer.Option(
            metavar="VERSION",
            min=0,
            help="The version that you have looked at, 0 for none: refuse where it is another.",
        ),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Change the policies: at once, or as a proposal where the app's settings say so.

    Sessions that they forbid end in the same moment.
    """
    with opened(data_dir, database_url) as engine:
        with engine.reading() as reader:
            application_of(reader, application_id)
        found = policies.require_sound(engine.judge, _read(file))
        replacing = None if replaces is None else policies.Replacing(version=replaces or None)

        def flow(unit: Unit) -> PolicySet:
            return policies.change(
                unit,
                application_id,
                found,
                replacing=replacing,
                by=COMMAND_LINE,
                origin=Origin(),
            )

        made = engine.run(flow)
    facts = {
        "application_id": application_id,
        "version": made.version,
        "waits_to_be_confirmed": made.is_open,
    }
    print_facts(facts, as_json=as_json)


@app.command()
def terms(
    *,
    application_id: AppId,
    needs: Annotated[
        Confirmation | None, typer.Option(help="What a change of policies needs from now on.")
    ] = None,
    delay_hours: Annotated[
        int | None, typer.Option(min=1, max=MOST_DELAY_HOURS, help="How long a delay is.")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """See or change what a change of policies needs.

    To ask for more holds at once. To ask for less waits, as a change of policies would, until an
    admin confirms it.
    """
    with opened(data_dir, database_url) as engine:
        if needs is None and delay_hours is None:
            with engine.reading() as reader:
                found = application_of(reader, application_id)
        else:
            found = engine.run(lambda unit: _with_terms(unit, application_id, needs, delay_hours))
    settings = found.settings
    waits = settings.loosening.terms if settings.loosening else None
    facts = {
        "application_id": application_id,
        "needs": settings.policy_changes.told,
        "waits_to_be_confirmed": None if waits is None else waits.told,
    }
    print_facts(facts, as_json=as_json)


def _with_terms(
    unit: Unit, application_id: str, needs: Confirmation | None, delay_hours: int | None
) -> Application:
    from understudy.service.table import WIRES

    known = application_of(unit, application_id)
    before = known.settings.policy_changes
    after = replace(
        before,
        confirmation=before.confirmation if needs is None else needs,
        delay_hours=before.delay_hours if delay_hours is None else delay_hours,
    )
    wanted = replace(known, settings=replace(known.settings, policy_changes=after))
    return administer.update(unit, wanted, wires=WIRES.settings, by=COMMAND_LINE, origin=Origin())


@app.command("test")
def try_cases(
    *,
    file: Annotated[Path, typer.Argument(metavar="CASES", help="Cases in YAML or JSON.")],
    text_file: Annotated[
        Path | None, typer.Option("--policies", metavar="FILE", help="Policies to try.")
    ] = None,
    application_id: Annotated[
        str | None, typer.Option("--app", metavar="APP_ID", help="Try those in force in this app.")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Say of each case whether the policies decide it as expected; leaves with 1 where not."""
    with clear_errors():
        if (text_file is None) is (application_id is None):
            raise InvalidInput("Give --policies or --app.")
        cases = read_cases(file)
    if application_id is None:
        from understudy.cedar.judge import CedarJudge

        with clear_errors():
            found = _tried(CedarJudge(), _read(text_file or Path()), cases)
    else:
        with opened(data_dir, database_url) as engine, engine.reading() as reader:
            text = _text_in_force(engine, reader, application_of(reader, application_id))
            found = _tried(engine.judge, text, cases)
    print_rows(found, as_json=as_json, nothing="")
    if any(row["differs"] for row in found):
        raise typer.Exit(1)


def _text_in_force(engine: StoreEngine, reader: Reader, application: Application) -> str:
    """What the application is held to; leaves where nobody can tell any more."""
    holds = policies.in_force(reader, application)
    if application.policy_version is not None and holds is None:
        fail("The policies in force were changed from outside, so everything is forbidden.")
    return holds.text if holds else engine.judge.default_text


def _tried(judge: PolicyJudge, text: str, cases: list[Case]) -> list[dict[str, object]]:
    policies.require_sound(judge, text)
    held = policies.draft(text)
    rows: list[dict[str, object]] = []
    for case in cases:
        verdict = judge.judge(held, case.question)
        rows.append(
            {
                "case": case.name,
                "said": "permit" if verdict.permitted else "forbid",
                "deciding": ", ".join(verdict.deciding) or None,
                "unlocks": ", ".join(verdict.let_through) or None,
                "differs": "; ".join(case.differences(verdict)) or None,
            }
        )
    return rows


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file} cannot be read as text: {error}") from error
