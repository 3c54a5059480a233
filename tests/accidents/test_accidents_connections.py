"""What a merchant reads when the database is busy, gone, or somewhere else."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from studio.errors import StoreBusy, StoreUnavailable
from studio.store import Database, open_shop

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


def test_a_database_locked_by_another_process_is_busy_in_time_and_works_after(tmp_path, clock):
    file = tmp_path / "studio.db"
    database = Database(f"sqlite:///{file}", busy_seconds=0.3)
    store = open_shop(database, "main", "阿禾", clock)
    store.memos.set("k", "之前的")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        started = time.monotonic()
        with pytest.raises(StoreBusy, match="请等几秒再试"):
            store.memos.set("k", "新的")
        assert 0.2 < time.monotonic() - started < 3
        assert store.memos.get("k") == "之前的"
        holder.communicate("")
    store.memos.set("k", "新的")
    assert store.memos.get("k") == "新的"
    database.close()


def test_a_postgresql_row_held_by_another_session_is_busy_in_time_and_works_after(postgres_url, clock):
    import psycopg

    database = Database(postgres_url, busy_seconds=0.3)
    store = open_shop(database, "main", "阿禾", clock)
    store.memos.set("k", "之前的")
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT * FROM shop FOR UPDATE")
        started = time.monotonic()
        with pytest.raises(StoreBusy, match="请等几秒再试"):
            store.memos.set("k", "新的")
        assert 0.2 < time.monotonic() - started < 3
        assert store.memos.get("k") == "之前的"
    store.memos.set("k", "新的")
    assert store.memos.get("k") == "新的"
    database.close()


def test_a_postgresql_that_stops_is_said_in_words_and_work_goes_on_when_it_is_back(start_postgres, clock):
    server = start_postgres()
    database = Database(server.get_uri())
    store = open_shop(database, "main", "阿禾", clock)
    store.memos.set("k", "之前的")
    server.stop()
    for attempt in (lambda: store.memos.get("k"), lambda: store.memos.set("k", 1), lambda: Database(server.get_uri())):
        with pytest.raises(StoreUnavailable, match="连不上数据库") as error:
            attempt()
        assert "postgres" not in str(error.value)
    server.ensure_postgres_running()
    assert store.memos.get("k") == "之前的"
    store.memos.set("k", "新的")
    database.close()


def test_a_connection_cut_in_the_middle_of_a_write_saves_nothing_of_it(postgres_url, clock):
    import psycopg
    from sqlalchemy import text

    database = Database(postgres_url)
    store = open_shop(database, "main", "阿禾", clock)
    store.memos.set("k", "之前的")

    def forget_everything() -> None:
        with database.write() as connection:
            connection.execute(text("DELETE FROM memo"))
            with psycopg.connect(postgres_url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            connection.execute(text("DELETE FROM shop"))

    with pytest.raises(StoreUnavailable, match="没有保存"):
        forget_everything()
    assert store.memos.get("k") == "之前的"
    database.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:geheim@127.0.0.1:1/d",
        "postgresql://u:geheim@name.invalid/d",
        "mysql://u:geheim@h/d",
        "oracle+nothing://u:geheim@h/d",
        "postgresql://u:geheim@h:port/d",
        "u:geheim@h",
        "sqlite:////no/such/geheim/folder/studio.db",
    ],
)
def test_an_address_that_leads_nowhere_is_said_without_showing_it(address):
    with pytest.raises(StoreUnavailable) as error:
        Database(address, busy_seconds=0.1)
    assert "geheim" not in f"{error.value} {error.value.__cause__}"
    assert str(error.value).endswith("。")


def test_a_wrong_password_or_database_is_said_without_showing_it(postgres):
    with pytest.raises(StoreUnavailable, match="连不上数据库") as error:
        Database(postgres.get_uri(database="geheim"))
    assert "geheim" not in str(error.value)


def test_what_was_being_written_is_in_no_error(tmp_path, clock):
    from sqlalchemy.exc import IntegrityError

    from studio.library.posts import Post

    database = Database(f"sqlite:///{tmp_path / 'studio.db'}")
    store = open_shop(database, "main", "阿禾", clock)
    store.posts.add([Post("a", "一")])
    with pytest.raises(IntegrityError) as error:
        store.posts.add([Post("a", "顾客的话")])
    assert "顾客的话" not in str(error.value)
    database.close()
