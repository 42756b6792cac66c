"""One user of a file: what was found for each of our columns, held to its bounds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.people.labels import read_tags
from understudy.core.text import fault_in
from understudy.errors import InvalidInput
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.files.faults import BadRow
from understudy.flows.directory.import_subjects import ImportRow
from understudy.flows.directory.maintain import SubjectFacts

_LIMITS = {"id": 255, "email": 254, "name": 200, "organization_id": 255, "organization_name": 200}
_NAMES = frozenset({"name", "organization_name"})
_IDS = frozenset({"id", "organization_id"})
_LISTS = frozenset({"roles", "tags"})
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no", ""})
_MAX_ROLES = 50
_ROLE_LENGTH = 100
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+")


def from_cells(found: Mapping[str, object]) -> dict[str, object]:
    """The cells of a table as the members of a record."""
    members: dict[str, object] = {
        name: cell.strip() or None if isinstance(cell, str) else cell
        for name, cell in found.items()
    }
    for name in _IDS & members.keys():
        if _SHORTENED.fullmatch(str(members[name])):
            detail = "A spreadsheet has shortened this number, and others may look the same now."
            raise BadRow(f"{name}_shortened", detail, column=name)
    if "protected" in members:
        protected = str(members["protected"] or "").lower()
        if protected not in _TRUE | _FALSE:
            raise BadRow("protected_not_boolean", "protected is true or false.", column="protected")
        members["protected"] = protected in _TRUE
    for name in _LISTS & members.keys():
        members[name] = _listed(str(members[name] or ""))
    return members


def _listed(text: str) -> list[object]:
    if text.startswith("["):
        try:
            return list(json.loads(text))
        except (ValueError, RecursionError):
            pass
    return [one.strip() for one in text.split(";") if one.strip()]


def row_of(line: int, row: int | None, members: Mapping[str, object]) -> ImportRow:
    """What is said of one user.

    :raises BadRow: something of it cannot be meant.
    """
    texts = {name: _cell(name, members[name]) for name in _LIMITS if name in members}
    subject_id, email = texts.get("id"), texts.get("email")
    if subject_id is None:
        raise BadRow("id_missing", "Every row needs an id.", column="id")
    if email is not None and ("@" not in email[1:-1] or " " in email):
        raise BadRow("email_malformed", "This is not an e-mail address.", column="email")
    organization_id = texts.get("organization_id")
    if texts.get("organization_name") is not None and organization_id is None:
        detail = "An organization name needs an organization id."
        raise BadRow("organization_id_missing", detail, column="organization_id")
    moved = None if organization_id is None else OrganizationId(organization_id)
    return ImportRow(
        line=line,
        row=row,
        facts=SubjectFacts(
            id=SubjectId(subject_id),
            email=email if "email" in texts else ABSENT,
            name=texts.get("name") if "name" in texts else ABSENT,
            organization_id=moved if "organization_id" in texts else ABSENT,
            roles=_roles(members["roles"]) if "roles" in members else ABSENT,
            protected=_protected(members["protected"]) if "protected" in members else ABSENT,
            tags=_tags(members["tags"]) if "tags" in members else ABSENT,
        ),
        organization_name=texts.get("organization_name"),
    )


def _protected(value: object) -> bool:
    # Null takes it away, as an empty cell does.
    if value is not None and not isinstance(value, bool):
        raise BadRow("protected_not_boolean", "protected is true or false.", column="protected")
    return value is True


def _cell(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    if name in _IDS and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadRow(f"{name}_not_text", f"{name} is not plain text.", column=name)
    fault = fault_in(value, joiners=name in _NAMES)
    if fault is not None:
        raise BadRow(f"{name}_not_text", f"{name} is not plain text: {fault}.", column=name)
    if len(value) > _LIMITS[name]:
        detail = f"{name} is longer than {_LIMITS[name]} characters."
        raise BadRow(f"{name}_too_long", detail, column=name)
    return value


def _texts(name: str, value: object) -> list[str]:
    if isinstance(value, str):
        value = [one.strip() for one in value.split(";") if one.strip()]
    texts = [] if value is None else value
    if not isinstance(texts, list) or not all(isinstance(one, str) and one for one in texts):
        raise BadRow(f"{name}_not_texts", f"{name} is a list of texts.", column=name)
    return texts


def _tags(value: object) -> tuple[str, ...]:
    try:
        return read_tags(_texts("tags", value))
    except InvalidInput as error:
        raise BadRow("tags_malformed", str(error.detail), column="tags") from error


def _roles(value: object) -> tuple[str, ...]:
    roles = _texts("roles", value)
    if len(roles) > _MAX_ROLES or any(len(role) > _ROLE_LENGTH for role in roles):
        raise BadRow("roles_malformed", "roles are at most 50 short texts.", column="roles")
    for role in roles:
        fault = fault_in(role, joiners=False)
        if fault is not None:
            detail = f"roles are not plain text: {fault} of one."
            raise BadRow("roles_malformed", detail, column="roles")
    return tuple(roles)
