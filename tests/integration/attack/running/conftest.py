"""The CRM of the examples once more, asked over HTTP at the address where it runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.integration.attack.crm import crm
from understudy.testing.attack import AttackTarget


@pytest.fixture
def understudy_attack_target(tmp_path: Path) -> Iterator[AttackTarget]:
    """On a thread of this process, so that its clock can be moved; reached by nothing but HTTP."""
    with contextmanager(crm)(tmp_path) as called:
        server = make_server("127.0.0.1", 0, called.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield replace(called, app=f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
