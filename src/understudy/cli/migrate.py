"""``understudy migrate``: bring the database's schema up to date."""

from __future__ import annotations

from understudy.cli.installation import DatabaseUrl, DataDir, settings_for
from understudy.cli.output import Json, clear_errors, print_facts
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.databases import open_database


def migrate(
    *, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False
) -> None:
    """Bring the database up to date. Safe to repeat; serve does it by itself."""
    with clear_errors():
        settings = settings_for(data_dir, database_url)
        DataDirectory(settings.data_dir)
        database = open_database(settings.store_url)
        try:
            database.migrate()
        finally:
            database.close()
    print_facts({"database": database.dialect.value, "schema": "up to date"}, as_json=as_json)
