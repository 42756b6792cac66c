from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from understudy.config import Settings
from understudy.errors import SetupError
from understudy.service import server
from understudy.service.server import Announcement, listen, print_announcement, serve
from understudy.storage.data_directory import DataDirectory


def test_a_port_that_is_taken_is_named_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=rf"port {port} already.+--port"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SetupError, match=r"Cannot listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_the_set_up_link_is_told_while_nobody_can_sign_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    link = "http://localhost:8700/setup#token=usv_1"
    print_announcement(Announcement(url="http://localhost:8700", set_up_url=link))
    assert link in capsys.readouterr().out
    assert "usv_1" not in repr(Announcement(url="", set_up_url=link))
    print_announcement(Announcement(url="http://localhost:8700"))
    assert capsys.readouterr().out == "Understudy is at http://localhost:8700\n"


def test_where_it_is_served_is_kept_for_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unserved:
        def __init__(self, app: object, *, announce: Callable[[], None]) -> None:
            self.run = lambda sockets: announce()

    monkeypatch.setattr(server, "Server", Unserved)
    told: list[Announcement] = []
    with closing(listen("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serve(Settings(port=port, data_dir=tmp_path / "data"), announce=told.append)
    assert told[0].url == f"http://localhost:{port}"
    assert DataDirectory(tmp_path / "data").served_at() == told[0].url
