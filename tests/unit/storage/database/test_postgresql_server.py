"""What errors of the driver mean."""

from __future__ import annotations

import psycopg
import pytest

from understudy import errors
from understudy.storage.database.postgresql_server import translate


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (psycopg.errors.UniqueViolation, errors.AlreadyExists),
        (psycopg.errors.SerializationFailure, errors.StorageBusy),
        (psycopg.errors.DeadlockDetected, errors.StorageBusy),
        (psycopg.errors.LockNotAvailable, errors.StorageBusy),
        (psycopg.errors.QueryCanceled, errors.StorageBusy),
        (psycopg.errors.DiskFull, errors.StorageFull),
        (psycopg.errors.ReadOnlySqlTransaction, errors.Unavailable),
        (psycopg.errors.AdminShutdown, errors.Unavailable),
        (psycopg.errors.TooManyConnections, errors.Unavailable),
        (psycopg.errors.CheckViolation, errors.Unavailable),
        (psycopg.errors.UndefinedTable, errors.Unavailable),
        (psycopg.OperationalError, errors.Unavailable),
        (psycopg.InterfaceError, errors.Unavailable),
        (psycopg.DataError, errors.InvalidInput),
    ],
)
def test_errors_of_the_driver_become_ours(
    error: type[psycopg.Error], kind: type[errors.UnderstudyError]
) -> None:
    assert type(translate(error("what it said"))) is kind


def test_what_happened_stays_inside() -> None:
    translated = translate(psycopg.errors.DiskFull("no space on /data"))
    assert translated.internal == "53100: no space on /data"
    assert "/data" not in translated.detail
