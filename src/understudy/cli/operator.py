"""``understudy operator``: the people who may sign in to the dashboard."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from understudy.cli.installation import COMMAND_LINE, DatabaseUrl, DataDir, opened, public_url_for
from understudy.cli.output import Json, print_facts, print_rows
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.core.ports import Unit
from understudy.core.text import fold_email
from understudy.errors import InvalidInput, NotFound
from understudy.flows.origin import Origin
from understudy.flows.people import confirm_owner as owners
from understudy.flows.people import free_address as addresses
from understudy.flows.people import lock, team

app = typer.Typer(help="The people who may sign in to the dashboard.", no_args_is_help=True)


@app.command()
def create(
    *,
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    group: Annotated[
        list[str] | None, typer.Option(help="For policies and approvals; several times, or none.")
    ] = None,
    name: Annotated[str, typer.Option(help="How entries name the person.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Make an operator: with a password from standard input, or with an invitation link."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with opened(data_dir, database_url) as engine:
        _require_address(email)
        hashed = None if password is None else _hashed(password, (email, name))
        shown_name = name or email.partition("@")[0]

        def flow(unit: Unit) -> team.Invited:
            invited = team.invite(
                unit,
                email=email,
                name=shown_name,
                roles=role,
                groups=group or (),
                by=COMMAND_LINE,
                origin=Origin(),
            )
            if hashed is not None:
                team.join(
                    unit, invited.token, name=shown_name, password_hash=hashed, origin=Origin()
                )
            return invited

        invited = engine.run(flow)
        facts: dict[str, object] = {
            "operator_id": invited.operator.id,
            "email": invited.operator.email,
            "roles": sorted(invited.operator.roles) if as_json else " ".join(sorted(role)),
        }
        if hashed is None:
            base = public_url_for(data_dir, database_url)
            facts["invitation_url"] = f"{base}/invitation#token={invited.token}"
            facts["expires_at"] = invited.expires_at.isoformat()
    print_facts(facts, as_json=as_json)


@app.command()
def unlock(
    *,
    email: Annotated[str, typer.Argument(help="The address that signs in.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Let somebody try again at once who was locked out by wrong passwords."""
    with opened(data_dir, database_url) as engine:
        _require_address(email)
        engine.run(lambda unit: lock.unlock(unit, email))
    print_facts({"email": email, "unlocked": True}, as_json=as_json)


@app.command("confirm-owner")
def confirm_owner(
    *,
    email: Annotated[str, typer.Argument(help="The address of the account.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Say that an account which somebody got into by a fresh link is in the hands of its owner.

    From then on what it does is marked in the log no more.
    """
    with opened(data_dir, database_url) as engine:
        _require_address(email)

        def flow(unit: Unit) -> Operator:
            found = team.owners(unit, fold_email(email))
            if not found:
                raise NotFound("Nobody has this address.")
            return owners.confirm_from_machine(unit, found[0].id, by=COMMAND_LINE, origin=Origin())

        confirmed = engine.run(flow)
    facts: dict[str, object] = {"operator_id": confirmed.id, "email": email, "confirmed": True}
    print_facts(facts, as_json=as_json)


@app.command("free-address")
def free_address(
    *,
    email: Annotated[str, typer.Argument(help="The address that somebody else shall have.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Take an address from whoever of the app's staff had it, for another one of them.

    All that they began ends. They come in again once the app tells of them with another address.
    """
    with opened(data_dir, database_url) as engine:
        _require_address(email)
        freed = engine.run(
            lambda unit: addresses.free_address(unit, email, by=COMMAND_LINE, origin=Origin())
        )
    who = [operator.id for operator in freed]
    facts: dict[str, object] = {"email": email, "freed_of": who if as_json else " ".join(who)}
    print_facts(facts, as_json=as_json)


@app.command()
def groups(
    *,
    email: Annotated[str, typer.Argument(help="The address that signs in.")],
    add: Annotated[
        list[str] | None, typer.Option(help="A group to come into. May be given several times.")
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option(help="A group to leave. May be given several times.")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Show or change the groups of an operator, at which policies and approvals look."""
    with opened(data_dir, database_url) as engine:
        _require_address(email)

        def flow(unit: Unit) -> Operator:
            known = next(iter(team.owners(unit, fold_email(email))), None)
            if known is None:
                raise NotFound("Nobody has this address.")
            wanted = {*known.groups, *(add or ())} - set(remove or ())
            if wanted == set(known.groups):
                return known
            change = team.OperatorChange(groups=tuple(wanted))
            return team.update(unit, known.id, change, by=COMMAND_LINE, origin=Origin())

        found = engine.run(flow).groups
    print_facts(
        {"email": email, "groups": list(found) if as_json else " ".join(found)}, as_json=as_json
    )


@app.command("list")
def list_operators(
    *, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False
) -> None:
    """List the operators."""
    with opened(data_dir, database_url) as engine, engine.reading() as reader:
        rows = [
            {
                "operator_id": known.id,
                "email": known.email,
                "name": known.name,
                "roles": " ".join(sorted(known.roles)),
                "groups": " ".join(known.groups),
                "status": known.status.value,
                "taken_over": known.taken_over_at is not None,
            }
            for known in reader.operators.list()
        ]
    print_rows(
        rows, as_json=as_json, nothing="There is no operator yet: understudy operator create"
    )


def _hashed(password: str, about: tuple[str, ...]) -> str:
    # To load it takes as long as to check a password.
    from understudy.wires.native.passwords import hash_password, require_good_password

    require_good_password(password, about)
    return hash_password(password)


def _require_address(email: str) -> None:
    local, at, domain = email.strip().partition("@")
    if not (local and at and domain) or " " in email.strip():
        raise InvalidInput(f"This is not an e-mail address: {email}")
