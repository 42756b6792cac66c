"""What each module of the SDK and its adapters lacks in this environment, by name."""

from __future__ import annotations

import importlib
import json
import pkgutil
from importlib.util import find_spec

import understudy.contrib
import understudy.sdk
import understudy.testing

if find_spec("django"):
    import django
    from django.conf import settings

    apps = ("auth", "contenttypes", "sessions")
    settings.configure(
        INSTALLED_APPS=[f"django.contrib.{app}" for app in apps],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3"}},
        UNDERSTUDY={},
    )
    django.setup()


def _first(name: str | None) -> str:
    return (name or "").partition(".")[0]


lacking: dict[str, str] = {}
for package in (understudy.sdk, understudy.testing, understudy.contrib):
    inside = f"{package.__name__}."
    for module in pkgutil.walk_packages(package.__path__, inside, onerror=lambda _: None):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            lacking[module.name] = _first(error.name)
        except Exception as error:
            # Django says so of drivers in words of its own.
            if not isinstance(error.__context__, ModuleNotFoundError):
                raise
            lacking[module.name] = _first(error.__context__.name)
print(json.dumps(lacking))
