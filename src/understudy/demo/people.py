"""The sample app's users and organizations, and the operators who look after them.

Ada's case is the one every support desk knows: "I can't find the reports tab." She is a member;
only the finance role has reports, which nobody sees who looks with their own account.
"""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.people.permissions import Role

APP_NAME = "Harbor Invoices"


@dataclass(frozen=True, kw_only=True)
class Company:
    """A tenant of the sample app."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class User:
    """A user of the sample app. Staff belong to no company and see everything."""

    id: str
    name: str
    email: str
    company_id: str | None
    roles: tuple[str, ...]
    protected: bool = False


@dataclass(frozen=True, kw_only=True)
class DemoOperator:
    """Somebody who signs in to the dashboard."""

    name: str
    email: str
    roles: tuple[Role, ...]


COMPANIES = (
    Company(id="tidewater", name="Tidewater Bakery"),
    Company(id="northlight", name="Northlight Freight"),
)

USERS = (
    User(
        id="ada",
        name="Ada Lovelace",
        email="ada@tidewater.example",
        company_id="tidewater",
        roles=("member",),
    ),
    User(
        id="bruno",
        name="Bruno Castellani",
        email="bruno@tidewater.example",
        company_id="tidewater",
        roles=("owner", "finance"),
    ),
    User(
        id="chidi",
        name="Chidi Anagonye",
        email="chidi@tidewater.example",
        company_id="tidewater",
        roles=("finance",),
    ),
    User(
        id="dalia",
        name="Dalia Haddad",
        email="dalia@tidewater.example",
        company_id="tidewater",
        roles=("member",),
    ),
    User(
        id="emil",
        name="Emil Sørensen",
        email="emil@tidewater.example",
        company_id="tidewater",
        roles=("viewer",),
    ),
    User(
        id="farah",
        name="Farah Qureshi",
        email="farah@tidewater.example",
        company_id="tidewater",
        roles=("member", "finance"),
    ),
    User(
        id="grace",
        name="Grace Okafor",
        email="grace@northlight.example",
        company_id="northlight",
        roles=("owner", "finance"),
        protected=True,
    ),
    User(
        id="hiro",
        name="Hiro Tanaka",
        email="hiro@northlight.example",
        company_id="northlight",
        roles=("finance",),
    ),
    User(
        id="ines",
        name="Inês Carvalho",
        email="ines@northlight.example",
        company_id="northlight",
        roles=("member",),
    ),
    User(
        id="jonas",
        name="Jonas Weber",
        email="jonas@northlight.example",
        company_id="northlight",
        roles=("member",),
    ),
    User(
        id="kavya",
        name="Kavya Raman",
        email="kavya@northlight.example",
        company_id="northlight",
        roles=("viewer",),
    ),
    User(
        id="liam",
        name="Liam Murphy",
        email="liam@northlight.example",
        company_id="northlight",
        roles=("member",),
    ),
    User(
        id="sam",
        name="Sam Rivers",
        email="sam@harbor.example",
        company_id=None,
        roles=("staff", "finance"),
    ),
)

ROLE_RANKS = {"owner": 20, "finance": 10, "member": 0, "viewer": 0, "staff": 100}

OPERATORS = (
    DemoOperator(name="Sam Rivers", email="sam@harbor.example", roles=(Role.SUPPORT_MANAGER,)),
    DemoOperator(name="Mara Lindqvist", email="mara@harbor.example", roles=(Role.ADMIN,)),
    DemoOperator(name="Theo Brandt", email="theo@harbor.example", roles=(Role.AUDITOR,)),
)
