"""The weeks of a shop: planned, adjusted with least change, kept with their history.

What becomes of a single post is :class:`~studio.editorial.Editorial`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from studio.errors import InputError
from studio.planning.calendar import Slot, Week, WeekId
from studio.vocabulary import Status

if TYPE_CHECKING:
    from studio.library.posts import Post
    from studio.planning.known import Known
    from studio.planning.past import Counts
    from studio.planning.revision import Change, Proposal
    from studio.planning.rules import Published
    from studio.store.repositories.calendar import Revision
    from studio.workspace import Workspace

BLOCKED_DAYS = "blocked-days"
HISTORY_DAYS = 364
"""How far back a plan looks: the mix needs four weeks, themes and products a year."""


class Schedule:
    """The planned weeks of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._store = workspace.store

    def today(self) -> date:
        """Return the shop's date now."""
        return self._workspace.clock().date()

    def _now(self) -> datetime:
        return self._workspace.clock().replace(tzinfo=None)

    def plan(
        self, start: WeekId, weeks: int = 1, *, seed: int = 0, posts: int | None = None, from_now: bool = False
    ) -> list[Week]:
        """Return planned weeks, not saved: slots already begun or locked stand, the rest is made anew.

        ``from_now`` leaves what is past of the current week alone.
        """
        existing = self._store.calendar.slots(start.monday, start.plus(weeks).monday - timedelta(days=1))
        return self._workspace.planner().plan(
            start,
            weeks,
            seed=seed,
            posts=posts,
            history=self.history(start.monday),
            existing=existing,
            opens=self._now() if from_now else None,
            known=self.known(start, weeks),
        )

    def past_unsaved(self, start: WeekId, weeks: int = 1) -> list[WeekId]:
        """Return which of these weeks are over and were never saved: there is nothing left to plan in them."""
        ids = [start.plus(offset) for offset in range(weeks)]
        return [item for item in ids if item.days[-1] < self.today() and self._store.calendar.week(item) is None]

    def is_running(self, week_id: WeekId) -> bool:
        """Whether this is the week of today."""
        return week_id == WeekId.of(self.today())

    def check_savable(self, start: WeekId, weeks: int = 1) -> None:
        """Raise :class:`InputError` when one of these weeks is over and was never saved."""
        over = self.past_unsaved(start, weeks)
        if over:
            raise InputError(f"{'、'.join(map(str, over[:3]))} 已经过去了，没有排，也没有存。换成本周或以后的周再试。")

    def week(self, week_id: WeekId) -> Week | None:
        """Return a saved week with the mix its slots, the past and the settings make now; None when not planned."""
        saved = self._store.calendar.week(week_id)
        return self.weighed(saved) if saved else None

    def weighed(self, week: Week) -> Week:
        """Return a week with its mix worked out anew; skipped slots do not count."""
        from studio.planning.past import by_week, mix_of

        before = [(post.date, post.pillar) for post in self.history(week.id.monday)]
        ledger = by_week(before, week.id)
        return replace(week, mix=mix_of(self._workspace.plan_rules, ledger, week.slots))

    def due(self, week: Week) -> Counts:
        """Return how many posts of each pillar a saved week gets by the target and the weeks before it."""
        from studio.planning.filling import due
        from studio.planning.past import by_week

        past = [(post.date, post.pillar) for post in self.history(week.id.monday)]
        planned = self._store.calendar.week(week.id) or week
        return due(replace(planned, slots=week.slots), self._workspace.plan_rules.mix, by_week(past, week.id))

    def short_of(self, week: Week) -> Counts:
        """Return how many posts of each pillar a saved week is missing."""
        from studio.planning.filling import short

        return short(week, self.due(week))

    def filled(self, week: Week) -> Proposal:
        """Return a saved week with posts for what it is short of, where the rules leave room: to accept or refuse."""
        from studio.planning.filling import filled, size
        from studio.planning.revision import Change, Proposal, diff

        held = [replace(slot, locked=True) for slot in week.slots]
        fresh = self._workspace.planner().plan(
            week.id,
            seed=week.seed,
            posts=size(week),
            history=self.history(week.id.monday),
            existing=[*held, *self._around(week.id)],
            opens=self._now(),
            known=self.known(week.id),
        )[0]
        after = filled(week, fresh, self.short_of(week))
        return Proposal(after, diff(week, after), Change())

    def known(self, start: WeekId, weeks: int = 1) -> Known:
        """Return what a plan of these weeks can use besides the shop, its rules and its past."""
        days = {day for offset in range(weeks) for day in start.plus(offset).days}
        return self._workspace.outlook.known(start, weeks, frozenset(self.blocked_days() & days))

    def save(self, weeks: Sequence[Week], reason: str = "重新排") -> None:
        """Keep planned weeks; slots somebody has begun meanwhile stay as they are. Earlier states stay in history."""
        self._store.calendar.save_weeks(weeks, reason)

    def adjust(self, week_id: WeekId, change: Change) -> Proposal:
        """Return a saved week after a change, as little touched as can be: to accept or refuse, nothing is saved.

        Raises :class:`InputError` when the week has not been planned.
        """
        week = self._store.calendar.week(week_id)
        if week is None:
            raise InputError(f"{week_id} 还没有排过，先排好再调整。")
        return self._workspace.planner().adjust(
            week,
            change,
            history=self.history(week_id.monday),
            existing=self._around(week_id),
            opens=self._now(),
            known=self.known(week_id),
        )

    def _around(self, week_id: WeekId) -> list[Slot]:
        """Return the slots of the weeks before and after."""
        slots = self._store.calendar.slots(week_id.plus(-1).monday, week_id.plus(1).days[-1])
        return [slot for slot in slots if slot.week != week_id]

    def accept(self, proposal: Proposal, reason: str) -> None:
        """Save a proposal; the week as it was before stays in its history.

        Raises :class:`~studio.errors.ConflictError` when a slot of the change was edited meanwhile.
        """
        change = proposal.change
        self._store.calendar.accept(proposal.week, change.slots, list(change.deleted), reason)
        if change.blocked:
            self.block(change.blocked)

    def revisions(self, week_id: WeekId) -> list[Revision]:
        """Return what a week was before each change, newest first."""
        return self._store.calendar.revisions(week_id)

    def undo(self, week_id: WeekId) -> Week | None:
        """Bring a week back to what it was before the last change, and return it; None when there was none.

        Undoing twice brings back what was undone.
        """
        known = self.revisions(week_id)
        return self.go_back(week_id, known[0].id) if known else None

    def go_back(self, week_id: WeekId, revision_id: str) -> Week:
        """Bring a week back to what it was at a revision, and return it.

        Days, hours, locks and skips come back; what was posted or written since stays. Raises :class:`InputError`
        when the revision is not kept any more.
        """
        from studio.planning.revision import undoing

        revision = next((item for item in self.revisions(week_id) if item.id == revision_id), None)
        now = self._store.calendar.week(week_id)
        if revision is None or now is None:
            raise InputError("这条改动记录已经太旧，没有留着。这一周没有变。")
        ids = dict.fromkeys(slot.id for slot in (*now.slots, *revision.plan.slots))
        proposal = undoing(now, revision.plan, self._store.calendar.named(list(ids)))
        self.accept(proposal, f"撤销「{revision.reason}」")
        return proposal.week

    def blocked_days(self) -> set[date]:
        """Return the days on which the shop posts nothing."""
        return {date.fromisoformat(day) for day in self._store.memos.get(BLOCKED_DAYS) or []}

    def block(self, days: Collection[date], *, blocked: bool = True) -> None:
        """Keep days free of posts in all plans to come, or open them again. Days long past are forgotten."""
        since = self.today() - timedelta(days=HISTORY_DAYS)
        now = self.blocked_days() | set(days) if blocked else self.blocked_days() - set(days)
        self._store.memos.set(BLOCKED_DAYS, sorted(day.isoformat() for day in now if day >= since))

    def history(self, before: date) -> list[Published]:
        """Return what counts as published before a day: what was posted, and what is planned from today on."""
        from studio.planning.rules import Published

        since = before - timedelta(days=HISTORY_DAYS)
        today = self.today()
        free = [post for post in self._store.posts.between(since, before - timedelta(days=1)) if post.slot_id is None]
        slots = [
            Published(slot.date, slot.pillar, slot.segment, slot.theme, slot.product, slot.channel)
            for slot in self._store.calendar.slots(since, before - timedelta(days=1))
            if slot.status is Status.POSTED or (slot.date >= today and slot.status is not Status.SKIPPED)
        ]
        return sorted([*published(free), *slots], key=lambda item: item.date)

    def move(self, slot: Slot, when: datetime) -> Slot:
        """Move a slot to another time."""
        return self._store.calendar.update(replace(slot, date=when.date(), time=when.time()))

    def lock(self, slot: Slot, *, locked: bool) -> Slot:
        """Hold a slot against re-planning, or let it go."""
        return self._store.calendar.update(replace(slot, locked=locked))


def published(posts: Iterable[Post], products: Mapping[str, str | None] | None = None) -> list[Published]:
    """Return the posts that went out as a plan sees them; ``products`` are what the slots' posts are about, by slot."""
    from studio.planning.rules import Published

    about = products or {}
    return [
        Published(
            post.posted_on,
            post.pillar,
            post.segment,
            post.title or post.text[:20],
            about.get(post.slot_id or ""),
            post.channel,
        )
        for post in posts
        if post.posted_on and post.pillar and not post.is_example
    ]
