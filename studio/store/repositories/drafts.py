"""Drafts, with every version they went through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from studio.drafting.draft import Draft, Provenance, Sections
from studio.errors import ConflictError
from studio.store.repositories.base import Repository, batches, new_id, storable_json
from studio.store.schema import draft, draft_revision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

_CONFLICT = "这篇草稿刚被别处改过，你的改动还在输入框里，没有盖掉别人的。请刷新看过新内容再改。"


@dataclass(frozen=True, slots=True)
class Revision:
    """One saved version of a draft."""

    version: int
    sections: Sections
    actor: str
    saved_at: datetime


class DraftRepository(Repository):
    """The drafts of one shop."""

    def for_slots(self, slot_ids: Sequence[str]) -> dict[str, list[Draft]]:
        """Return the drafts of these slots, by slot id; the one for everybody comes first."""
        found: dict[str, list[Draft]] = {}
        for batch in batches(slot_ids):
            for item in self._select(draft.c.slot_id.in_(batch)):
                found.setdefault(item.slot_id, []).append(item)
        return found

    def for_slot(self, slot_id: str) -> list[Draft]:
        """Return the drafts of one slot, the one for everybody first."""
        return self._select(draft.c.slot_id == slot_id)

    def create(self, slot_id: str, segment: str | None, sections: Sections, provenance: Provenance) -> Draft:
        """Save the first version of a draft; one draft a slot and segment, so a second is a conflict."""
        made = Draft(new_id(), slot_id, segment, _clean(sections), provenance)
        stamp = self._scope.stamp()
        try:
            with self._write() as connection:
                connection.execute(
                    insert(draft).values(
                        shop_id=self._scope.shop_id,
                        id=made.id,
                        slot_id=slot_id,
                        segment=segment or "",
                        sections=made.sections.to_json(),
                        provenance=storable_json(provenance.to_json()),
                        version=1,
                        **stamp,
                    )
                )
                self._keep_revision(connection, made, stamp)
        except IntegrityError:
            raise ConflictError("这一条已经有草稿了，没有盖掉它。请刷新页面再看。") from None
        return replace(made, **stamp)

    def save(self, item: Draft) -> Draft:
        """Save an edited draft over the version it was read at, and return it with the new one."""
        stamp = self._scope.stamp()
        saved = replace(item, version=item.version + 1, sections=_clean(item.sections), **stamp)
        with self._write() as connection:
            changed = connection.execute(
                update(draft)
                .where(self._scope.mine(draft), draft.c.id == item.id, draft.c.version == item.version)
                .values(
                    sections=saved.sections.to_json(),
                    provenance=storable_json(saved.provenance.to_json()),
                    version=saved.version,
                    **stamp,
                )
            )
            if changed.rowcount == 0:
                raise ConflictError(_CONFLICT)
            self._keep_revision(connection, saved, stamp)
        return saved

    def revisions(self, draft_id: str) -> list[Revision]:
        """Return the saved versions, newest first."""
        query = (
            select(draft_revision)
            .where(self._scope.mine(draft_revision), draft_revision.c.draft_id == draft_id)
            .order_by(draft_revision.c.version.desc())
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [Revision(row.version, Sections(**row.sections), row.actor, row.updated_at) for row in rows]

    def _select(self, condition: ColumnElement[bool]) -> list[Draft]:
        query = select(draft).where(self._scope.mine(draft), condition).order_by(draft.c.slot_id, draft.c.segment)
        with self._database.read() as connection:
            return [_draft(row) for row in connection.execute(query).mappings()]

    def _keep_revision(self, connection: Connection, item: Draft, stamp: dict[str, Any]) -> None:
        connection.execute(
            insert(draft_revision).values(
                shop_id=self._scope.shop_id,
                draft_id=item.id,
                version=item.version,
                sections=item.sections.to_json(),
                **stamp,
            )
        )


def _clean(sections: Sections) -> Sections:
    return Sections(**storable_json(sections.to_json()))


def _draft(row: RowMapping) -> Draft:
    return Draft(
        id=row["id"],
        slot_id=row["slot_id"],
        segment=row["segment"] or None,
        sections=Sections(**row["sections"]),
        provenance=Provenance.from_json(row["provenance"]),
        version=row["version"],
        actor=row["actor"],
        updated_at=row["updated_at"],
    )
