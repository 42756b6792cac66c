"""A site that does with its sessions whatever Django lets it do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth import alogin, get_user_model, login, logout, update_session_auth_hash
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_exempt
from django_otp.decorators import otp_required

from understudy.sdk.context import current_impersonation


def who(request: HttpRequest) -> HttpResponse:
    """Whom the site serves, and who really asks."""
    actor = request.actor.id if request.actor else None
    verified = request.user.is_verified() if hasattr(request.user, "is_verified") else None
    return JsonResponse(
        {
            "user": request.user.get_username(),
            "actor": actor,
            "verified": verified,
            "session": {name: value for name, value in request.session.items() if name[0] != "_"},
        }
    )


async def awho(request: HttpRequest) -> HttpResponse:
    """The same, in an async view."""
    user = await request.auser()
    verified = user.is_verified() if hasattr(user, "is_verified") else None
    return JsonResponse({"user": user.get_username(), "verified": verified})


def nobody(request: HttpRequest) -> HttpResponse:
    """A page that asks for nobody."""
    return HttpResponse("the same for everybody")


@otp_required  # type: ignore[untyped-decorator]
def vault(request: HttpRequest) -> HttpResponse:
    """For those who have shown a second factor; django-two-factor-auth asks so for it as well."""
    return HttpResponse(f"the vault of {request.user.get_username()}")


def order(request: HttpRequest, number: int) -> HttpResponse:
    """One of the user's orders."""
    return HttpResponse(f"{number} of {request.user.get_username()}")


def write(request: HttpRequest) -> HttpResponse:
    """Write into the session."""
    request.session["draft"] = "Dear customer"
    request.session.set_expiry(60)
    return HttpResponse("written")


async def awrite(request: HttpRequest) -> HttpResponse:
    """The same, in an async view."""
    await request.session.aset("draft", "Dear customer")
    return HttpResponse("written")


def tell(request: HttpRequest) -> HttpResponse:
    """Leave a message for the next page."""
    messages.info(request, "a message")
    return HttpResponse("told")


def told(request: HttpRequest) -> HttpResponse:
    """Show the messages."""
    return HttpResponse(", ".join(str(one) for one in messages.get_messages(request)) or "nothing")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign the customer in."""
    login(request, get_user_model().objects.get(username="customer"))
    return HttpResponse("signed in")


async def asign_in(request: HttpRequest) -> HttpResponse:
    """The same, in an async view."""
    await alogin(request, await get_user_model().objects.aget(username="customer"))
    return HttpResponse("signed in")


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out whoever is signed in."""
    logout(request)
    return HttpResponse("signed out")


def rehash(request: HttpRequest) -> HttpResponse:
    """Change the user's password, and keep them signed in."""
    request.user.set_password("another horse")
    request.user.save()
    update_session_auth_hash(request, request.user)
    return HttpResponse("changed")


def turn_over(request: HttpRequest) -> HttpResponse:
    """Give the session another key, and another content."""
    request.session["draft"] = "x"
    request.session.cycle_key()
    request.session.flush()
    return HttpResponse("turned over")


def form(request: HttpRequest) -> HttpResponse:
    """A form, and what is sent by it."""
    if request.method == "POST":
        return HttpResponse(f"{request.user.get_username()} ordered {request.POST['item']}")
    return HttpResponse(get_token(request), content_type="text/plain")


def letters(request: HttpRequest) -> HttpResponse:
    """A page that differs by its user."""
    return HttpResponse(f"Letters of {request.user.get_username() or 'nobody'}.")


def statement(request: HttpRequest) -> HttpResponse:
    """A page that is long enough to be worth packing."""
    rows = "".join(f"<tr><td>{number}" for number in range(100))
    name = request.user.get_username()
    return HttpResponse(f"<!doctype html><body>Statement of {name}<table>{rows}</table></body>")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """A body that is made part by part."""

    def parts() -> Iterator[str]:
        yield "for "
        found = current_impersonation()
        yield found.subject.id if found else "nobody"

    return StreamingHttpResponse(parts())


async def astream(request: HttpRequest) -> StreamingHttpResponse:
    """The same, in an async view."""

    async def parts() -> AsyncIterator[str]:
        yield "for "
        found = current_impersonation()
        yield found.subject.id if found else "nobody"

    return StreamingHttpResponse(parts())


def file(request: HttpRequest) -> FileResponse:
    """A file of the disk's."""
    return FileResponse(open(__file__, "rb"))


async def in_a_thread(request: HttpRequest) -> HttpResponse:
    """A view that goes to another thread and back."""

    def found() -> Any:
        impersonation = current_impersonation()
        return impersonation.subject.id if impersonation else "nobody"

    return HttpResponse(await sync_to_async(found)())


urlpatterns = [
    path("who", who),
    path("awho", awho),
    path("nobody", nobody),
    path("write", csrf_exempt(write)),
    path("awrite", csrf_exempt(awrite)),
    path("tell", csrf_exempt(tell)),
    path("told", told),
    path("sign-in", csrf_exempt(sign_in)),
    path("asign-in", csrf_exempt(asign_in)),
    path("sign-out", csrf_exempt(sign_out)),
    path("rehash", csrf_exempt(rehash)),
    path("turn-over", csrf_exempt(turn_over)),
    path("form", form),
    path("letters", letters),
    path("cached-letters", cache_page(60)(letters)),
    path("statement", statement),
    path("stream", stream),
    path("astream", astream),
    path("file", file),
    path("orders/<int:number>", order),
    path("vault", vault),
    path("in-a-thread", in_a_thread),
]
