"""A request of Django's in the words of ASGI."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import AsyncRequestFactory, RequestFactory, override_settings

from understudy.contrib.django.words import (
    forget_query,
    put_headers,
    put_own_headers,
    read_scope,
    route_of,
    take_mark_over,
)
from understudy.sdk.asked_by import PINNED
from understudy.sdk.reading import Reader, own_origin, route_path


@pytest.fixture(params=[RequestFactory, AsyncRequestFactory], ids=["wsgi", "asgi"])
def factory(request: pytest.FixtureRequest) -> Any:
    """Makes requests of either kind."""
    return request.param()


def asked(factory: Any, path: str = "/orders?a=b", **headers: str) -> Any:
    """A request, before anybody has looked at it."""
    return factory.get(path, headers=headers)


def test_a_request_says_by_both_handlers_what_it_asks_for(factory: Any) -> None:
    scope = read_scope(asked(factory, cookie="a=b"))
    found = (scope["method"], scope["path"], scope["query_string"], own_origin(scope))
    assert found == ("GET", "/orders", b"a=b", "http://testserver")
    assert (b"cookie", b"a=b") in scope["headers"]


def test_the_scheme_is_the_one_in_which_django_believes(factory: Any) -> None:
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        scope = read_scope(asked(factory, **{"x-forwarded-proto": "https"}))
    assert own_origin(scope).startswith("https://testserver")


def test_a_forwarded_host_counts_only_where_django_is_told_so(factory: Any) -> None:
    request = asked(factory, **{"x-forwarded-host": "app.example"})
    assert own_origin(read_scope(request)) == "http://testserver"
    with override_settings(USE_X_FORWARDED_HOST=True):
        assert own_origin(read_scope(request)) == "http://app.example"


def test_a_site_below_a_path_is_read_below_it() -> None:
    with override_settings(FORCE_SCRIPT_NAME="/shop"):
        request = RequestFactory().get("/orders")
        scope = read_scope(request)
    assert (scope["root_path"], route_path(scope)) == ("/shop", "/orders")
    with override_settings(FORCE_SCRIPT_NAME="/shop"):
        scope = read_scope(AsyncRequestFactory().get("/shop/orders"))
    assert (scope["root_path"], route_path(scope)) == ("/shop", "/orders")


def test_headers_are_taken_away_wherever_a_view_could_read_them(factory: Any) -> None:
    request = asked(factory, cookie="sessionid=agent; theme=dark", authorization="Bearer x")
    held = request.COOKIES
    assert held["sessionid"] == "agent"
    assert "authorization" in request.headers
    put_headers(request, [(b"cookie", b"theme=dark"), (b"host", b"testserver")], more={PINNED: 7})
    assert (request.COOKIES, held) == ({"theme": "dark"}, {"theme": "dark"})
    assert request.META["HTTP_COOKIE"] == "theme=dark"
    assert request.headers.get("cookie") == "theme=dark"
    assert "authorization" not in request.headers
    assert carrier(request)[PINNED] == 7
    if hasattr(request, "scope"):
        assert dict(request.scope["headers"]).keys() == {b"cookie", b"host"}


def test_what_the_server_holds_of_a_request_stays_as_it_is() -> None:
    request = asked(RequestFactory(), cookie="sessionid=agent")
    environ = request.environ
    put_headers(request, [(b"host", b"testserver")])
    assert environ["HTTP_COOKIE"] == "sessionid=agent"
    assert "HTTP_COOKIE" not in request.environ


def test_a_header_with_an_underscore_is_none_under_asgi_as_in_django_itself() -> None:
    request = asked(AsyncRequestFactory())
    put_headers(request, [(b"x_user", b"agent")])
    assert "HTTP_X_USER" not in request.META


def test_headers_of_one_name_are_one_as_in_django_itself() -> None:
    request = asked(AsyncRequestFactory())
    put_headers(request, [(b"x-a", b"1"), (b"x-a", b"2"), (b"cookie", b"a=1"), (b"cookie", b"b=2")])
    assert request.META["HTTP_X_A"] == "1,2"
    assert request.COOKIES == {"a": "1", "b": "2"}


def test_the_servers_own_word_on_who_asks_stays_in_a_users_own_request() -> None:
    request = RequestFactory().get("/", REMOTE_USER="agent")
    put_own_headers(request, read_scope(request)["headers"])
    assert request.META["REMOTE_USER"] == "agent"
    assert "HTTP_REMOTE_USER" not in request.META
    put_headers(request, read_scope(request)["headers"])
    assert "REMOTE_USER" not in request.META


def test_nothing_of_a_query_of_ours_is_left_for_logs(factory: Any) -> None:
    request = asked(factory, "/_understudy/callback?code=secret")
    assert request.GET["code"] == "secret"
    request.META["RAW_URI"] = "/_understudy/callback?code=secret"
    forget_query(request)
    assert "secret" not in f"{request.META} {getattr(request, 'scope', '')} {request.GET}"
    assert request.get_full_path() == "/_understudy/callback"


def test_a_pages_mark_is_seen_by_no_view(factory: Any) -> None:
    request = asked(factory, "/orders?_understudy_page=ses_1&a=b", **{"understudy-page": "ses_1"})
    assert "_understudy_page" in request.GET
    scope = read_scope(request)
    assert Reader().asked(scope).mark == "ses_1"
    take_mark_over(request, scope)
    assert dict(request.GET.items()) == {"a": "b"}
    assert "HTTP_UNDERSTUDY_PAGE" not in request.META
    assert "ses_1" not in str(getattr(request, "scope", {}).get("query_string"))
    # Read once more, by an adapter inside of us, it is still the same.
    assert Reader().asked(read_scope(request)).mark == "ses_1"


def test_a_view_that_was_never_found_has_no_route(factory: Any) -> None:
    assert route_of(asked(factory)) is None


def carrier(request: HttpRequest) -> Any:
    """Where adapters pin a session."""
    return getattr(request, "scope", request.META)
