"""The way of a post: planned → drafted → reviewed → approved → posted → remembered.

The rooms do not know each other; this module walks through them in order. Pages, commands and
jobs call it, so a step means the same wherever it is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.errors import InputError
from studio.library.posts import Post
from studio.planning.calendar import Slot, Week
from studio.vocabulary import Severity, Status, Verdict

if TYPE_CHECKING:
    from threading import Event

    from studio.drafting.draft import Draft, Provenance, Sections
    from studio.drafting.writer import Rewrite
    from studio.workspace import Workspace


class Editorial:
    """The steps of a post's life, on one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._store = workspace.store

    def export(self, weeks: Sequence[Week], fmt: str) -> bytes:
        """Return weeks with their drafts and occasions as a file: ``ics``, ``csv``, ``xlsx``, ``md`` or ``png``."""
        from studio.planning.export import export

        drafts = self._store.drafts.for_slots([slot.id for week in weeks for slot in week.slots])
        texts = {slot_id: found[0].sections.text for slot_id, found in drafts.items()}
        days = [day for week in weeks for day in week.id.days]
        ranked = self._workspace.outlook.occasions(min(days), max(days)) if days else []
        shown = [occasion for occasion, _ in ranked]
        weighed = [self._workspace.schedule.weighed(week) for week in weeks]
        return export(weighed, texts, self._workspace.brand, fmt, shown, at=self._workspace.clock())

    # draft

    def draft(
        self, slot_id: str, *, segment: str | None = None, offline: bool = False, stop: Event | None = None
    ) -> Draft:
        """Write a draft for a slot and save it; an earlier one stays in its history.

        Setting ``stop`` ends the wait for a model with :class:`~studio.errors.Cancelled`.
        Raises a :class:`~studio.errors.ModelError` when the model fails; nothing is changed then.
        """
        slot = self._open_slot(slot_id)
        brand = self._workspace.brand
        wanted = brand.segment(segment or slot.segment)
        earlier = self._drafted(slot_id, segment)
        sections, provenance = self._workspace.writer(offline=offline, stop=stop).draft(
            slot, wanted, seed=earlier.version if earlier else 0, avoid=self._texts_around(slot)
        )
        return self._keep(slot, segment, sections, provenance)

    def rewrite(self, draft: Draft, instruction: Rewrite, *, offline: bool = False, stop: Event | None = None) -> Draft:
        """Save a quick rewrite (更口语 / 更短 / 换开头) of a draft; the text before it stays in its history."""
        slot = self._open_slot(draft.slot_id)
        sections, provenance = self._workspace.writer(offline=offline, stop=stop).rewrite(
            draft.sections, instruction, slot, seed=draft.version
        )
        return self._keep(slot, draft.segment, sections, provenance)

    def take_handoff(self, slot_id: str, sections: Sections) -> Draft:
        """Save a draft written in some chat application and pasted back."""
        from studio.drafting.draft import Origin, Provenance

        provenance = Provenance(Origin.HANDOFF, created_at=self._workspace.clock())
        return self._keep(self._open_slot(slot_id), None, sections, provenance)

    def edit(self, draft: Draft, sections: Sections) -> Draft:
        """Save a person's edit of a draft; nothing is written when nothing changed."""
        if sections == draft.sections:
            return draft
        saved = self._store.drafts.save(replace(draft, sections=sections))
        slot = self._store.calendar.slot(draft.slot_id)
        if slot.status in (Status.APPROVED, Status.PLANNED):
            self._set_status(slot, Status.DRAFTED)
        return saved

    def models_to_follow(self, text: str, count: int) -> list[Post]:
        """Return past posts close in meaning to ``text``, for the model to take the shop's voice from."""
        return [hit.post for hit in self._workspace.library.search(text, k=count)]

    # decide

    def approve(self, slot_id: str) -> Slot:
        """Approve a slot's draft; :class:`InputError` while something in it blocks or is still blank."""
        from studio.drafting.grounding import BLANK

        slot = self._open_slot(slot_id)
        drafts = self._store.drafts.for_slot(slot_id)
        if not drafts or not drafts[0].sections.text:
            raise InputError("这一条还没有草稿，先写一版再通过。")
        for draft in drafts:
            report = self._workspace.proofreader.check(draft.sections, slot, similar=0).report
            if any(item.code == BLANK for item in report.findings):
                raise InputError("还不能通过：有【…】还空着，填好或删掉再点通过。")
            if report.verdict is Verdict.BLOCK:
                words = "、".join(
                    f"「{item.text[:12]}」" for item in report.findings if item.severity is Severity.BLOCK
                )
                raise InputError(f"还不能通过：{words} 是禁用的说法，改掉后再点通过。")
        return self._set_status(slot, Status.APPROVED)

    def set_status(self, slot_id: str, status: Status) -> Slot:
        """Move a slot along: back to work, skipped, or waiting for somebody's eyes."""
        return self._set_status(self._store.calendar.slot(slot_id), status)

    def prompt(self, slot: Slot) -> str:
        """Return the full prompt of a slot, to paste into any chat application."""
        from studio.drafting.handoff import full_prompt

        return full_prompt(self._workspace.writer(offline=True).prompt(slot))

    def mark_posted(self, slot_id: str) -> Post:
        """Record that a slot was posted: it enters the library and the mix ledger counts it."""
        slot = self._store.calendar.slot(slot_id)
        known = self._store.posts.by_slot(slot_id)
        if known is not None:
            return known
        drafts = self._store.drafts.for_slot(slot_id)
        if not drafts or not drafts[0].sections.text:
            raise InputError("这一条还没有内容，先写一版再标记已发。")
        sections, now = drafts[0].sections, self._workspace.clock()
        post = Post(
            id=drafts[0].id,
            text=sections.text,
            pillar=slot.pillar,
            channel=slot.channel,
            posted_on=now.date(),
            posted_time=now.time().replace(second=0, microsecond=0, tzinfo=None),
            segment=slot.segment,
            title=slot.theme,
            source="工作台",
            slot_id=slot.id,
        )
        self._workspace.library.add([post])
        self._set_status(slot, Status.POSTED)
        return post

    def unpost(self, slot_id: str) -> Slot:
        """Take back :meth:`mark_posted`."""
        known = self._store.posts.by_slot(slot_id)
        if known is not None:
            self._store.posts.remove(known.id)
        return self.set_status(slot_id, Status.APPROVED)

    def _drafted(self, slot_id: str, segment: str | None) -> Draft | None:
        return next((item for item in self._store.drafts.for_slot(slot_id) if item.segment == segment), None)

    def _texts_around(self, slot: Slot) -> list[str]:
        """Return the texts of the week's drafts, whose openers are not to be used again."""
        days = slot.week.days
        ids = [other.id for other in self._store.calendar.slots(days[0], days[-1])]
        return [draft.sections.text for found in self._store.drafts.for_slots(ids).values() for draft in found]

    def _keep(self, slot: Slot, segment: str | None, sections: Sections, provenance: Provenance) -> Draft:
        provenance = replace(provenance, rulepack=self._workspace.reviewer.rules.version)
        known = self._drafted(slot.id, segment)
        if known is None:
            made = self._store.drafts.create(slot.id, segment, sections, provenance)
        else:
            made = self._store.drafts.save(replace(known, sections=sections, provenance=provenance))
        self._set_status(slot, Status.DRAFTED)
        return made

    def _open_slot(self, slot_id: str) -> Slot:
        slot = self._store.calendar.slot(slot_id)
        if slot.status is Status.POSTED:
            raise InputError("这一条已经发出去了，不能再改。")
        return slot

    def _set_status(self, slot: Slot, status: Status) -> Slot:
        return slot if slot.status is status else self._store.calendar.update(replace(slot, status=status))
