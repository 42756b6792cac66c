"""The guide to libraries beside Django, followed word for word; its tests are those of a reader."""

from __future__ import annotations

from tests.docs.pages import ROOT
from tests.docs.reader import follow, type_in
from tests.docs.shell import Shell

PAGE = ROOT / "docs/howto/django-libraries.md"
GREETED = """
import asyncio, json
from understudy.testing import FakeGateway
from django.conf import settings
gateway = FakeGateway()
settings.UNDERSTUDY = {"UNDERSTUDY": gateway.understudy()}
from django.contrib.auth.models import User
ada = User.objects.create_user("ada")
session = gateway.open(subject_id=str(ada.pk))
from channels.testing import WebsocketCommunicator
from shop.asgi import application
headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
headers += [(name.lower().encode(), value.encode()) for name, value in session.headers.items()]

async def main():
    socket = WebsocketCommunicator(application, "/greet", headers=headers)
    assert (await socket.connect())[0]
    await socket.send_json_to({})
    print(json.dumps(await socket.receive_json_from()))
    await socket.disconnect()

asyncio.run(main())
"""


def test_the_guide_leads_to_a_site_whose_tests_pass(shell: Shell) -> None:
    with shell:
        follow(shell, PAGE)
        assert "Ran 3 tests" in shell._printed
        (shell.folder / "greeted.py").write_text(GREETED)
        type_in(
            shell,
            "python manage.py check",
            "python manage.py migrate -v 0",
            "python manage.py shell < greeted.py | tee greeted.txt",
            """grep '{"hello": "ada"}' greeted.txt""",
        )
