"""The CRM itself. What Understudy needs of it stands in ``create_app`` and ``staff``."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import (  # type: ignore[import-untyped]
    LoginManager,
    current_user,
    login_user,
    logout_user,
)

from examples.flask_crm import records
from understudy import Actor, current_impersonation, forbid_while_impersonating, reads
from understudy import Understudy as Link
from understudy.contrib.flask import Understudy

pages = Blueprint("pages", __name__)


def staff(_: object) -> Actor | None:
    """Who of the support staff makes this request."""
    if current_user.is_authenticated and current_user.is_staff:
        return Actor(id=current_user.id, email=current_user.email, name=current_user.name)
    return None


def create_app(config: Mapping[str, object], understudy: Link | None = None) -> Flask:
    """The app; ``config`` has the DATABASE, a SECRET_KEY, and Understudy's settings."""
    app = Flask(__name__)
    app.config.update(config)
    manager = LoginManager(app)
    manager.login_view = "pages.login"
    manager.user_loader(records.person)
    Understudy(app, understudy=understudy, staff=staff, unrecorded=("/static/",))
    app.register_blueprint(pages)
    app.teardown_appcontext(records.close)
    return app


@pages.before_request
def only_people() -> ResponseReturnValue | None:
    """Everything but the way in is for people who are signed in."""
    if request.endpoint == "pages.login" or current_user.is_authenticated:
        return None
    return redirect(url_for("pages.login"))


@pages.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """The way in."""
    if request.method == "POST":
        found = records.person_of(request.form["email"].strip().lower())
        if found is not None and request.form["password"] == records.PASSWORD:
            login_user(found, remember=True)
            return redirect(url_for("pages.home"))
        flash("That is not somebody's address and password.")
    return render_template("login.html")


@pages.post("/logout")
@forbid_while_impersonating
def logout() -> ResponseReturnValue:
    """The way out."""
    logout_user()
    return redirect(url_for("pages.login"))


@pages.get("/")
def home() -> ResponseReturnValue:
    """Deals and contacts; for staff, the customers."""
    if current_user.is_staff:
        return redirect(url_for("pages.people"))
    board, contacts = records.board(current_user.id), records.contacts(current_user.id)
    return render_template("home.html", board=board, contacts=contacts)


@pages.post("/contacts/search")
@reads
def search() -> ResponseReturnValue:
    """Contacts by name, which stands in no address; sessions that may only read may search, too."""
    found = records.contacts_like(current_user.id, request.form["text"])
    return render_template("home.html", board=records.board(current_user.id), contacts=found)


@pages.route("/contacts/new", methods=["GET", "POST"])
def new_contact() -> ResponseReturnValue:
    """A contact of whoever is signed in."""
    if request.method == "POST":
        added = records.add_contact(current_user.id, request.form["name"], request.form["title"])
        return redirect(url_for("pages.contact", contact_id=added))
    return render_template("new_contact.html")


@pages.get("/contacts/<int:contact_id>")
def contact(contact_id: int) -> ResponseReturnValue:
    """One contact, with what was written about them."""
    found = records.contact(current_user.id, contact_id) or abort(404)
    return render_template("contact.html", contact=found, notes=records.notes(contact_id))


@pages.post("/contacts/<int:contact_id>/notes")
def add_note(contact_id: int) -> ResponseReturnValue:
    """Write something down, in both names where two had a hand in it."""
    if records.contact(current_user.id, contact_id) is None:
        abort(404)
    impersonation = current_impersonation()
    author = current_user.name
    if impersonation is not None:
        author = f"{impersonation.actor.name} for {author}"
    records.add_note(contact_id, request.form["text"], author)
    return redirect(url_for("pages.contact", contact_id=contact_id))


@pages.get("/settings")
def settings() -> ResponseReturnValue:
    """What is somebody's own."""
    return render_template("settings.html")


@pages.post("/settings/password")
@forbid_while_impersonating
def change_password() -> ResponseReturnValue:
    """Only the user themself may."""
    flash("In an example everybody keeps the same password.")
    return redirect(url_for("pages.settings"))


@pages.get("/people")
def people() -> ResponseReturnValue:
    """The customers, for staff."""
    if not current_user.is_staff:
        abort(404)
    return render_template("people.html", people=records.customers())
