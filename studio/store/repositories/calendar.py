"""Weeks and slots."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, insert, select, update

from studio.errors import ConflictError, InputError, Problem
from studio.planning.calendar import Slot, Week, WeekId
from studio.store.repositories.base import Repository, batches, new_id, storable_json
from studio.store.schema import draft, slot, week
from studio.vocabulary import Channel, Pillar, Stage, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection, RowMapping

_CONFLICT = "这一条刚被别处改过，这次没有保存。请刷新页面，看过新内容再改一次。"


class CalendarRepository(Repository):
    """The planned weeks of one shop."""

    def slots(self, since: date, until: date) -> list[Slot]:
        """Return the slots from ``since`` to ``until``, both days included, in time order."""
        query = (
            select(slot)
            .where(self._scope.mine(slot), slot.c.date.between(since, until))
            .order_by(slot.c.date, slot.c.time, slot.c.id)
        )
        with self._database.read() as connection:
            return [_slot(row) for row in connection.execute(query).mappings()]

    def slot(self, slot_id: str) -> Slot:
        """Return one slot; :class:`InputError` when there is none with this id."""
        query = select(slot).where(self._scope.mine(slot), slot.c.id == slot_id)
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise InputError(f"没有档位「{slot_id[:60]}」。可以先用 studio plan 看看有哪些。")
        return _slot(row)

    def week(self, week_id: WeekId) -> Week | None:
        """Return a saved week with its slots as they are now, or None."""
        query = select(week).where(self._scope.mine(week), week.c.id == str(week_id))
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return Week(
            id=week_id,
            seed=row["seed"],
            slots=tuple(self.slots(week_id.days[0], week_id.days[-1])),
            mix=row["mix"],
            relaxed=tuple(row["relaxed"]),
            problems=tuple(Problem(**item) for item in row["problems"]),
            quality=row["quality"],
        )

    def save_weeks(self, weeks: Sequence[Week]) -> None:
        """Save planned weeks: slots nobody has touched are replaced, all others stay as they are.

        A new slot whose id went to another week with a moved one gets an id of its own.
        """
        with self._write() as connection:
            for planned in weeks:
                self._save_week(connection, planned)

    def _save_week(self, connection: Connection, planned: Week) -> None:
        in_week = self._scope.mine(slot) & slot.c.date.between(planned.id.days[0], planned.id.days[-1])
        written = exists().where(draft.c.shop_id == slot.c.shop_id, draft.c.slot_id == slot.c.id)
        untouched = in_week & slot.c.locked.is_(False) & (slot.c.status == Status.PLANNED.value) & ~written
        connection.execute(delete(slot).where(untouched))
        named = self._scope.mine(slot) & slot.c.id.in_([item.id for item in planned.slots])
        kept = {row.id: row.date for row in connection.execute(select(slot.c.id, slot.c.date).where(named))}
        moved_away = {key for key, day in kept.items() if day not in planned.id.days}
        rows = [
            self._row(replace(item, id=f"{item.id}-{new_id()}") if item.id in moved_away else item)
            for item in planned.slots
            if item.id not in kept or item.id in moved_away
        ]
        for batch in batches(rows):
            connection.execute(insert(slot), list(batch))
        connection.execute(delete(week).where(self._scope.mine(week), week.c.id == str(planned.id)))
        document = storable_json(planned.to_json())
        values = {key: document[key] for key in ("seed", "mix", "relaxed", "problems", "quality")}
        connection.execute(insert(week).values(shop_id=self._scope.shop_id, id=str(planned.id), **values))

    def add(self, item: Slot) -> None:
        """Add one slot made by hand."""
        with self._write() as connection:
            connection.execute(insert(slot).values(**self._row(item)))

    def update(self, item: Slot) -> Slot:
        """Save an edited slot over the version it was read at, and return it with the new one."""
        values = self._row(item) | {"version": item.version + 1}
        with self._write() as connection:
            changed = connection.execute(
                update(slot)
                .where(self._scope.mine(slot), slot.c.id == item.id, slot.c.version == item.version)
                .values(**values)
            )
            if changed.rowcount == 0:
                raise ConflictError(_CONFLICT)
        return replace(item, version=item.version + 1)

    def _row(self, item: Slot) -> dict[str, Any]:
        return {**storable_json(asdict(item)), **self._scope.stamp(), "shop_id": self._scope.shop_id}


def _slot(row: RowMapping) -> Slot:
    return Slot(
        id=row["id"],
        date=row["date"],
        time=row["time"],
        channel=Channel(row["channel"]),
        pillar=Pillar(row["pillar"]),
        stage=Stage(row["stage"]),
        segment=row["segment"],
        theme=row["theme"],
        occasion=row["occasion"],
        product=row["product"],
        playbook=row["playbook"],
        why=row["why"],
        locked=row["locked"],
        status=Status(row["status"]),
        version=row["version"],
    )
