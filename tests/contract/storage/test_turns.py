"""That processes which write one database all the time each get their share of it."""

from __future__ import annotations

import itertools
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing.connection import Connection as Pipe

from understudy.storage.database.connection import Database
from understudy.storage.database.databases import open_database

SECONDS = 60.0
"""No wait comes near it."""
PROCESSES, CALLERS, TURNS = 3, 4, 600


def _write(url: str, pipe: Pipe) -> None:
    """Write until all have written `TURNS` times; tells which turns were this process's."""
    mine: list[int] = []

    def call(_: int) -> None:
        while True:
            with database.writing() as transaction:
                row = transaction.one("meta_get", {"name": "turns"})
                turn = int(str(row["value"])) if row else 0
                if turn >= TURNS:
                    return
                transaction.run("meta_put", {"name": "turns", "value": str(turn + 1)})
                mine.append(turn)

    with closing(open_database(url)) as database, database.reading():
        pipe.send("ready")
        pipe.recv()
        with ThreadPoolExecutor(CALLERS) as threads:
            list(threads.map(call, range(CALLERS)))
    pipe.send(mine)


def test_processes_that_write_all_the_time_each_get_their_share(
    database: Database, made_url: str
) -> None:
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(PROCESSES)]
    processes = [context.Process(target=_write, args=(made_url, there)) for _, there in pipes]
    for process in processes:
        process.start()
    for here, _ in pipes:
        assert here.poll(SECONDS)
        here.recv()
    for here, _ in pipes:
        here.send("go")
    turns = []
    for here, _ in pipes:
        assert here.poll(SECONDS)
        turns.append(here.recv())
    for process in processes:
        process.join(SECONDS)
        assert process.exitcode == 0
    assert sorted(itertools.chain(*turns)) == list(range(TURNS))
    assert min(map(len, turns)) >= TURNS / PROCESSES / 4
    # Nobody waits while the others write this often.
    worst = max(after - before for mine in turns for before, after in itertools.pairwise(mine))
    assert worst <= TURNS / 6
