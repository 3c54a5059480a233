"""Playbooks that are running."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from studio.errors import ConflictError, InputError
from studio.planning.playbooks import Running
from studio.store.repositories.base import Repository, new_id, storable_json
from studio.store.schema import playbook_run

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FIELDS = tuple(field.name for field in fields(Running))
_CONFLICT = "这个剧本刚被别处改过，这次没有保存。请刷新页面，看过再改一次。"


class PlaybookRepository(Repository):
    """The playbooks one shop has started."""

    def all(self) -> list[Running]:
        """Return every running playbook, paused ones too, by playbook, starting day and id."""
        with self._database.read() as connection:
            return self._read(connection)

    def save(self, run: Running) -> Running:
        """Save a new run, or one over the version it was read at, and return it as saved.

        Raises :class:`InputError` when a new run asks for the same posts as one that is there.
        """
        numbered = replace(run, id=run.id or new_id(), version=run.version + 1 if run.id else 1)
        kept = Running(**storable_json(asdict(numbered)))
        row = {**asdict(kept), **self._scope.stamp(), "shop_id": self._scope.shop_id}
        mine = self._scope.mine(playbook_run) & (playbook_run.c.id == run.id)
        with self._write() as connection:
            if not run.id:
                self._refuse_double(connection, kept)
                connection.execute(insert(playbook_run).values(**row))
            elif not connection.execute(
                update(playbook_run).where(mine, playbook_run.c.version == run.version).values(**row)
            ).rowcount:
                raise ConflictError(_CONFLICT)
        return kept

    def _read(self, connection: Connection) -> list[Running]:
        order = playbook_run.c.playbook, playbook_run.c.anchor.is_(None), playbook_run.c.anchor, playbook_run.c.id
        query = select(playbook_run).where(self._scope.mine(playbook_run)).order_by(*order)
        rows = connection.execute(query).mappings()
        return [Running(**{name: row[name] for name in _FIELDS}) for row in rows]

    def _refuse_double(self, connection: Connection, wanted: Running) -> None:
        double = next((run for run in self._read(connection) if run.is_same(wanted)), None)
        if double is not None:
            state = "暂停着" if double.paused else "在跑"
            raise InputError(
                f"没有再开始一次：日期、产品和客群都一样的已经有一个{state}（编号 {double.id}），"
                "再开一个会发两遍。想重来，先停掉它。"
            )

    def pause(self, run: Running, *, paused: bool) -> Running:
        """Hold a run, or let it go on, and return it as saved."""
        return self.save(replace(run, paused=paused))

    def remove(self, run_id: str) -> None:
        """Stop a run for good; :class:`InputError` when there is none with this id."""
        mine = self._scope.mine(playbook_run) & (playbook_run.c.id == run_id)
        with self._write() as connection:
            if not connection.execute(delete(playbook_run).where(mine)).rowcount:
                raise InputError(f"没有正在跑的剧本「{run_id[:40]}」。用 studio playbooks list 看有哪些。")
