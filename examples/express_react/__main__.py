"""``python -m examples.express_react``: the app and a service of its own, until Ctrl-C."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

from examples.arguments import arguments
from examples.node_app import node_app
from examples.service import OPERATOR_PASSWORD, registered, require_free, service, tell_people

OPERATOR = "you@tally.example"
FRONT = Path(__file__).parents[1] / "react_front" / "dist"
PEOPLE = """\
id,email,name
ada,ada@engines.example,Ada Byron
grace,grace@compilers.example,Grace Marsh
"""


def main() -> None:
    """Prepare what is missing, start both, and say where they are."""
    asked = arguments("express_react", __doc__).parse_args()
    require_free(asked.port, asked.app_port)
    # The service is ours to stop, however we are stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    data: Path = asked.data_dir
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    site = f"http://127.0.0.1:{asked.app_port}"
    known = registered(data, "Tally", site, OPERATOR)
    tell_people(data, known["application_id"], PEOPLE)
    environment = {
        "PORT": str(asked.app_port),
        "SESSION_KEY": known["key"],
        "APP_ID": known["application_id"],
        "APP_SECRET": known["secret"],
        "UNDERSTUDY_URL": f"http://localhost:{asked.port}",
        "FRONT": str(FRONT),
    }
    script = Path(__file__).with_name("server.mjs")
    with (
        suppress(KeyboardInterrupt),
        service(data, asked.port) as url,
        node_app(script, environment),
    ):
        print(f"Tally       {site}   kim@tally.example / tally")
        print(f"Understudy  {url}   {OPERATOR} / {OPERATOR_PASSWORD}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
