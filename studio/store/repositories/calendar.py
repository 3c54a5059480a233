"""Weeks and slots."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, insert, select, update

from studio.errors import ConflictError, InputError, Problem
from studio.planning.calendar import Slot, Week, WeekId
from studio.store.repositories.base import Repository, batches, new_id, storable, storable_json
from studio.store.schema import draft, plan_revision, slot, week
from studio.vocabulary import Channel, Pillar, Stage, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection, RowMapping

_CONFLICT = "这一条刚被别处改过，这次没有保存。请刷新页面，看过新内容再改一次。"

MAX_REVISIONS = 30
"""How many earlier states of one week are kept."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What a week was before it changed, why it changed, who changed it and when (UTC). ``number`` counts from 1."""

    id: str
    number: int
    reason: str
    plan: Week
    actor: str
    changed_at: datetime


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

    def named(self, slot_ids: Sequence[str]) -> dict[str, Slot]:
        """Return the slots with these ids by id; unknown ones are left out."""
        found: dict[str, Slot] = {}
        with self._database.read() as connection:
            for batch in batches(slot_ids):
                query = select(slot).where(self._scope.mine(slot), slot.c.id.in_(batch))
                found |= {row["id"]: _slot(row) for row in connection.execute(query).mappings()}
        return found

    def week(self, week_id: WeekId) -> Week | None:
        """Return a saved week with its slots as they are now, or None."""
        query = select(week).where(self._scope.mine(week), week.c.id == str(week_id))
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return _week(row, self.slots(week_id.days[0], week_id.days[-1]))

    def save_weeks(self, weeks: Sequence[Week], reason: str = "重新排") -> None:
        """Save planned weeks: slots nobody has touched are replaced, all others stay as they are.

        A new slot whose id went to another week with a moved one gets an id of its own. What a week was before is
        kept as a revision with the ``reason`` it changed.
        """
        with self._write() as connection:
            for planned in weeks:
                self._remember(connection, planned.id, reason)
                self._save_week(connection, planned)

    def accept(self, planned: Week, edited: Sequence[Slot], deleted: Sequence[str], reason: str) -> None:
        """Save an adjusted week with what the merchant edited and deleted himself, begun or not.

        Raises :class:`ConflictError` when one of those was changed meanwhile; nothing is saved then.
        """
        with self._write() as connection:
            self._remember(connection, planned.id, reason)
            for item in edited:
                self._put(connection, item)
            open_still = self._scope.mine(slot) & (slot.c.status != Status.POSTED.value)
            connection.execute(delete(slot).where(open_still, slot.c.id.in_(list(deleted))))
            self._save_week(connection, planned)

    def revisions(self, week_id: WeekId) -> list[Revision]:
        """Return what a week was before each time it was planned anew, newest first."""
        query = (
            select(plan_revision)
            .where(self._scope.mine(plan_revision), plan_revision.c.week == str(week_id))
            .order_by(plan_revision.c.number.desc())
        )
        with self._database.read() as connection:
            return [
                Revision(
                    row["id"],
                    row["number"],
                    row["reason"],
                    Week.from_json(row["plan"]),
                    row["actor"],
                    row["updated_at"],
                )
                for row in connection.execute(query).mappings()
            ]

    def _remember(self, connection: Connection, week_id: WeekId, reason: str) -> None:
        mine = self._scope.mine(week) & (week.c.id == str(week_id))
        row = connection.execute(select(week).where(mine)).mappings().first()
        if row is None:
            return
        within = self._scope.mine(slot) & slot.c.date.between(week_id.days[0], week_id.days[-1])
        rows = connection.execute(select(slot).where(within).order_by(slot.c.date, slot.c.time, slot.c.id)).mappings()
        before = _week(row, [_slot(item) for item in rows])
        same = self._scope.mine(plan_revision) & (plan_revision.c.week == str(week_id))
        last = connection.execute(select(func.max(plan_revision.c.number)).where(same)).scalar() or 0
        connection.execute(
            insert(plan_revision).values(
                id=new_id(),
                shop_id=self._scope.shop_id,
                week=str(week_id),
                number=last + 1,
                reason=storable(reason),
                plan=storable_json(before.to_json()),
                **self._scope.stamp(),
            )
        )
        connection.execute(delete(plan_revision).where(same, plan_revision.c.number <= last + 1 - MAX_REVISIONS))

    def _put(self, connection: Connection, item: Slot) -> None:
        """Save an edited slot over the version it was read at, or add one that is new."""
        mine = self._scope.mine(slot) & (slot.c.id == item.id)
        if connection.execute(select(slot.c.id).where(mine)).first() is None:
            connection.execute(insert(slot).values(**self._row(item)))
        else:
            self._update(connection, item)

    def _save_week(self, connection: Connection, planned: Week) -> None:
        in_week = self._scope.mine(slot) & slot.c.date.between(planned.id.days[0], planned.id.days[-1])
        written = exists().where(draft.c.shop_id == slot.c.shop_id, draft.c.slot_id == slot.c.id)
        before = {row["id"]: _slot(row) for row in connection.execute(select(slot).where(in_week)).mappings()}
        untouched = in_week & slot.c.locked.is_(False) & (slot.c.status == Status.PLANNED.value) & ~written
        connection.execute(delete(slot).where(untouched))
        named = self._scope.mine(slot) & slot.c.id.in_([item.id for item in planned.slots])
        kept = {row.id: row.date for row in connection.execute(select(slot.c.id, slot.c.date).where(named))}
        moved_away = {key for key, day in kept.items() if day not in planned.id.days}
        rows = [
            self._row(replace(item, id=f"{item.id}-{new_id()}") if item.id in moved_away else _next(item, before))
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
        with self._write() as connection:
            self._update(connection, item)
        return replace(item, version=item.version + 1)

    def _update(self, connection: Connection, item: Slot) -> None:
        changed = connection.execute(
            update(slot)
            .where(self._scope.mine(slot), slot.c.id == item.id, slot.c.version == item.version)
            .values(**(self._row(item) | {"version": item.version + 1}))
        )
        if changed.rowcount == 0:
            raise ConflictError(_CONFLICT)

    def _row(self, item: Slot) -> dict[str, Any]:
        return {**storable_json(asdict(item)), **self._scope.stamp(), "shop_id": self._scope.shop_id}


def _next(item: Slot, before: dict[str, Slot]) -> Slot:
    """Return a slot at the version that follows the one it replaces, if it differs from that."""
    old = before.get(item.id)
    if old is None:
        return item
    same = replace(item, version=old.version)
    return same if same == old else replace(item, version=old.version + 1)


def _week(row: RowMapping, slots: Sequence[Slot]) -> Week:
    return Week(
        id=WeekId.parse(row["id"]),
        seed=row["seed"],
        slots=tuple(slots),
        mix=row["mix"],
        relaxed=tuple(row["relaxed"]),
        problems=tuple(Problem(**item) for item in row["problems"]),
        quality=row["quality"],
    )


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
