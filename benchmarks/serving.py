"""Serves an installation until standard input ends, and says on standard output where it is.

Started by the name of this file and not of this package: the ``benchmarks.installation`` and the
service are then those of whichever build is on the path, an older one among them.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import replace

from benchmarks.installation import Installation, installed
from benchmarks.servers import free_port


def main() -> None:
    """Serve by as many processes as are asked for, all over the same database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--database-url")
    parser.add_argument("--policies", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        installation = stack.enter_context(
            installed(users=asked.users, database_url=asked.database_url)
        )
        if asked.policies:
            _hold_to_policies(installation)
        servers = [_serve(installation, stack) for _ in range(asked.workers)]
        said = {"headers": installation.headers(), "servers": servers}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


def _hold_to_policies(installation: Installation) -> None:
    # Here, as an older build has neither of them.
    from benchmarks.policy_text import policy_text
    from understudy.core.notices.events import SYSTEM
    from understudy.flows.governance.policies import change, require_sound
    from understudy.flows.origin import Origin

    application_id = installation.application.id
    with installation.engine() as engine:
        found = require_sound(engine.judge, policy_text())
        engine.run(lambda unit: change(unit, application_id, found, by=SYSTEM, origin=Origin()))


def _serve(installation: Installation, stack: ExitStack) -> dict[str, int]:
    port = free_port()
    node = replace(installation, settings=replace(installation.settings, port=port))
    return {"port": port, "pid": stack.enter_context(node.service()).pid}


if __name__ == "__main__":
    main()
