"""A site of Flask-AppBuilder, written as its documents say, and as docs/howto/flask.md adds to it.

It is run as a program of its own. What it is set to stands in the environment, as ``FLASK_…``.
"""

# mypy: disable-error-code="import-untyped,misc,attr-defined"
from __future__ import annotations

from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelRestApi, ModelView
from flask_appbuilder.models.mixins import AuditMixin
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import Column, Integer, String

from understudy.contrib.flask import Understudy


class Contact(AuditMixin, Model):
    __tablename__ = "contact"
    id = Column(Integer, primary_key=True)
    name = Column(String(150), nullable=False)

    def __repr__(self) -> str:
        return str(self.name)


class ContactView(ModelView):
    datamodel = SQLAInterface(Contact)
    list_columns = ("name", "created_by")
    add_columns = edit_columns = show_columns = ("name",)


class ContactApi(ModelRestApi):
    resource_name = "contact"
    datamodel = SQLAInterface(Contact)
    list_columns = add_columns = ("name",)


app = Flask(__name__)
app.config.from_prefixed_env()
db = SQLA(app)
with app.app_context():
    appbuilder = AppBuilder(app, db.session)
    appbuilder.add_view(ContactView, "Contacts", category="Address book")
    appbuilder.add_api(ContactApi)
Understudy(app)


def populate() -> None:
    """Put people into a database that is new."""
    people = {"agent": "Admin", "ada": "Clerk"}
    with app.app_context():
        for name, role in people.items():
            found = appbuilder.sm.find_role(role) or appbuilder.sm.add_role(role)
            given = (name, name.title(), "Example", f"{name}@shop.example")
            assert appbuilder.sm.add_user(*given, found, password=name)
