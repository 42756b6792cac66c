"""What the CRM knows: its people, and each one's contacts, deals and notes, in SQLite."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import current_app, g
from flask_login import UserMixin  # type: ignore[import-untyped]

STAGES = ("Lead", "Talking", "Offer", "Won")
PASSWORD = "lighthouse"  # noqa: S105  (everybody's, in an example)
_SCHEMA = """
CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT, email TEXT UNIQUE, role TEXT, company TEXT);
CREATE TABLE contacts (id INTEGER PRIMARY KEY, owner TEXT REFERENCES people, name TEXT, title TEXT);
CREATE TABLE deals (
  id INTEGER PRIMARY KEY, contact INTEGER REFERENCES contacts, name TEXT, value INTEGER, stage TEXT
);
CREATE TABLE notes (
  id INTEGER PRIMARY KEY, contact INTEGER REFERENCES contacts, text TEXT, author TEXT
);
"""
PEOPLE = (
    ("ada", "Ada Byron", "ada@engines.example", "sales", "Analytical Engines"),
    ("grace", "Grace Murray", "grace@compilers.example", "sales", "Compilers & Co"),
    ("kim", "Kim Winter", "kim@lighthouse.example", "support", "Lighthouse CRM"),
)
_CONTACTS = (
    (1, "ada", "Charles Babbage", "Workshop lead"),
    (2, "ada", "Mary Somerville", "Head of science"),
    (3, "ada", "Luigi Menabrea", "Chief engineer"),
    (4, "grace", "Howard Aiken", "Laboratory director"),
    (5, "grace", "Jean Bartik", "Programme manager"),
)
_DEALS = (
    (1, "Difference engine", 48000, "Offer"),
    (1, "Spare cogwheels", 2400, "Won"),
    (2, "Star catalogue", 12500, "Talking"),
    (3, "Sketch of the engine", 8000, "Lead"),
    (4, "Mark II manual", 15000, "Talking"),
    (5, "Compiler training", 9900, "Offer"),
)


class Person(UserMixin):  # type: ignore[misc]
    """Somebody who may sign in."""

    def __init__(self, row: sqlite3.Row) -> None:
        self.id: str = row["id"]
        self.name: str = row["name"]
        self.email: str = row["email"]
        self.role: str = row["role"]
        self.company: str = row["company"]

    @property
    def is_staff(self) -> bool:
        """Whether they support the others."""
        return self.role == "support"


def fill(path: Path) -> None:
    """Make the database, with something in it, unless it is there."""
    if path.exists():
        return
    with sqlite3.connect(path) as db:
        db.executescript(_SCHEMA)
        db.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", PEOPLE)
        db.executemany("INSERT INTO contacts VALUES (?, ?, ?, ?)", _CONTACTS)
        db.executemany(
            "INSERT INTO deals (contact, name, value, stage) VALUES (?, ?, ?, ?)", _DEALS
        )
    db.close()


def database() -> sqlite3.Connection:
    """The request's own connection."""
    if "database" not in g:
        g.database = sqlite3.connect(current_app.config["DATABASE"])
        g.database.row_factory = sqlite3.Row
    found: sqlite3.Connection = g.database
    return found


def close(_: BaseException | None = None) -> None:
    """Let go of it; for ``teardown_appcontext``."""
    if "database" in g:
        g.pop("database").close()


def person(person_id: str) -> Person | None:
    """Somebody by their id."""
    row = database().execute("SELECT * FROM people WHERE id = ?", (person_id,)).fetchone()
    return Person(row) if row else None


def person_of(email: str) -> Person | None:
    """Somebody by their address."""
    row = database().execute("SELECT * FROM people WHERE email = ?", (email,)).fetchone()
    return Person(row) if row else None


def customers() -> list[Person]:
    """Everybody whom staff may work as."""
    rows = database().execute("SELECT * FROM people WHERE role <> 'support' ORDER BY name")
    return [Person(row) for row in rows]


def contacts(owner: str) -> list[sqlite3.Row]:
    """Somebody's contacts."""
    query = "SELECT * FROM contacts WHERE owner = ? ORDER BY name"
    return database().execute(query, (owner,)).fetchall()


def contacts_like(owner: str, text: str) -> list[sqlite3.Row]:
    """Those of somebody's contacts in whose name or title ``text`` stands."""
    query = (
        "SELECT * FROM contacts WHERE owner = ? AND instr(lower(name || title), ?) ORDER BY name"
    )
    return database().execute(query, (owner, text.lower())).fetchall()


def contact(owner: str, contact_id: int) -> sqlite3.Row | None:
    """One of them; None for somebody else's."""
    query = "SELECT * FROM contacts WHERE owner = ? AND id = ?"
    found: sqlite3.Row | None = database().execute(query, (owner, contact_id)).fetchone()
    return found


def add_contact(owner: str, name: str, title: str) -> int:
    """Somebody new, by the number that they get."""
    with database() as db:
        query = "INSERT INTO contacts (owner, name, title) VALUES (?, ?, ?) RETURNING id"
        number: int = db.execute(query, (owner, name, title)).fetchone()["id"]
    return number


def notes(contact_id: int) -> list[sqlite3.Row]:
    """What was written about a contact, newest first."""
    query = "SELECT * FROM notes WHERE contact = ? ORDER BY id DESC"
    return database().execute(query, (contact_id,)).fetchall()


def add_note(contact_id: int, text: str, author: str) -> None:
    """Write something down."""
    with database() as db:
        db.execute(
            "INSERT INTO notes (contact, text, author) VALUES (?, ?, ?)", (contact_id, text, author)
        )


def board(owner: str) -> dict[str, list[sqlite3.Row]]:
    """Somebody's deals by their stage."""
    query = (
        "SELECT deals.*, contacts.name AS of FROM deals JOIN contacts ON contacts.id = contact"
        " WHERE owner = ? ORDER BY value DESC"
    )
    rows = database().execute(query, (owner,)).fetchall()
    return {stage: [row for row in rows if row["stage"] == stage] for stage in STAGES}
