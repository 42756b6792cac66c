"""The people and what they have spent, in memory: an example keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

PASSWORD = "tally"  # noqa: S105  (everybody's, in an example)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who may sign in. ``expenses`` are the newest first."""

    id: str
    name: str
    email: str
    company: str
    is_staff: bool = False
    expenses: list[dict[str, object]] = field(default_factory=list, compare=False)

    def told(self) -> dict[str, object]:
        """What the front end knows of them."""
        shown = {"id": self.id, "name": self.name, "email": self.email, "company": self.company}
        return {**shown, "isStaff": self.is_staff}


_ENGINES = "Analytical Engines"
PEOPLE = {
    person.id: person
    for person in (
        Person(
            id="ada",
            name="Ada Byron",
            email="ada@engines.example",
            company=_ENGINES,
            expenses=[{"what": "Brass, 3 kg", "euros": 41.5, "by": "Ada Byron"}],
        ),
        Person(
            id="grace",
            name="Grace Marsh",
            email="grace@compilers.example",
            company="Compilers & Co",
            expenses=[{"what": "Train to Utrecht", "euros": 58, "by": "Grace Marsh"}],
        ),
        Person(
            id="kim",
            name="Kim Winter",
            email="kim@tally.example",
            company="Tally support",
            is_staff=True,
        ),
    )
}


def signed_in(email: str, password: str) -> Person | None:
    """Whose address and password these are."""
    found = (person for person in PEOPLE.values() if person.email == email.strip().lower())
    return next(found, None) if password == PASSWORD else None


def customers(text: str = "") -> list[Person]:
    """Everybody but staff whose name or address has ``text`` in it."""
    wanted = text.casefold()
    return [
        person
        for person in PEOPLE.values()
        if not person.is_staff and wanted in f"{person.id} {person.name} {person.email}".casefold()
    ]
