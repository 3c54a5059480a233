"""One database, SQLite or PostgreSQL: opened, migrated, and its failures told in Chinese."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from studio.errors import StoreBusy, StoreError, StoreFull, StoreUnavailable
from studio.store.schema import HEAD, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 5
"""How long a write waits for another process before it says the database is busy."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 7_317_334
"""Any number, the same in every process: PostgreSQL's advisory lock around a migration."""


class Database:
    """An engine whose every use goes through :meth:`read` or :meth:`write`."""

    def __init__(self, url: str | URL, *, busy_seconds: float = BUSY_SECONDS) -> None:
        with _told():
            self.engine = _engine(url, busy_seconds)
        self._writing = self.engine.execution_options(studio_write=True)
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one consistent state."""
        with _told(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection whose changes are all saved at the end, or none."""
        with _told(), self._writing.begin() as connection:
            yield connection

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    def close(self) -> None:
        self.engine.dispose()

    def _migrate(self) -> None:
        with self.read() as connection:
            found = _revision(connection)
            if found == HEAD:
                return
            if found is None and not metadata.tables.keys().isdisjoint(inspect(connection).get_table_names()):
                raise StoreUnavailable("这个数据库里是别的程序的数据，没有改动它。请换一个空的数据库。")
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.write() as connection:
            if self.dialect == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError:
                message = "这个数据库是更新版本的工作台写的，这一版打不开它。数据没有改动，请先升级程序。"
                raise StoreUnavailable(message) from None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _engine(url: str | URL, busy_seconds: float) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            raise StoreUnavailable(
                "数据库地址只支持 sqlite:/// 和 postgresql:// 开头的两种，请改 STUDIO_DATABASE_URL。"
            )
        local = parsed.get_backend_name() == "sqlite"
        arguments: dict[str, Any] = {"timeout": busy_seconds} if local else {"connect_timeout": 10}
        engine = create_engine(parsed, connect_args=arguments, pool_pre_ping=not local, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise StoreUnavailable("看不懂数据库地址，请写成 postgresql://用户@主机/库名 或留空使用本机文件。") from None
    if local:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", partial(_begin_postgresql, milliseconds=int(busy_seconds * 1000)))
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start: a read that turns into a write could not wait for its turn."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _begin_postgresql(connection: Connection, *, milliseconds: int) -> None:
    if _writes(connection):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("studio_write"))


@contextmanager
def _told() -> Iterator[None]:
    """Turn the driver's errors into sentences; constraint violations stay what they are."""
    try:
        yield
    except DBAPIError as error:
        told = _tell(error)
        if told is None:
            raise
        raise told from None


_FULL = StoreFull, "磁盘满了，这一步没有保存，之前的都在。请清出一些空间再试。"
_BUSY = StoreBusy, "另一个程序正在写数据库，这一步没有保存，之前的都在。请等几秒再试。"
_DAMAGED = (
    StoreUnavailable,
    "数据库文件已损坏或不是工作台的数据库，程序没有改动它。请换回备份，或把它移走后重新打开。",
)
_READ_ONLY = StoreUnavailable, "数据库是只读的，这一步没有保存。请检查文件夹或数据库账号的权限。"
_UNREACHABLE = (
    StoreUnavailable,
    "连不上数据库，这一步没有保存。请检查数据库地址、网络和文件夹权限，再试一次。",
)
_REASONS: dict[str, tuple[type[StoreError], str]] = {
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _FULL,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_PROTOCOL": _BUSY,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_CANTOPEN": _UNREACHABLE,
    "53100": _FULL,
    "55P03": _BUSY,
    "40": _BUSY,
    "53": _BUSY,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "08": _UNREACHABLE,
    "28": _UNREACHABLE,
    "3D": _UNREACHABLE,
    "57P": _UNREACHABLE,
}
"""What the start of a driver's code means: SQLite's result codes, PostgreSQL's SQLSTATE."""


def _tell(error: DBAPIError) -> StoreError | None:
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    if code is None and isinstance(error, OperationalError):
        code = "08"
    for start, (kind, sentence) in _REASONS.items():
        if code and code.startswith(start):
            return kind(sentence)
    return None
