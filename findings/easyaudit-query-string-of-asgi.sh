#!/usr/bin/env bash
# django-easy-audit 1.3.9 with Django 5.2.19.
#
# Easy-audit keeps a record of each request, with its query string. It takes that from the signal
# `request_started`: from the environ under WSGI, and from the scope under ASGI, where it is bytes.
# What is stored under ASGI is Python's way to write bytes down, with the b and the quotes, so that
# the same page reads differently by the server that it was asked of, and a search for it finds half.
#
# Seen: `/?a=1` is stored as `a=1` under WSGI, and as `b'a=1'` under ASGI.
# This script fails when either changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check django-easy-audit==1.3.9 django==5.2.19 httpx==0.28.1

cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib.metadata

import django
import httpx
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.db"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "easyaudit",
    ],
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="a key",
    USE_TZ=True,
)
urlpatterns = [path("", lambda request: HttpResponse("hello"))]
django.setup()

from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from easyaudit.models import RequestEvent

call_command("migrate", verbosity=0)


def stored() -> str:
    event = RequestEvent.objects.latest("pk")
    return event.query_string


with httpx.Client(transport=httpx.WSGITransport(WSGIHandler()), base_url="http://site") as client:
    client.get("/?a=1")
by_wsgi = stored()


async def ask() -> None:
    transport = httpx.ASGITransport(ASGIHandler())
    async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
        await client.get("/?a=1")


asyncio.run(ask())
by_asgi = stored()
print("easy-audit", importlib.metadata.version("django-easy-audit"), "Django", django.__version__)
print("under WSGI:", repr(by_wsgi))
print("under ASGI:", repr(by_asgi))
assert by_wsgi == "a=1", "WSGI has changed"
assert by_asgi == "b'a=1'", "ASGI has changed"
print("as described")
PYTHON
