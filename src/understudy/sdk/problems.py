"""The service's refusals (RFC 9457) as the errors of our own tree."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from understudy import errors
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.wire import read_cause, read_object


def error_from(status: int, body: bytes) -> errors.UnderstudyError:
    """The error that an answer with ``status`` stands for.

    Only a problem that names one of our codes is believed to come from the service itself;
    whatever else a proxy may say in its place counts as "not reached".
    """
    code, detail, rule = _said(body)
    kind = _BY_CODE.get(code or "")
    if kind is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.Unavailable(
            internal=f"the service answered {status}, code {code}", facts={"status": status}
        )
    if kind is errors.Refused:
        return errors.Refused(detail, rule=rule or "refused")
    facts = {"cause": read_cause(rule)} if kind is errors.SessionOver else None
    return kind(detail, facts=facts)


def may_be_done(status: int, body: bytes) -> bool:
    """Whether what was asked for may have been done, as the service does not say that it was not.

    A proxy says so of an answer that it has lost, and the service of what it does not know.
    """
    kind = _BY_CODE.get(_said(body)[0] or "")
    says_no = kind is not None and issubclass(kind, errors.Unavailable)
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return failed and (not says_no or kind is errors.OutcomeUnknown)


def _said(body: bytes) -> tuple[str | None, str | None, str | None]:
    """Code, detail and rule of a problem; None of what is none."""
    try:
        problem = read_object(body)
        code, detail, rule = (problem.optional_text(name) for name in ("code", "detail", "rule"))
    except errors.Unavailable:
        return None, None, None
    return code, detail, rule


def cause_of(error: errors.UnderstudyError) -> EndCause | None:
    """Why the session is over, as far as the service said."""
    cause = error.facts.get("cause")
    return cause if isinstance(cause, EndCause) else None


def _tree(root: type[errors.UnderstudyError]) -> Iterator[type[errors.UnderstudyError]]:
    yield root
    for branch in root.__subclasses__():
        yield from _tree(branch)


# Only what may cross the wire: a module's own errors share the code of what they stand for.
_BY_CODE = {
    kind.code: kind for kind in _tree(errors.UnderstudyError) if kind.__module__ == errors.__name__
}
