from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import MethodNotAllowed, NotFound
from understudy.http.access import PUBLIC
from understudy.http.call import Call
from understudy.http.endpoint import NOTHING, Endpoint
from understudy.http.routing import Router, raw_path


async def nothing(call: Call[None, object]) -> None:
    """Answer nothing."""


def endpoint(method: str, path: str, *, head: bool = True) -> Endpoint:
    return Endpoint(
        method=method,
        path=path,
        operation=f"{method} {path}",
        summary="",
        tag="",
        access=PUBLIC,
        handler=nothing,
        answers=(NOTHING,),
        head=head,
    )


ROUTER = Router(
    [
        endpoint("GET", "/things"),
        endpoint("POST", "/things/import"),
        endpoint("GET", "/things/{thing_id}"),
        endpoint("PUT", "/things/{thing_id}"),
        endpoint("GET", "/things/{thing_id}/parts/{part_id}"),
        endpoint("GET", "/tree/{path:rest}"),
        endpoint("GET", "/effect", head=False),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "operation", "parameters"),
    [
        ("GET", "/things", "GET /things", {}),
        ("POST", "/things/import", "POST /things/import", {}),
        ("GET", "/things/import", "GET /things/{thing_id}", {"thing_id": "import"}),
        ("HEAD", "/things/7", "GET /things/{thing_id}", {"thing_id": "7"}),
        ("PUT", "/things/a%2Fb%20c", "PUT /things/{thing_id}", {"thing_id": "a/b c"}),
        ("PUT", "/things/%C3%A4", "PUT /things/{thing_id}", {"thing_id": "ä"}),
        (
            "GET",
            "/things/7/parts/8",
            "GET /things/{thing_id}/parts/{part_id}",
            {"thing_id": "7", "part_id": "8"},
        ),
        ("GET", "/tree/a/b.p/3", "GET /tree/{path:rest}", {"path": "a/b.p/3"}),
    ],
)
def test_a_path_leads_to_its_endpoint(
    method: str, path: str, operation: str, parameters: dict[str, str]
) -> None:
    match = ROUTER.match(method, path)
    assert (match.endpoint.operation, match.parameters) == (operation, parameters)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/thing",
        "/things/",
        "/things/7/",
        "/things//parts/8",
        "/things/7/parts",
        "/THINGS",
        "/things/%00",
        "/things/%0a",
        "/things/%7f",
        "/things/%ff",
        "/things/" + "x" * 256,
        "/tree/" + "x/" * 3000,
    ],
)
def test_what_leads_nowhere_is_not_found(path: str) -> None:
    with refusal_of(NotFound, "not_found"):
        ROUTER.match("GET", path)


def test_another_method_is_told_which_are_taken() -> None:
    with pytest.raises(MethodNotAllowed) as refused:
        ROUTER.match("DELETE", "/things/import")
    assert refused.value.facts["allow"] == "GET, HEAD, OPTIONS, POST, PUT"
    with refusal_of(MethodNotAllowed, "method_not_allowed", allow="GET, HEAD, OPTIONS"):
        ROUTER.match("HEAD", "/effect")
    assert set(ROUTER.endpoints("/things/import")) == {"POST"}


def test_the_path_is_taken_below_the_mount_and_without_its_query() -> None:
    scope = {"path": "/staff/things", "raw_path": b"/staff/th%69ngs?a=b", "root_path": "/staff"}
    assert raw_path(scope) == "/th%69ngs"
    assert raw_path({"path": "/things"}) == "/things"
