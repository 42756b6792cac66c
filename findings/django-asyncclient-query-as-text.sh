#!/usr/bin/env bash
# Django 5.2.19.
#
# In ASGI `query_string` of a scope is a byte string, and so servers send it. Django's own test
# client for async views, AsyncClient, makes a scope in which it is text. Django itself takes both,
# so that nobody notices; ASGI code around or inside of a site, which reads the scope by the
# specification, meets text in tests and bytes in service.
#
# Seen: under AsyncClient the scope of a request for `/?a=1` has 'a=1' (str); its path and headers
# are as ASGI has them.
# This script fails when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check django==5.2.19

"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="a key")
scopes = []


async def view(request):
    scopes.append(request.scope)
    return HttpResponse("hello")


urlpatterns = [path("", view)]
django.setup()

from django.test import AsyncClient

asyncio.run(AsyncClient().get("/?a=1"))
(scope,) = scopes
print("Django", django.__version__)
print("query_string:", repr(scope["query_string"]), "headers:", scope["headers"][:1])
assert scope["query_string"] == "a=1", "it is no longer text"
assert all(isinstance(name, bytes) for name, _ in scope["headers"]), "headers have changed"
print("as described")
PYTHON
