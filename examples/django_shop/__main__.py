"""``python -m examples.django_shop``: the shop, Understudy beside it or inside, until Ctrl-C."""

from __future__ import annotations

import argparse
import io
import os
import secrets
import signal
from contextlib import suppress
from pathlib import Path

import django
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from examples.arguments import arguments
from examples.django_shop.database import database
from examples.service import (
    OPERATOR_PASSWORD,
    registered,
    require_free,
    service,
    tell_people,
)

OPERATOR = "you@saltbox.example"


def main() -> None:
    """Prepare what is missing, start it, and say where it is."""
    asked = _asked()
    require_free(*(() if asked.embedded else (asked.port,)), asked.app_port)
    # The service and the database are ours to stop, however we are stopped.
    for stopping in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stopping, signal.default_int_handler)
    data: Path = asked.data_dir
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    site = f"http://127.0.0.1:{asked.app_port}"
    with suppress(KeyboardInterrupt), database(data) as database_url:
        os.environ["DATABASE_URL"] = database_url
        os.environ["DJANGO_SETTINGS_MODULE"] = "examples.django_shop.settings"
        if asked.embedded:
            os.environ.update(_inside(data, site))
            _prepare()
            _serve(asked.app_port, site, f"{site}/understudy   by the same sign-in")
            return
        os.environ.update(_secrets(data, site))
        os.environ["SHOP_SERVICE_URL"] = f"http://localhost:{asked.port}"
        _prepare()
        _tell_service(data)
        with service(data, asked.port) as url:
            _serve(asked.app_port, site, f"{url}   {OPERATOR} / {OPERATOR_PASSWORD}")


def _asked() -> argparse.Namespace:
    parser = arguments("django_shop", __doc__)
    parser.add_argument("--embedded", action="store_true", help="with no service beside the shop")
    return parser.parse_args()


def _inside(data: Path, site: str) -> dict[str, str]:
    return {
        # One of the environment keeps people signed in over a restart.
        "SHOP_SECRET_KEY": os.environ.get("SHOP_SECRET_KEY") or secrets.token_hex(),
        "SHOP_DASHBOARD_URL": f"{site}/understudy",
        "SHOP_DASHBOARD_DATA": str(data / "understudy"),
    }


def _secrets(data: Path, site: str) -> dict[str, str]:
    known = registered(data, "Saltbox", site, OPERATOR, "--vertical", "consumer")
    return {
        "SHOP_SECRET_KEY": known["key"],
        "SHOP_APPLICATION_ID": known["application_id"],
        "SHOP_APPLICATION_SECRET": known["secret"],
    }


def _prepare() -> None:
    """Tables and people."""
    django.setup()
    from examples.django_shop.records import fill

    call_command("migrate", verbosity=0)
    fill()


def _tell_service(data: Path) -> None:
    """Of the shop's people."""
    people = io.StringIO()
    call_command("understudy", "users", stdout=people)
    tell_people(data, os.environ["SHOP_APPLICATION_ID"], people.getvalue())


def _serve(port: int, site: str, dashboard: str) -> None:
    from examples.django_shop.records import PASSWORD
    from understudy.contrib.django.conf import installed

    server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    print(f"Saltbox     {site}   kim@saltbox.example / {PASSWORD}")
    print(f"Understudy  {dashboard}", flush=True)
    with suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()
    # What was recorded goes out while the service is still there.
    installed().understudy.close()


if __name__ == "__main__":
    main()
