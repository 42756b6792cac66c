"""A site with all four packages, in a process of its own, as they look at settings but once.

Prints what each of them has recorded at each step, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import django
import httpx
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from huey import MemoryHuey

from tests.fixtures.django_site.site import GUARD, SETTINGS
from understudy.contrib.jobs.huey import carry_attribution
from understudy.testing import FakeGateway

GATEWAY = FakeGateway()
SHARED = {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:a?mode=memory&cache=shared"}
BRIDGES = "understudy.contrib.django.audit."
QUEUE = MemoryHuey(results=False)
carry_attribution(QUEUE)


def configure() -> None:
    """Settings of a site that is set up as the guide says."""
    settings.configure(
        DJANGO_EASY_AUDIT_LOGGING_BACKEND=f"{BRIDGES}easyaudit.ActorBackend",
        DJANGO_EASY_AUDIT_PROPAGATE_EXCEPTIONS=True,
        DJANGO_EASY_AUDIT_REGISTERED_CLASSES=["audit.Order"],
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.admin.apps.SimpleAdminConfig",
            "django.contrib.messages",
            "auditlog",
            "easyaudit",
            "reversion",
            "simple_history",
            "understudy.contrib.django",
            f"{BRIDGES}auditlog.AuditlogConfig",
            f"{BRIDGES}reversion.ReversionConfig",
            f"{BRIDGES}simple_history.SimpleHistoryConfig",
            "tests.integration.contrib.django.audit",
        ],
        MIDDLEWARE=[
            GUARD,
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "auditlog.middleware.AuditlogMiddleware",
            f"{BRIDGES}easyaudit.RequestMiddleware",
            "reversion.middleware.RevisionMiddleware",
            "simple_history.middleware.HistoryRequestMiddleware",
        ],
        ROOT_URLCONF=__name__,
        UNDERSTUDY={"UNDERSTUDY": GATEWAY.understudy()},
        **{**SETTINGS, "DATABASES": {"default": SHARED}},
    )


def change(request: HttpRequest) -> HttpResponse:
    """A view, which changes something as ``?how`` says."""
    from tests.integration.contrib.django.audit import changes

    getattr(changes, request.GET.get("how", "plainly"))()
    return HttpResponse("changed")


async def achange(request: HttpRequest) -> HttpResponse:
    """An async view."""
    from tests.integration.contrib.django.audit.models import Order

    await Order.objects.acreate(title="async")
    return HttpResponse("changed")


@QUEUE.task()  # type: ignore[untyped-decorator]
def later() -> None:
    """A job."""
    import reversion

    from tests.integration.contrib.django.audit import changes

    with reversion.create_revision():
        changes.plainly()


def queue(request: HttpRequest) -> HttpResponse:
    """A view that has it done later."""
    later()
    return HttpResponse("queued")


urlpatterns: list[Any] = [path("change", change), path("achange", achange), path("queue", queue)]


class Site:
    """Kim, who is signed in, and works as Ada in the same browser."""

    def __init__(self) -> None:
        from django.contrib.auth.models import User
        from django.test import Client

        self.ada, self.kim = (User.objects.create_user(name) for name in ("ada", "kim"))
        self.session = GATEWAY.open(subject_id=str(self.ada.pk), actor_id="opr_sam")
        self.cookie = self.signed_in(Client).cookies[settings.SESSION_COOKIE_NAME].value

    def signed_in(self, kind: Any, token: str = "") -> Any:
        """Kim's browser, in the session whose ``token`` it holds."""
        browser = kind(raise_request_exception=False)
        browser.force_login(self.kim)
        if token:
            browser.cookies["__Host-understudy"] = token
            browser.defaults["HTTP_UNDERSTUDY_PAGE"] = self.session.id
        return browser

    async def served(self, application: Any) -> None:
        """One request in the session as servers hand it over, from Kim's browser."""
        signed_in = {settings.SESSION_COOKIE_NAME: self.cookie}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(application),
            base_url="http://testserver",
            headers={"understudy-page": self.session.id},
            cookies={**signed_in, "__Host-understudy": self.session.token},
        ) as browser:
            (await browser.post("/achange?a=1")).raise_for_status()

    def steps(self) -> dict[str, Any]:
        """What is recorded of each step."""
        from django.core.asgi import get_asgi_application
        from django.test import AsyncClient, Client

        from tests.integration.contrib.django.audit import changes

        site = get_asgi_application()
        own, support = self.signed_in(Client), self.signed_in(Client, self.session.token)
        waiting = self.signed_in(AsyncClient, self.session.token)
        headers = {"understudy-page": self.session.id}
        found = {}

        def step(name: str, do: Any) -> None:
            answer = do()
            found[name] = {"status": answer and answer.status_code, **changes.taken()}

        step("own", lambda: own.post("/change?how=plainly"))
        for how in changes.HOW:
            step(how, lambda how=how: support.post(f"/change?how={how}"))
        step("async", lambda: asyncio.run(waiting.post("/achange?a=1", headers=headers)))
        step("queued", lambda: support.post("/queue"))
        step("job", lambda: QUEUE.execute(QUEUE.dequeue()))
        step("own_queued", lambda: own.post("/queue"))
        step("own_job", lambda: QUEUE.execute(QUEUE.dequeue()))
        step("after", lambda: own.post("/change"))
        step("own_in_bulk", lambda: own.post("/change?how=in_bulk"))
        step(
            "own_async",
            lambda: asyncio.run(self.signed_in(AsyncClient).post("/achange?why=understudy")),
        )
        step("served", lambda: asyncio.run(self.served(site)))
        step("marked", lambda: own.post("/change?why=understudy"))
        step("guarded", lambda: own.get("/_understudy/banner.js?code=secret"))
        step("unknown", lambda: self.signed_in(Client, "understudy").post("/change"))
        return found


def main() -> dict[str, Any]:
    """All steps, in a new database."""
    configure()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    found = Site().steps()
    GATEWAY.close()
    settings.UNDERSTUDY["UNDERSTUDY"].close()
    return found


if __name__ == "__main__":
    json.dump(main(), sys.stdout)
