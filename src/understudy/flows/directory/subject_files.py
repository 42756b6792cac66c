"""Read CSV and NDJSON files of users: strictly, row by row, every bad row named by its line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.text import fault_in
from understudy.errors import InvalidInput
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.import_subjects import ImportRow, RowProblem
from understudy.flows.directory.maintain import SubjectFacts

COLUMNS = ("id", "email", "name", "organization_id", "organization_name", "roles", "protected")
_LIMITS = {"id": 255, "email": 254, "name": 200, "organization_id": 255, "organization_name": 200}
_NAMES = frozenset({"name", "organization_name"})
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no", ""})
_MAX_ROLES = 50
_ROLE_LENGTH = 100


@dataclass
class SubjectFile:
    """The good rows and the problems of one file, in the order of its lines."""

    rows: list[ImportRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


class _BadRow(InvalidInput):
    """One row cannot be used. ``problem`` is a code of its own, which callers match on."""

    def __init__(self, problem: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


def read_csv(raw: bytes) -> SubjectFile:
    """Read CSV with a header of ``COLUMNS`` in any order; only ``id`` is required.

    A column that is not there says nothing; an empty cell under one that is there takes away.

    :raises InvalidInput: not UTF-8, no header, or a header with unknown or repeated columns.
    """
    reader = csv.reader(io.StringIO(_text(raw), newline=""), strict=True)
    header = _header(reader)
    return _collect(_csv_rows(reader, header), _from_texts)


def read_ndjson(raw: bytes) -> SubjectFile:
    """Read one JSON object a line, with the members of ``COLUMNS``; ``roles`` may be a list.

    A member that is not there says nothing; ``null`` takes away.

    :raises InvalidInput: not UTF-8.
    """
    return _collect(_json_rows(_text(raw)), _from_members)


_Numbered = tuple[int, Mapping[str, object] | _BadRow]


def _collect(
    numbered: Iterable[_Numbered], convert: Callable[[Mapping[str, object]], Mapping[str, object]]
) -> SubjectFile:
    file = SubjectFile()
    seen: dict[str, int] = {}
    for line, members in numbered:
        try:
            if isinstance(members, _BadRow):
                raise members
            row = _row(line, convert(members))
            if row.facts.id in seen:
                first = seen[row.facts.id]
                raise _BadRow("id_repeated", f"This id stands on line {first} already.")
            seen[row.facts.id] = line
            file.rows.append(row)
        except _BadRow as bad:
            file.problems.append(RowProblem(line=line, code=bad.problem, detail=bad.detail))
    return file


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"The file is not UTF-8: see line {line}.") from error


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [name.strip().lower() for name in next(reader)]
    except (StopIteration, csv.Error) as error:
        raise InvalidInput(f"The first line must be a header: {','.join(COLUMNS)}") from error
    unknown = sorted(set(header) - set(COLUMNS))
    if unknown or "id" not in header or len(set(header)) != len(header):
        raise InvalidInput(
            f"The header must name each column once, with id among them: {','.join(COLUMNS)}"
        )
    return header


def _csv_rows(reader: Iterator[list[str]], header: list[str]) -> Iterator[_Numbered]:
    line = 1
    while True:
        line = getattr(reader, "line_num", line) + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lost = "expected after" not in str(error)
            rest = " Nothing after it was read." if lost else ""
            yield line, _BadRow("not_csv", f"This line is not valid CSV: {error}.{rest}")
            if lost:  # within a quoted cell: what follows may only look like rows
                return
            continue
        if not cells:
            continue
        if len(cells) != len(header):
            detail = f"There are {len(cells)} cells under a header of {len(header)}."
            yield line, _BadRow("wrong_cell_count", detail)
            continue
        yield line, dict(zip(header, cells, strict=True))


def _json_rows(text: str) -> Iterator[_Numbered]:
    for line, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip():
            continue
        try:
            members = json.loads(raw, object_pairs_hook=_no_duplicates)
        except _BadRow as bad:
            yield line, bad
            continue
        except (ValueError, RecursionError):
            yield line, _BadRow("not_json", "This line is not a JSON object.")
            continue
        if not isinstance(members, dict) or not set(members) <= set(COLUMNS):
            detail = f"Each line is an object with these members: {', '.join(COLUMNS)}."
            yield line, _BadRow("wrong_members", detail)
            continue
        yield line, members


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _BadRow("member_repeated", "A member stands twice in this line.")
    return members


def _from_texts(cells: Mapping[str, object]) -> dict[str, object]:
    members: dict[str, object] = {name: str(cell).strip() or None for name, cell in cells.items()}
    if "protected" in members:
        protected = str(members["protected"] or "").lower()
        if protected not in _TRUE | _FALSE:
            raise _BadRow("protected_not_boolean", "protected is true or false.")
        members["protected"] = protected in _TRUE
    if "roles" in members:
        roles = [role.strip() for role in str(members["roles"] or "").split(";")]
        members["roles"] = [role for role in roles if role]
    return members


def _from_members(members: Mapping[str, object]) -> dict[str, object]:
    found = dict(members)
    if "protected" in found:
        # Null takes it away, as an empty cell does.
        protected = found["protected"]
        found["protected"] = protected = False if protected is None else protected
        if not isinstance(protected, bool):
            raise _BadRow("protected_not_boolean", "protected is true or false.")
    if "roles" in found:
        roles = [] if found["roles"] is None else found["roles"]
        if isinstance(roles, str):
            roles = [role.strip() for role in roles.split(";") if role.strip()]
        if not isinstance(roles, list) or not all(isinstance(one, str) and one for one in roles):
            raise _BadRow("roles_not_texts", "roles is a list of texts.")
        found["roles"] = roles
    return found


def _row(line: int, members: Mapping[str, object]) -> ImportRow:
    texts = {name: _cell(name, members.get(name)) for name in _LIMITS}
    subject_id, email = texts["id"], texts["email"]
    if subject_id is None:
        raise _BadRow("id_missing", "Every row needs an id.")
    if email is not None and ("@" not in email[1:-1] or " " in email):
        raise _BadRow("email_malformed", "This is not an e-mail address.")
    organization_id = texts["organization_id"]
    if texts["organization_name"] is not None and organization_id is None:
        raise _BadRow("organization_id_missing", "An organization name needs an organization id.")
    moved = None if organization_id is None else OrganizationId(organization_id)
    return ImportRow(
        line=line,
        facts=SubjectFacts(
            id=SubjectId(subject_id),
            email=email if "email" in members else ABSENT,
            name=texts["name"] if "name" in members else ABSENT,
            organization_id=moved if "organization_id" in members else ABSENT,
            roles=_roles(members["roles"]) if "roles" in members else ABSENT,
            protected=bool(members["protected"]) if "protected" in members else ABSENT,
        ),
        organization_name=texts["organization_name"],
    )


def _cell(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _BadRow(f"{name}_not_text", f"{name} is not plain text.")
    fault = fault_in(value, joiners=name in _NAMES)
    if fault is not None:
        raise _BadRow(f"{name}_not_text", f"{name} is not plain text: {fault}.")
    if len(value) > _LIMITS[name]:
        raise _BadRow(f"{name}_too_long", f"{name} is longer than {_LIMITS[name]} characters.")
    return value


def _roles(value: object) -> tuple[str, ...]:
    roles = tuple(str(role) for role in value) if isinstance(value, list) else ()
    if len(roles) > _MAX_ROLES or any(
        len(role) > _ROLE_LENGTH or fault_in(role, joiners=False) is not None for role in roles
    ):
        raise _BadRow("roles_malformed", "roles are at most 50 short texts.")
    return roles
