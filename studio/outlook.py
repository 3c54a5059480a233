"""What surrounds a plan: who reads, when, what playbooks owe, what the calendar brings, and what it all adds up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from studio.planning.calendar import Slot, WeekId
from studio.schedule import HISTORY_DAYS, published
from studio.vocabulary import Status

if TYPE_CHECKING:
    from studio.audience.customers import Customer
    from studio.audience.tiers import Tiers
    from studio.errors import Problem
    from studio.planning.exposure import Exposure
    from studio.planning.inputs import AudienceClass, Request, Touch
    from studio.planning.known import Known, Month
    from studio.planning.ledger import Ledger, WayBack
    from studio.planning.limits import Limits
    from studio.planning.occasion_relevance import Relevance
    from studio.planning.occasions import Occasion
    from studio.planning.playbook_files import Playbook
    from studio.planning.readers import Classes
    from studio.planning.rules import Published
    from studio.workspace import Workspace


class Outlook:
    """The readers, playbooks and occasions of one workspace, as a plan needs them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._store = workspace.store
        self._customers: tuple[str, list[Customer]] = ("", [])
        self._readers: tuple[tuple[object, ...], Classes] | None = None

    def known(self, start: WeekId, weeks: int, blocked: frozenset[date]) -> Known:
        """Return what a plan of these weeks can use; ``blocked`` days are passed on."""
        from studio.insights.timing import best_hours
        from studio.planning.known import Known, reached_by

        days = start.monday, start.plus(weeks - 1).days[-1]
        brand, readers = self._workspace.brand, self.readers()
        class_of = dict(zip(readers.ids, (readers.classes[row] for row in readers.index.tolist()), strict=False))
        defaults = {segment.id: segment.best_hours for segment in brand.segments}
        return Known(
            audience=readers.classes if readers.ids else (),
            hours=best_hours(self._store.posts.all(), defaults),
            requests=self._requests(*days)[0],
            reached=reached_by(self.touches(*days), class_of),
            direct_left=self._direct_left(*days, readers),
            blocked=blocked,
            close=self._workspace.library.closeness().is_close,
        )

    def exposure(self, week: WeekId) -> Exposure:
        """Return what a saved week means to every customer, the other weeks of its months counted in."""
        from studio.planning.exposure import exposure
        from studio.planning.seen import Traffic

        since, until = _whole_months(week.days[0], week.days[-1])
        slots = self._store.calendar.slots(since, until)
        traffic = Traffic(slots, self.touches(since, until))
        close = self._workspace.library.closeness().is_close
        return exposure([week], self.readers(), traffic, self._workspace.plan_rules, self.limits(), close=close)

    def ledger(self) -> Ledger:
        """Return how far what went out, and what is planned until Sunday, stands from the mix."""
        from studio.planning.ledger import ledger

        products = [item.id for item in self._workspace.brand.products if item.on_sale]
        return ledger(self._published(), self._this_week(), self._workspace.plan_rules.mix, self._today(), products)

    def way_back(self) -> WayBack:
        """Return what to post, besides what is planned, to be back at the mix by Sunday."""
        from studio.planning.ledger import to_get_back

        rules = self._workspace.plan_rules
        return to_get_back(self._published(), self._this_week(), rules.mix, self._today(), rules.posts_per_week)

    def occasions(self, since: date, until: date) -> list[tuple[Occasion, Relevance]]:
        """Return the occasions of some days, the customers' birthdays among them, most fitting for the shop first,
        each with how fitting it is and why.
        """
        from studio.audience.customers import birthdays
        from studio.planning.occasion_relevance import ranked
        from studio.planning.occasions import birthdays_by_day, occasions_between

        found, _ = occasions_between(since, until, self._workspace.shipped_and_overlay("occasions"))
        days = birthdays(self.customers(), since, until)
        return ranked([*found, *birthdays_by_day(days, "客户表", self._today())], self._workspace.brand)

    def problems(self, week: WeekId) -> list[Problem]:
        """Return what is wrong or missing around a week: in its posts, the user's files, segments and playbooks."""
        from studio.planning.playbooks import clashes, problems
        from studio.planning.troubles import coming, crowded, unsold

        days = week.days[0], week.days[-1]
        slots = coming(self._store.calendar.slots(*days), self._today())
        known, wrong = self.playbooks()
        requests, of_occasions = self._requests(*days)
        return [
            *unsold(slots, self._workspace.brand),
            *crowded(slots, self._workspace.plan_rules.min_gap_minutes),
            *wrong,
            *of_occasions,
            *self._read_tiers()[1],
            *self._read_limits()[1],
            *self.readers().problems,
            *problems(self._store.playbooks.all(), known, self._workspace.brand),
            *clashes(requests),
        ]

    def playbooks(self) -> tuple[Mapping[str, Playbook], list[Problem]]:
        """Return the playbooks by id, the user's own among them, and what is wrong in the files."""
        from studio.planning.playbook_files import read_playbooks

        return read_playbooks(self._workspace.shipped_and_overlay("playbooks"))

    def touches(self, since: date, until: date) -> list[Touch]:
        """Return the one-to-one messages that running playbooks owe customers on some days."""
        from studio.planning.playbook_touches import touches

        running = self._store.playbooks.all()
        if not running:
            return []
        known, brand = self.playbooks()[0], self._workspace.brand
        return touches(running, known, brand, self.customers(), tiers=self.tiers(), since=since, until=until)

    def customers(self) -> list[Customer]:
        """Return every customer, read again only when there are others."""
        revision = self._store.customers.revision()
        if self._customers[0] != revision:
            self._customers = revision, self._store.customers.all()
        return self._customers[1]

    def readers(self) -> Classes:
        """Return the customers by what they see today."""
        from studio.planning.readers import classes

        customers, brand, tiers = self.customers(), self._workspace.brand, self.tiers()
        basis = (self._customers[0], brand.segments, self._today(), tiers)
        if self._readers is None or self._readers[0] != basis:
            self._readers = basis, classes(customers, brand.segments, self._today(), tiers)
        return self._readers[1]

    def tiers(self) -> Tiers:
        """Return the thresholds of the tiers, the user's own on top."""
        return self._read_tiers()[0]

    def limits(self) -> Limits:
        """Return the official limits of WeChat and WeCom."""
        return self._read_limits()[0]

    def _read_tiers(self) -> tuple[Tiers, list[Problem]]:
        from studio.audience.tiers import read_tiers

        return read_tiers(self._workspace.shipped_and_overlay("tiers.yaml"))

    def _read_limits(self) -> tuple[Limits, list[Problem]]:
        from studio.planning.limits import read_limits

        return read_limits(self._workspace.shipped_and_overlay("limits"))

    def _requests(self, since: date, until: date) -> tuple[list[Request], list[Problem]]:
        from studio.planning.occasions import occasions_between
        from studio.planning.playbooks import REACH, requests

        folders = self._workspace.shipped_and_overlay("occasions")
        occasions, wrong = occasions_between(since - REACH, until + REACH, folders)
        running = self._store.playbooks.all()
        if not running:
            return [], wrong
        known, brand = self.playbooks()[0], self._workspace.brand
        return requests(running, known, brand, since=since, until=until, occasions=occasions), wrong

    def _direct_left(self, since: date, until: date, readers: Classes) -> dict[Month, dict[AudienceClass, int]]:
        from studio.planning.exposure import direct_left
        from studio.planning.seen import Traffic

        if not readers.ids:
            return {}
        first, last = _whole_months(since, until)
        standing = [slot for slot in self._store.calendar.slots(first, last) if not since <= slot.date <= until]
        traffic = Traffic(standing, self.touches(first, last))
        months = sorted({(day.year, day.month) for day in (since, until)})
        return {
            month: dict(
                zip(readers.classes, direct_left(readers, traffic, date(*month, 1), self.limits()), strict=True)
            )
            for month in months
        }

    def _published(self) -> list[Published]:
        """Return what has really gone out in the last year, today included."""
        today = self._today()
        since = today - timedelta(days=HISTORY_DAYS)
        products = {slot.id: slot.product for slot in self._store.calendar.slots(since, today)}
        return sorted(published(self._store.posts.between(since, today), products), key=lambda post: post.date)

    def _this_week(self) -> Sequence[Slot]:
        days = WeekId.of(self._today()).days
        return [slot for slot in self._store.calendar.slots(days[0], days[-1]) if slot.status is not Status.SKIPPED]

    def _today(self) -> date:
        return self._workspace.clock().date()


def _whole_months(since: date, until: date) -> tuple[date, date]:
    """Return the first day of the first month and the last of the last."""
    after = (until.replace(day=28) + timedelta(days=4)).replace(day=1)
    return since.replace(day=1), after - timedelta(days=1)
