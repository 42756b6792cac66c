"""A site with such users, in a process of its own: the model of users cannot be changed in one.

Prints what came of a start from the admin, as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.fixtures.django_site.site import GUARD, MIDDLEWARE, SETTINGS, TEMPLATES
from understudy.testing import FakeGateway

GATEWAY = FakeGateway()


def configure() -> None:
    """Settings of the smallest site that has an admin."""
    settings.configure(
        AUTH_USER_MODEL="members.Member",
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.sessions",
            "understudy.contrib.django",
            "tests.integration.contrib.django.members",
        ],
        MIDDLEWARE=[GUARD, *MIDDLEWARE],
        ROOT_URLCONF=__name__,
        TEMPLATES=TEMPLATES,
        UNDERSTUDY={"UNDERSTUDY": GATEWAY.understudy()},
        **SETTINGS,
    )


def who(request: HttpRequest) -> HttpResponse:
    """Says whom it serves, and who asks."""
    return HttpResponse(f"{request.user.email} by {request.actor.email}")


urlpatterns: list[Any] = [path("who", who)]


def main() -> dict[str, Any]:
    """One start, from the admin's page of a user to a page as that user."""
    configure()
    django.setup()
    from django.contrib import admin
    from django.contrib.auth.models import Group, Permission
    from django.core.management import call_command
    from django.test import Client

    from tests.integration.contrib.django.members.models import Member
    from understudy.contrib.django.admin import ImpersonateAdminMixin

    class People(ImpersonateAdminMixin, admin.ModelAdmin):  # type: ignore[misc]
        """The app's own users in the admin."""

    admin.site.register(Member, People)
    urlpatterns.append(path("admin/", admin.site.urls))
    call_command("migrate", run_syncdb=True, verbosity=0)
    permission = Permission.objects.get(codename="impersonate_member")
    support = Group.objects.create(name="support")
    support.permissions.add(permission, Permission.objects.get(codename="view_member"))
    ada, kim = (Member.objects.create(email=f"{name}@shop.test") for name in ("ada", "kim"))
    kim.groups.add(support)

    browser = Client()
    browser.force_login(kim, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get(f"/admin/members/member/{ada.pk}/impersonate/")
    form = json.dumps({"subject_id": str(ada.pk), "reason": "Cannot see the invoice"})
    started = browser.post(
        "/_understudy/start",
        form,
        "application/json",
        HTTP_SEC_FETCH_SITE="same-origin",
    )
    found = {
        "offered": f'value="{ada.pk}"' in page.content.decode(),
        "started": started.status_code,
        "served": browser.get("/who").content.decode(),
    }
    GATEWAY.close()
    settings.UNDERSTUDY["UNDERSTUDY"].close()
    return found


if __name__ == "__main__":
    json.dump(main(), sys.stdout)
