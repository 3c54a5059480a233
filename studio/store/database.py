"""One database, SQLite or PostgreSQL: opened, migrated, and its failures told in Chinese."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from studio.errors import StoreBusy, StoreError, StoreFull, StoreUnavailable
from studio.store.schema import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 5
"""How long a write waits for another process before it says the database is busy."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 7_317_334
"""Any number, the same in every process: PostgreSQL's advisory lock around a migration."""


class Database:
    """An engine whose every use goes through :meth:`read` or :meth:`write`."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        with _told():
            self.engine = _engine(url, busy_seconds)
        self._writing = self.engine.execution_options(studio_write=True)
        self._migrate()

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
            if _revision(connection) == HEAD:
                return
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
                message = "这个数据库是更新版本的工作台写的,这一版打不开它。数据没有改动,请先升级程序。"
                raise StoreUnavailable(message) from None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _engine(url: str, busy_seconds: float) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            raise StoreUnavailable("数据库地址只支持 sqlite:/// 和 postgresql:// 开头的两种,请改 STUDIO_DATABASE_URL。")
        arguments: dict[str, Any] = (
            {"timeout": busy_seconds} if parsed.get_backend_name() == "sqlite" else {"connect_timeout": 10}
        )
        engine = create_engine(parsed, connect_args=arguments, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise StoreUnavailable("看不懂数据库地址,请写成 postgresql://用户@主机/库名 或留空使用本机文件。") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
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
    writing = connection.get_execution_options().get("studio_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _told() -> Iterator[None]:
    """Turn the driver's errors into sentences; constraint violations stay what they are."""
    try:
        yield
    except DBAPIError as error:
        told = _tell(str(error.orig).lower(), connection_lost=error.connection_invalidated)
        if told is None:
            raise
        raise told from None


def _tell(message: str, *, connection_lost: bool) -> StoreError | None:
    if "locked" in message or "lock timeout" in message:
        return StoreBusy("另一个程序正在写数据库,这一步没有保存,之前的都在。请等几秒再试。")
    if "disk is full" in message or "no space left" in message or "disk i/o error" in message:
        return StoreFull("磁盘满了,这一步没有保存,之前的都在。请清出一些空间再试。")
    if "not a database" in message or "malformed" in message:
        return StoreUnavailable(
            "数据库文件已损坏或不是工作台的数据库,程序没有改动它。请换回备份,或把它移走后重新打开。"
        )
    if "readonly" in message:
        return StoreUnavailable("数据库文件是只读的,这一步没有保存。请检查文件夹的权限。")
    reasons = (
        "unable to open",
        "could not connect",
        "connection failed",
        "connection refused",
        "server closed",
        "does not exist",
        "password",
    )
    if connection_lost or any(reason in message for reason in reasons):
        return StoreUnavailable("连不上数据库,这一步没有保存。请检查数据库地址、网络和文件夹权限,再试一次。")
    return None
