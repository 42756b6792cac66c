#!/usr/bin/env bash
# celery 5.6.3.
#
# Headers given to `apply_async` of a chain are meant to travel with its tasks. With a worker they
# reach the first link alone: the second is published by the worker without them. With
# `task_always_eager`, as many tests have it, every link sees them. So what tests show of headers
# in a chain does not hold in service.
#
# Seen: with a worker the links see ["ada", None], eagerly ["ada", "ada"].
# This script fails when either changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check celery==5.6.3

cd "$folder"
timeout 120 "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import celery
from celery import Celery, chain
from celery.contrib.testing.worker import start_worker

seen: list[str | None] = []


def made(**settings: object) -> Celery:
    app = Celery("site", broker="memory://", backend="cache+memory://", set_as_current=True)
    app.conf.update(**settings)
    return app


def links(app: Celery):
    @app.task(bind=True, name="look")
    def look(self, *_: object) -> None:
        seen.append((self.request.headers or {}).get("by") or self.request.get("by"))

    return chain(look.s(), look.s())


eager = made(task_always_eager=True)
links(eager).apply_async(headers={"by": "ada"})
eagerly = list(seen)
seen.clear()
app = made()
work = links(app)
with start_worker(app, perform_ping_check=False, pool="solo"):
    work.apply_async(headers={"by": "ada"}).get(timeout=60)
print("celery", celery.__version__)
print("eagerly:      ", eagerly)
print("with a worker:", seen)
assert eagerly == ["ada", "ada"], "eager chains have changed"
assert seen == ["ada", None], "chains in a worker have changed"
print("as described")
PYTHON
