"""The service that an example runs beside itself, on a data directory of its own."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

OPERATOR_PASSWORD = "correct horse battery staple"  # noqa: S105  (everybody's, in an example)
CALLBACK = "/_understudy/callback"
"""Where the SDK takes a session in."""
_START_SECONDS = 30


def require_free(*ports: int) -> None:
    """Stop where somebody listens already: the demo would be taken for this example's service.

    :raises SystemExit: with what to do.
    """
    for port in ports:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            raise SystemExit(
                f"Another program listens on port {port}, perhaps the demo. "
                "Stop it, or choose others with --port and --app-port."
            ) from None


def understudy(data: Path, *words: str, typed: str = "") -> str:
    """What a verb of the command line prints, with ``typed`` as its standard input."""
    command = [sys.executable, "-m", "understudy", *words, "--data-dir", str(data)]
    return subprocess.run(  # noqa: S603  (our own words)
        command, input=typed, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def registered(
    data: Path, name: str, site: str, operator: str, *options: str, callback: str = CALLBACK
) -> dict[str, str]:
    """The app's application_id and secret, and a key of its own: the same at every start.

    At the first one the service hears of the app, and of an operator who may do everything.
    """
    kept = data / "app.json"
    if not kept.exists():
        words = ("app", "create", name, "--redirect-url", f"{site}{callback}", *options)
        made = json.loads(understudy(data, *words, "--allow-impersonation", "--json"))
        roles = ("--role", "admin", "--role", "support_manager")
        create = ("operator", "create", operator, *roles, "--password-stdin")
        understudy(data, *create, typed=OPERATOR_PASSWORD)
        kept.touch(mode=0o600)
        own = {"secret": made["secret"], "key": secrets.token_hex()}
        kept.write_text(json.dumps({"application_id": made["application_id"], **own}))
    found: dict[str, str] = json.loads(kept.read_text())
    return found


def tell_people(data: Path, application_id: str, people: str) -> None:
    """Have the service hear of the app's people, a CSV with a header, unless it has."""
    kept = data / "people.csv"
    if not kept.exists():
        kept.write_text(people)
        understudy(data, "users", "import", str(kept), "--app", application_id)


@contextmanager
def service(data: Path, port: int, *, public_url: str | None = None) -> Iterator[str]:
    """The running service, by its address; it stops with the block."""
    url = public_url or f"http://localhost:{port}"
    command = [sys.executable, "-m", "understudy", "serve", "--data-dir", str(data)]
    log = (data / "service.log").open("ab")
    process = subprocess.Popen(  # noqa: S603  (our own words)
        [*command, "--port", str(port), "--public-url", url], stdout=log, stderr=log
    )
    try:
        _wait_for(process, url)
        yield url
    finally:
        process.terminate()
        process.wait()
        log.close()


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    last = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < last:
        try:
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("The service does not start: see service.log beside its data.")
