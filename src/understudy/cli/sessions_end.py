"""``understudy sessions end``: end many sessions at once, also where no database answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated

import typer

from understudy.cli.installation import COMMAND_LINE, DatabaseUrl, DataDir, opened, settings_for
from understudy.cli.output import Json, clear_errors, print_facts
from understudy.config import Settings
from understudy.core.clock import cut_to_ms
from understudy.core.ids import ActorRef, SessionId
from understudy.core.impersonation.endings import Ending, Proof, Reach
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import InvalidInput, StorageFull
from understudy.flows.impersonation.end import end as end_one
from understudy.flows.impersonation.end_all import Whose, cancel_waiting, end_live
from understudy.flows.origin import Origin
from understudy.storage.clock import utc_now
from understudy.storage.data_directory import DataDirectory
from understudy.storage.endings.spool import FOLDER, Spool
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.engine.rehearsal import ID_BYTES
from understudy.storage.vault import InstallationKey, InstallationVault

_MAX_REF = 100


def end(
    *,
    session_id: Annotated[
        str | None, typer.Argument(help="The session's id.", show_default=False)
    ] = None,
    application_id: Annotated[
        str | None, typer.Option("--app", help="Every session in this application.")
    ] = None,
    operator_id: Annotated[
        str | None, typer.Option("--operator", help="Every session of this operator.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every session there is.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    spool: Annotated[
        bool,
        typer.Option(
            "--spool", help="Without the database: leave it to the service of this data directory."
        ),
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """End sessions now: one, or all of an application, an operator, or the installation.

    With all of them, whatever waits to become one is cancelled.
    """
    with clear_errors():
        reach, ref = _named(session_id, application_id, operator_id, everything=everything)
        if reach is not Reach.SESSION and not yes:
            typer.confirm(
                f"End every session of {ref or 'the installation'}?", abort=True, err=True
            )
        if spool:
            _spooled(settings_for(data_dir, database_url), reach, ref)
            print_facts({"reach": reach, "ref": ref, "logged": False}, as_json=as_json)
            return
    with opened(data_dir, database_url, require_sound_log=False) as engine:
        sessions, logged = _end(engine, reach, ref)
        grants = 0
        if logged and reach is not Reach.SESSION:
            whose = _whose(reach, ref)
            grants = _each(
                lambda: engine.run(
                    lambda unit: cancel_waiting(unit, whose, by=COMMAND_LINE, origin=Origin())
                )
            )
    facts = {"sessions": sessions, "grants": grants, "logged": logged}
    print_facts(facts, as_json=as_json)


def _named(
    session_id: str | None, application_id: str | None, operator_id: str | None, *, everything: bool
) -> tuple[Reach, str | None]:
    given = {
        Reach.SESSION: session_id,
        Reach.APPLICATION: application_id,
        Reach.ACTOR: operator_id,
    }
    named = [(reach, ref) for reach, ref in given.items() if ref is not None]
    if everything and not named:
        return Reach.ALL, None
    if everything or len(named) != 1 or not named[0][1] or len(named[0][1]) > _MAX_REF:
        raise InvalidInput("Name one of: a session's id, --app, --operator, or --all.")
    return named[0]


def _end(engine: StoreEngine, reach: Reach, ref: str | None) -> tuple[int, bool]:
    """How many were ended, and whether the log holds that."""
    if reach is Reach.SESSION:
        one = SessionId(ref or "")
        ended = engine.endings.end(
            lambda unit: end_one(
                unit, one, cause=EndCause.REVOKED, by=COMMAND_LINE, origin=Origin()
            ),
            proven=Proof.DATA_DIRECTORY,
        )
        return 1, ended.logged
    whose, logged = _whose(reach, ref), True

    def some() -> int:
        nonlocal logged
        ended = engine.endings.end(
            lambda unit: end_live(unit, whose, by=COMMAND_LINE, origin=Origin()),
            proven=Proof.DATA_DIRECTORY,
        )
        logged = logged and ended.logged
        return ended.value

    return _each(some), logged


def _whose(reach: Reach, ref: str | None) -> Whose:
    return Whose(
        application_id=ref if reach is Reach.APPLICATION else None,
        actor_ref=ActorRef(ref) if reach is Reach.ACTOR and ref else None,
    )


def _each(slice_: Callable[[], int]) -> int:
    """How much was done in all; a slice that does nothing was the last."""
    return sum(iter(slice_, 0))


def _spooled(settings: Settings, reach: Reach, ref: str | None) -> None:
    """Leave the ending in the data directory, where every process of it looks.

    :raises StorageFull: when there is no slot and no room for any.
    """
    data_directory, given = DataDirectory(settings.data_dir), settings.installation_key
    key = InstallationKey.from_text(given) if given else data_directory.known_key()
    vault = InstallationVault(key, random=os.urandom)
    spool = Spool(data_directory.path / FOLDER, vault.keyed_hash, random=os.urandom)
    spool.open()
    try:
        if not spool.keep([_ending(reach, ref)]):
            raise StorageFull("There is no room to keep it. Free some space, then try again.")
    finally:
        spool.close()


def _ending(reach: Reach, ref: str | None) -> Ending:
    now = utc_now()
    return Ending(
        id=os.urandom(ID_BYTES).hex(),
        reach=reach,
        ref=ref,
        application_id=ref if reach is Reach.APPLICATION else None,
        cause=EndCause.REVOKED,
        doer_kind=COMMAND_LINE.kind,
        doer_ref=COMMAND_LINE.ref,
        proven=Proof.DATA_DIRECTORY,
        address=None,
        at=cut_to_ms(now),
    )
