#!/usr/bin/env bash
# django-auditlog 3.4.1 with Django 5.2.19.
#
# auditlog sends `pre_log` and `post_log` around each entry that it writes, for apps that add
# something of their own to it, or veto it. A change of a many-to-many field that is registered
# (`m2m_fields=`) makes an entry as well, but sends neither: what such an app adds is missing in
# just those entries, and a veto is not asked for.
#
# Seen: saving a model sends both signals and writes an entry; adding to its many-to-many field
# writes an entry and sends none.
# This script fails when either changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check django-auditlog==3.4.1 django==5.2.19

"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "auditlog"],
    SECRET_KEY="a key",
    USE_TZ=True,
)
django.setup()

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from auditlog.signals import post_log, pre_log
from django.contrib.auth.models import Group, User
from django.core.management import call_command

call_command("migrate", verbosity=0)
auditlog.register(User, m2m_fields={"groups"})
heard: list[str] = []
pre_log.connect(lambda **_: heard.append("pre_log"), weak=False)
post_log.connect(lambda **_: heard.append("post_log"), weak=False)


def written() -> tuple[int, list[str]]:
    count, signals = LogEntry.objects.count(), list(heard)
    LogEntry.objects.all().delete()
    heard.clear()
    return count, signals


group = Group.objects.create(name="staff")
written()
user = User.objects.create(username="ada")
saved = written()
user.groups.add(group)
added = written()
print("auditlog", importlib.metadata.version("django-auditlog"))
print("a model saved:        entries, signals:", saved)
print("a many-to-many added: entries, signals:", added)
assert saved[0] == 1 and set(saved[1]) == {"pre_log", "post_log"}, "saving has changed"
assert added == (1, []), "many-to-many changes now send signals"
print("as described")
PYTHON
