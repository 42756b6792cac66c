"""``python -m examples.express_clerk``: the app and a service of its own, until Ctrl-C."""

from __future__ import annotations

import base64
import signal
from contextlib import suppress
from pathlib import Path

from examples.arguments import arguments
from examples.node_app import node_app
from examples.service import OPERATOR_PASSWORD, registered, require_free, service, tell_people

OPERATOR = "you@paperclip.example"
PEOPLE = """\
id,email,name
ada,ada@engines.example,Ada Byron
grace,grace@compilers.example,Grace Marsh
"""


def main() -> None:
    """Prepare what is missing, start both, and say where they are."""
    asked = arguments("express_clerk", __doc__).parse_args()
    require_free(asked.port, asked.app_port)
    # The service is ours to stop, however we are stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    data: Path = asked.data_dir
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Two names for one machine: cookies know no ports.
    site, host = f"http://localhost:{asked.app_port}", f"127.0.0.1:{asked.port}"
    known = registered(data, "Paperclip", site, OPERATOR, callback="/")
    tell_people(data, known["application_id"], PEOPLE)
    environment = {
        "PORT": str(asked.app_port),
        "SESSION_KEY": known["key"],
        "UNDERSTUDY_URL": f"http://{host}",
        "CLERK_API_URL": f"http://{host}/clerk",
        "CLERK_SECRET_KEY": known["secret"],
        "CLERK_PUBLISHABLE_KEY": _publishable(host),
    }
    script = Path(__file__).with_name("server.mjs")
    with (
        suppress(KeyboardInterrupt),
        service(data, asked.port, public_url=f"http://{host}") as url,
        node_app(script, environment),
    ):
        print(f"Paperclip   {site}   kim@paperclip.example / paperclip")
        print(f"Understudy  {url}   {OPERATOR} / {OPERATOR_PASSWORD}", flush=True)
        signal.pause()


def _publishable(host: str) -> str:
    """The key that tells Clerk's SDK where browsers are sent."""
    return "pk_live_" + base64.b64encode(f"{host}$".encode()).decode().rstrip("=")


if __name__ == "__main__":
    main()
