"""``python -m examples.flask_crm``: the CRM and a service of its own, until Ctrl-C."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

from werkzeug.serving import make_server

from examples.arguments import arguments
from examples.flask_crm.crm import create_app
from examples.flask_crm.records import PASSWORD, PEOPLE, fill
from examples.service import (
    OPERATOR_PASSWORD,
    registered,
    require_free,
    service,
    tell_people,
)

OPERATOR = "you@lighthouse.example"


def main() -> None:
    """Prepare what is missing, start both, and say where they are."""
    asked = arguments("flask_crm", __doc__).parse_args()
    require_free(asked.port, asked.app_port)
    # The service is ours to stop, however we are stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    data: Path = asked.data_dir
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    site = f"http://127.0.0.1:{asked.app_port}"
    config = _prepared(data, site)
    fill(data / "crm.sqlite3")
    with suppress(KeyboardInterrupt), service(data, asked.port) as url:
        app = create_app({"DATABASE": data / "crm.sqlite3", "UNDERSTUDY_URL": url, **config})
        server = make_server("127.0.0.1", asked.app_port, app, threaded=True)
        print(f"Lighthouse CRM  {site}   kim@lighthouse.example / {PASSWORD}")
        print(f"Understudy      {url}   {OPERATOR} / {OPERATOR_PASSWORD}", flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
        server.server_close()
        # What was recorded goes out while the service is still there.
        app.extensions["understudy"].understudy.close()


def _prepared(data: Path, site: str) -> dict[str, str]:
    """The app's settings, of which the service and its people know."""
    known = registered(data, "Lighthouse CRM", site, OPERATOR)
    rows = [f"{one[0]},{one[2]},{one[1]}" for one in PEOPLE if one[3] != "support"]
    tell_people(data, known["application_id"], "\n".join(("id,email,name", *rows, "")))
    return {
        "SECRET_KEY": known["key"],
        "UNDERSTUDY_APPLICATION_ID": known["application_id"],
        "UNDERSTUDY_SECRET": known["secret"],
    }


if __name__ == "__main__":
    main()
