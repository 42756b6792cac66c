#!/usr/bin/env bash
# channels 4.3.2 with Django 5.2.19.
#
# Django signs sessions with SECRET_KEY and takes those of SECRET_KEY_FALLBACKS as well, so that a
# key can be replaced without signing anybody out: `django.contrib.auth.get_user` finds the user by
# a fallback and renews the session. `channels.auth.get_user` looks at the present key alone. For it
# the session is a stranger's, and it does not only answer AnonymousUser: it flushes the session. A
# page that opens one WebSocket after the key was replaced so signs its user out of the whole site.
#
# Seen: behind a replaced key Django's own function gives the user, and the row stays; Channels'
# gives nobody, and the row is gone.
# This script fails when either changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check channels==4.3.2 django==5.2.19

"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

import channels
import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:site?mode=memory&cache=shared"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    SECRET_KEY="the first key",
    USE_TZ=True,
)
django.setup()

from channels.auth import get_user as by_channels
from django.contrib.auth import get_user as by_django
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.http import HttpRequest
from django.test import override_settings

call_command("migrate", verbosity=0)
user = User.objects.create_user("ada", password="correct horse battery")


def signed_in() -> str:
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    return request.session.session_key


def is_there(key: str) -> bool:
    return Session.objects.filter(pk=key).exists()


first, second = signed_in(), signed_in()
with override_settings(SECRET_KEY="the second key", SECRET_KEY_FALLBACKS=["the first key"]):
    request = HttpRequest()
    request.session = SessionStore(first)
    plain = by_django(request)
    request.session.save()
    stays = is_there(request.session.session_key)
    over_socket = asyncio.run(by_channels({"session": SessionStore(second)}))
    gone = not is_there(second)
print("Django", django.__version__, "Channels", channels.__version__)
print("Django:  ", plain, "and the session is there:", stays)
print("Channels:", over_socket, "and the session is gone:", gone)
assert plain == user and stays, "Django no longer takes fallback keys"
assert over_socket.is_anonymous and gone, "Channels now takes fallback keys"
print("as described")
PYTHON
