from understudy.core.ids import ActorRef, SessionId, SubjectId, SubjectRef
from understudy.core.ports import EntryFilter, SessionFilter


def test_ids_are_plain_text_at_run_time() -> None:
    assert type(SubjectId("ada")) is str


def test_mypy_takes_no_id_for_another() -> None:
    """Were one of these lines to pass mypy, it would report its comment as unused."""
    found = EntryFilter(
        subject_ref=SubjectId("ada"),  # type: ignore[arg-type]
        grant_id=SessionId("ses_1"),  # type: ignore[arg-type]
        organization_ref=SubjectRef("sub_1"),  # type: ignore[arg-type]
    )
    assert (found.subject_ref, found.grant_id, found.organization_ref) == ("ada", "ses_1", "sub_1")
    assert SessionFilter(actor_ref="opr_1").actor_ref == ActorRef("opr_1")  # type: ignore[arg-type]
