"""django-hijack: ``python -m benchmarks.peers.hijack_site`` makes the callers, gunicorn serves."""

from __future__ import annotations

import json
import secrets
import sys

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from benchmarks.peers.django_site import configure, make_people, signed_in

# Its banner needs templates; without it, acquiring is a little faster.
configure(
    __name__,
    app="hijack",
    middleware="hijack.middleware.HijackUserMiddleware",
    HIJACK_INSERT_BEFORE=None,
)


def page(request: HttpRequest) -> HttpResponse:
    """Says who is signed in."""
    return HttpResponse(str(request.user.pk))


urlpatterns = [path("", page), path("hijack/", include("hijack.urls"))]


def main(count: int) -> None:
    """Print what each caller needs: a session, a CSRF token, and whom to become."""
    agents, users = make_people(count)
    callers = [
        {"sessionid": signed_in(agent), "csrftoken": secrets.token_hex(16), "user_pk": user.pk}
        for agent, user in zip(agents, users, strict=True)
    ]
    sys.stdout.write(json.dumps(callers))


if __name__ == "__main__":
    main(int(sys.argv[1]))
else:
    application = WSGIHandler()
