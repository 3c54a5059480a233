"""A week before and after: what a merchant changes by hand, and what a re-plan proposes because of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from studio.planning.calendar import Slot, Week
from studio.planning.reasons import moment_words
from studio.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Change:
    """What has happened to a planned week.

    ``slots`` are slots as the merchant wants them now (edited or new ones), ``deleted`` ids he takes away,
    ``blocked`` days without any post, ``announced`` names of occasions that have just become known. A product
    that is no longer sold needs no word here: the brand says so.
    """

    slots: Sequence[Slot] = ()
    deleted: Collection[str] = ()
    blocked: Collection[date] = ()
    announced: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One difference: the slot before (None: added) and after (None: removed), and a Chinese sentence."""

    before: Slot | None
    after: Slot | None
    sentence: str

    @property
    def slot_id(self) -> str:
        return (self.before or self.after).id  # type: ignore[union-attr]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.slot_id,
            "before": self.before.to_json() if self.before else None,
            "after": self.after.to_json() if self.after else None,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Diff:
    """Two states of a week, slot by slot; ``changed`` slots stayed where they were."""

    kept: tuple[Slot, ...]
    moved: tuple[Step, ...]
    changed: tuple[Step, ...]
    added: tuple[Step, ...]
    removed: tuple[Step, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return (*self.moved, *self.changed, *self.added, *self.removed)

    def besides(self, slot_ids: Collection[str]) -> tuple[Step, ...]:
        """Return the differences at other slots than these: what a re-plan did on its own."""
        return tuple(step for step in self.steps if step.slot_id not in slot_ids)

    def to_json(self) -> dict[str, Any]:
        return {
            "kept": [slot.id for slot in self.kept],
            **{
                name: [step.to_json() for step in getattr(self, name)]
                for name in ("moved", "changed", "added", "removed")
            },
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """A re-planned week to accept or refuse, what it changes, and the change it answers."""

    week: Week
    diff: Diff
    change: Change


def diff(before: Week, after: Week) -> Diff:
    """Return what differs between two states of one week, in time order."""
    old, new = ({slot.id: slot for slot in week.slots} for week in (before, after))
    both = [(slot, new[slot.id]) for slot in before.slots if slot.id in new]
    return Diff(
        kept=tuple(b for a, b in both if a.when == b.when and _content(a) == _content(b)),
        moved=tuple(Step(a, b, _moved(a, b)) for a, b in both if a.when != b.when),
        changed=tuple(Step(a, b, _changed(a, b)) for a, b in both if a.when == b.when and _content(a) != _content(b)),
        added=tuple(Step(None, slot, _told("新加", slot)) for slot in after.slots if slot.id not in old),
        removed=tuple(Step(slot, None, _told("去掉", slot)) for slot in before.slots if slot.id not in new),
    )


def _content(slot: Slot) -> tuple[object, ...]:
    return slot.channel, slot.pillar, slot.stage, slot.segment, slot.theme, slot.occasion, slot.product


def _moved(before: Slot, after: Slot) -> str:
    place = f"从{moment_words(before.when)} 挪到{moment_words(after.when)}"
    return "，".join([f"「{before.theme}」{place}", *_differences(before, after)])


def _changed(before: Slot, after: Slot) -> str:
    return f"{moment_words(before.when)} 的「{before.theme}」{'，'.join(_differences(before, after))}"


def _differences(before: Slot, after: Slot) -> list[str]:
    """Return what differs besides day and hour; readers, product and occasion without their names."""
    told = (
        (before.theme != after.theme, f"主题换成「{after.theme}」"),
        (before.pillar is not after.pillar, f"从{before.pillar.label}类改成{after.pillar.label}类"),
        (before.channel is not after.channel, f"从{before.channel.label}改发{after.channel.label}"),
        (before.segment != after.segment, "写给谁换了"),
        (before.product != after.product, "讲的产品换了"),
        (before.occasion != after.occasion, "对应的节点换了"),
        (before.stage is not after.stage, f"从{before.stage.label}阶段换到{after.stage.label}阶段"),
    )
    return [words for differs, words in told if differs]


def _told(verb: str, slot: Slot) -> str:
    return f"{verb}{moment_words(slot.when)} 的「{slot.theme}」（{slot.pillar.label}类，{slot.channel.label}）"


def undoing(now: Week, before: Week, current: Mapping[str, Slot]) -> Proposal:
    """Return the way back to an earlier state of a week; ``current`` are the slots of both as they are saved.

    Days, hours, locks and skips come back; a slot that has been posted stays, and so does one that was written since
    it was added. A slot keeps the status its draft has earned meanwhile.
    """
    edited = [_restored(slot, current.get(slot.id)) for slot in before.slots]
    known = {slot.id for slot in before.slots}
    added = [slot for slot in now.slots if slot.id not in known]
    kept = [slot for slot in added if slot.status is not Status.PLANNED]
    week = replace(before, slots=tuple(sorted([*edited, *kept], key=lambda slot: (slot.when, slot.id))))
    change = Change(
        slots=[slot for slot in edited if slot != current.get(slot.id)],
        deleted=[slot.id for slot in added if slot not in kept],
    )
    return Proposal(week, diff(now, week), change)


def _restored(slot: Slot, current: Slot | None) -> Slot:
    if current is None:
        return slot
    if current.status is Status.POSTED:
        return current
    is_about_skipping = Status.SKIPPED in (slot.status, current.status)
    status = slot.status if is_about_skipping else current.status
    return replace(slot, status=status, version=current.version)
