"""Open the installation that the settings describe: the same for the service and every verb."""

from __future__ import annotations

from understudy.cedar.judge import CedarJudge
from understudy.config import Settings
from understudy.errors import AuditError, StorageBusy, Unavailable
from understudy.storage.clock import Wall
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.connection import Database
from understudy.storage.database.databases import open_database
from understudy.storage.database.sqlite import BUSY_SECONDS
from understudy.storage.engine.engine import StoreEngine, open_engine
from understudy.storage.vault import InstallationKey


def open_installation(
    settings: Settings, *, require_sound_log: bool = True, patience: float = BUSY_SECONDS
) -> StoreEngine:
    """The engine over the configured database and data directory, set up if it is new.

    Other writers of a SQLite file are waited for with ``patience``, in seconds.

    :raises SetupError: when directory, key or database cannot be used; see ``open_engine``.
    :raises AuditError: when the log does not verify and ``require_sound_log`` is asked for.
    """
    return open_both(settings, require_sound_log=require_sound_log, patience=patience)[0]


def open_to_serve(
    settings: Settings, *, clock: Wall | None = None
) -> tuple[StoreEngine, Database, str | None]:
    """The engine and its database, and why they are good for ending sessions and nothing else.

    ``clock`` is given where it is not the machine's.

    :raises SetupError: see ``open_installation``.
    :raises Unavailable: when the database cannot even be read.
    """
    try:
        return (*open_both(settings, clock=clock), None)
    except AuditError as error:
        why = f"The audit log does not verify: {error.detail}"
        return (*open_both(settings, require_sound_log=False, clock=clock), why)
    except StorageBusy:
        # Soon over, where a node that only ends sessions would stay one until it is started again.
        raise
    except Unavailable as error:
        why = f"The database cannot be brought up to date: {error.detail}"
        both = open_both(settings, require_sound_log=False, migrate=False, clock=clock)
        return (*both, why)


def open_both(
    settings: Settings,
    *,
    require_sound_log: bool = True,
    migrate: bool = True,
    clock: Wall | None = None,
    patience: float = BUSY_SECONDS,
) -> tuple[StoreEngine, Database]:
    """The engine, and the database below it for whoever follows the log.

    :raises SetupError: see ``open_installation``.
    :raises AuditError: see ``open_installation``.
    """
    given = settings.installation_key
    database = open_database(settings.store_url, schema=settings.database_schema, patience=patience)
    engine = open_engine(
        database,
        DataDirectory(settings.data_dir),
        key=InstallationKey.from_text(given) if given else None,
        require_sound_log=require_sound_log,
        migrate=migrate,
        clock=clock,
        judge=CedarJudge(),
    )
    return engine, database
