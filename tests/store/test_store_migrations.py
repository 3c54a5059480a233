from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, inspect, text
from store_samples import post

from studio.errors import StoreUnavailable
from studio.store import Database, open_shop
from studio.store.schema import HEAD, metadata


def test_head_is_the_newest_migration_and_there_is_one_line_of_them(repository):
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(repository / "studio/store/migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_migrated_database_is_what_the_schema_says(database):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_opening_again_changes_nothing(database, url, store):
    store.posts.add([post("a")])
    again = Database(url)
    with again.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
        assert connection.execute(text("SELECT count(*) FROM post")).scalar() == 1
    again.close()


def test_a_database_from_the_future_is_refused_and_kept(database, url, store):
    store.posts.add([post("a")])
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="请先升级程序"):
        Database(url)
    with database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    assert store.posts.count() == 1


def test_a_database_of_another_program_is_refused_and_kept(url):
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE post (title TEXT)"))
    with pytest.raises(StoreUnavailable, match="别的程序"):
        Database(url)
    assert inspect(engine).get_table_names() == ["post"]
    engine.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(url, monkeypatch):
    from alembic import command

    migrate = command.upgrade

    def break_off(config, revision):
        migrate(config, revision)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", break_off)
    with pytest.raises(KeyboardInterrupt):
        Database(url)
    monkeypatch.undo()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    Database(url).close()


def test_processes_that_migrate_at_once_all_succeed(url, run_python):
    code = "import sys; from studio.store import Database; Database(sys.argv[1]).close()"
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: run_python(code, url), range(3)))
    assert [item.stderr for item in done] == ["", "", ""]
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
    engine.dispose()


WRITER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime
from studio.errors import ConflictError
from studio.library.posts import Post
from studio.store import Database, open_shop
url, me = sys.argv[1:]
store = open_shop(Database(url), "main", me, lambda: datetime.now(UTC))
for number in range(25):
    store.posts.add([Post(f"{me}{number}", f"{me} 的第 {number} 条"), Post(f"{me}-same{number}", f"同一条 {number}")])
    store.memos.set("last", me)
    while True:
        slot = store.calendar.slot("shared")
        try:
            store.calendar.update(replace(slot, theme=slot.theme + me))
            break
        except ConflictError:
            continue
"""


def test_two_processes_that_write_at_once_lose_nothing(url, store, run_python):
    from store_samples import slot

    store.calendar.add(slot(1, id="shared", theme=""))
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda me: run_python(WRITER, url, me), "ab"))
    assert [item.stderr for item in done] == ["", ""]
    assert store.posts.count() == 25 * 2 + 25
    assert sorted(store.calendar.slot("shared").theme) == ["a"] * 25 + ["b"] * 25
    assert store.calendar.slot("shared").version == 51
    assert store.memos.get("last") in {"a", "b"}


def test_threads_that_write_at_once_lose_nothing(database, store, clock):
    shops = [open_shop(database, "main", str(number), clock) for number in range(4)]

    def work(number: int) -> None:
        for count in range(15):
            shops[number].posts.add([post(f"{number}-{count}"), post(f"{number}-{count}-same", f"同一条 {count}")])
            shops[number].memos.set("last", number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert store.posts.count() == 4 * 15 + 15


def test_of_jobs_started_at_once_only_one_lives(database, clock):
    from studio.errors import ConflictError

    shops = [open_shop(database, "main", str(number), clock) for number in range(6)]

    def start(number: int) -> bool:
        try:
            shops[number].jobs.start("draft-week", {}, 1)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(start, range(6))) == 1
