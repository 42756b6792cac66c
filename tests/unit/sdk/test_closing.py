"""Every way out of a process closes what was to be closed, once."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

START = """
import multiprocessing, os, signal, sys, threading
from understudy.sdk.closing import close_at_exit, need_not_close

def closing():
    print("closed", flush=True)
"""
WAYS = {
    "the plain end": "close_at_exit(closing)",
    "an exit": "close_at_exit(closing); sys.exit(0)",
    "a child of multiprocessing": """
def child():
    close_at_exit(closing)

process = multiprocessing.get_context("fork").Process(target=child)
process.start()
process.join()
""",
    "SIGTERM": "close_at_exit(closing); os.kill(os.getpid(), signal.SIGTERM)",
}


def end_of(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # our own interpreter, our own words
        [sys.executable, "-c", START + program],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_every_way_out_closes_once(way: str) -> None:
    ended = end_of(way)
    assert (ended.stdout, ended.stderr) == ("closed\n", "")


def test_sigterm_still_ends_the_process_by_the_signal() -> None:
    assert end_of(WAYS["SIGTERM"]).returncode == -signal.SIGTERM


def test_a_handler_of_somebody_else_stays_as_it_is() -> None:
    ended = end_of(
        "signal.signal(signal.SIGTERM, lambda *_: print('theirs', flush=True))\n"
        "close_at_exit(closing); os.kill(os.getpid(), signal.SIGTERM)"
    )
    assert ended.stdout == "theirs\nclosed\n"


def test_a_thread_other_than_the_main_one_sets_no_handler() -> None:
    ended = end_of(
        "thread = threading.Thread(target=close_at_exit, args=(closing,)); thread.start()\n"
        "thread.join(); print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, flush=True)"
    )
    assert ended.stdout == "True\nclosed\n"


def test_what_was_taken_back_is_not_closed() -> None:
    assert end_of("close_at_exit(closing); need_not_close(closing)").stdout == ""


AS_UVICORN_DOES = """
theirs = signal.signal(signal.SIGTERM, lambda *_: print("stopping", flush=True))
close_at_exit(closing)
os.kill(os.getpid(), signal.SIGTERM)
signal.signal(signal.SIGTERM, theirs)
signal.raise_signal(signal.SIGTERM)
print("through", flush=True)
"""


def test_who_ends_by_the_signal_that_stopped_it_is_kept_until_all_is_closed() -> None:
    ended = end_of(AS_UVICORN_DOES)
    assert ended.stdout == "stopping\nthrough\nclosed\n"
    assert ended.returncode == -signal.SIGTERM


def test_uwsgi_keeps_its_own_way_to_stop_a_worker() -> None:
    ended = end_of(
        "import types; sys.modules['uwsgi'] = types.ModuleType('uwsgi')\n"
        "close_at_exit(closing); print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)"
    )
    assert ended.stdout == "True\nclosed\n"


def test_what_begins_on_another_thread_is_closed_at_sigterm_where_that_was_said_early() -> None:
    ended = end_of(
        "from understudy.sdk.closing import close_at_sigterm; close_at_sigterm()\n"
        "worker = threading.Thread(target=close_at_exit, args=(closing,))\n"
        "worker.start(); worker.join(); os.kill(os.getpid(), signal.SIGTERM)"
    )
    assert (ended.stdout, ended.returncode) == ("closed\n", -signal.SIGTERM)
