"""What is asked of a GraphQL endpoint in a session that may only read, by its document."""

from __future__ import annotations

from http import HTTPStatus

from understudy.sdk.cache import Held
from understudy.sdk.graphql_reads import GraphQLReads
from understudy.sdk.guard import Refuse
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import KeepBody, Steps
from understudy.sdk.passage.unlocking import READ_ONLY
from understudy.sdk.runtime import Runtime

_MOST_BYTES = 1_048_576


def queried(
    runtime: Runtime, request: Request, verdict: Held | Refuse, endpoints: GraphQLReads
) -> Steps[Held | Refuse]:
    """``verdict``, or the other one where the document says so: a query by POST, a mutation by GET.

    The document alone tells, whatever else the app has declared of its endpoint.
    """
    held = verdict if isinstance(verdict, Held) else verdict.held
    if held is None or not held.read_only or not endpoints.serve(request.asked):
        return verdict
    if isinstance(verdict, Refuse) and verdict.code != READ_ONLY:
        return verdict
    only_reads = yield from _only_reads(request, endpoints)
    if isinstance(verdict, Refuse):
        return runtime.guard.let_in(held) if only_reads else verdict
    return verdict if only_reads else _refused(held)


def _only_reads(request: Request, endpoints: GraphQLReads) -> Steps[bool]:
    asked = request.asked
    if asked.only_reads:
        return endpoints.read_by_address(request.query)
    if not endpoints.may_read(asked) or "content-encoding" in request.headers:
        return False
    body: bytes | None = yield KeepBody(_MOST_BYTES)
    kind = request.headers.get("content-type", "")
    return body is not None and endpoints.read_by_body(kind, request.query, body)


def _refused(held: Held) -> Refuse:
    return Refuse(HTTPStatus.FORBIDDEN, READ_ONLY, label="changes", held=held)
