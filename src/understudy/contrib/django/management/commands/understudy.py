"""``manage.py understudy``: is it set up, who works as whom, and end that.

It asks the service in the application's own name, by ``settings.UNDERSTUDY``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus

from django.core import checks
from django.core.management.base import BaseCommand, CommandError, CommandParser

from understudy.contrib.django.conf import installed
from understudy.contrib.django.subjects import write_subjects
from understudy.errors import UnderstudyError
from understudy.sdk.office import LiveSession, Office, OwnApplication, RevokedSession

_ACTIVE = "active"


class Command(BaseCommand):  # type: ignore[misc]
    """``check``, ``status``, ``sessions``, ``revoke`` and ``users``."""

    help = "Looks at this project's impersonation sessions, and ends them."
    # Ending must work whatever else is wrong with the project.
    requires_system_checks: Sequence[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        verbs.add_parser("check", help="Look for what is missing or unsafe, here and at the link.")
        for name, text in (
            ("status", "Say which application this is, and how many sessions are live."),
            ("sessions", "List who works as whom."),
        ):
            verbs.add_parser(name, help=text).add_argument("--json", action="store_true")
        revoke = verbs.add_parser("revoke", help="End a session now, or all of one actor.")
        which = revoke.add_mutually_exclusive_group(required=True)
        which.add_argument("session_id", nargs="?")
        which.add_argument("--of", metavar="ACTOR_ID", help="End all in which this person works.")
        verbs.add_parser("users", help="Write the users as CSV, for: understudy users import.")

    def handle(self, *args: object, **options: object) -> None:
        """Do what ``verb`` says.

        :raises CommandError: something is wrong, or the service says no; it names the code.
        """
        verb = {
            "check": self._check,
            "status": self._status,
            "sessions": self._sessions,
            "revoke": self._revoke,
            "users": self._users,
        }[str(options["verb"])]
        try:
            verb(options)
        except UnderstudyError as error:
            raise CommandError(f"{error.detail} ({error.code})") from error

    def _check(self, _: Mapping[str, object]) -> None:
        found = [message for message in checks.run_checks() if _is_ours(message)]
        for message in found:
            style = self.style.ERROR if message.is_serious() else self.style.WARNING
            self.stdout.write(style(str(message)))
        if any(message.is_serious() for message in found):
            raise CommandError("The settings are not safe to run with.")
        with installed().understudy.office() as office:
            application = office.application()
        if application.status != _ACTIVE:
            raise CommandError(f"{application.name} is {application.status}: nobody can start.")
        self.stdout.write(self.style.SUCCESS(f"The service knows this app as {application.name}."))

    def _status(self, options: Mapping[str, object]) -> None:
        with installed().understudy.office() as office:
            application, live = office.application(), len(office.sessions())
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(application), "live_sessions": live}))
            return
        self.stdout.write(_line(application))
        self.stdout.write(f"Live sessions: {live}")

    def _sessions(self, options: Mapping[str, object]) -> None:
        with installed().understudy.office() as office:
            live = office.sessions()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(found) for found in live], default=str))
            return
        for found in live:
            self.stdout.write(_row(found))
        if not live:
            self.stdout.write("Nobody works as anybody right now.")

    def _revoke(self, options: Mapping[str, object]) -> None:
        session_id, actor_id = options["session_id"], options["of"]
        with installed().understudy.office() as office:
            if session_id is None:
                ended = office.revoke_of(str(actor_id))
            else:
                ended = [_revoked(office, str(session_id))]
        for over in ended:
            self.stdout.write(_told(over))
        if not ended:
            self.stdout.write(f"{actor_id} works as nobody right now.")

    def _users(self, _: Mapping[str, object]) -> None:
        write_subjects(self.stdout)


def _revoked(office: Office, session_id: str) -> RevokedSession:
    try:
        return office.revoke(session_id)
    except UnderstudyError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise CommandError(
                f"There is no session {session_id}. See: manage.py understudy sessions"
            ) from error
        raise


def _told(over: RevokedSession) -> str:
    logged = "" if over.logged else " It is not in the log yet: revoke it again until it is."
    return f"{over.id} is over: {over.cause}.{logged}"


def _line(application: OwnApplication) -> str:
    return f"{application.name} ({application.id}) is {application.status}."


def _row(found: LiveSession) -> str:
    ticket = f" [{found.ticket}]" if found.ticket else ""
    ends_at = found.ends_at.isoformat(timespec="seconds")
    return (
        f"{found.id}  {found.actor} as {found.subject}  {found.scope}  until {ends_at}  "
        f"{found.reason}{ticket}"
    )


def _is_ours(message: checks.CheckMessage) -> bool:
    return str(message.id or "").startswith("understudy.")
