"""The way of one post: drafted, reviewed, approved, posted, counted, and back again."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from studio.drafting.draft import Origin, Sections
from studio.drafting.writer import Rewrite
from studio.errors import ConflictError, InputError
from studio.planning.calendar import WeekId
from studio.vocabulary import Pillar, Status, Verdict


def test_a_template_draft_passes_the_review_and_says_where_it_came_from(planned, slots):
    for slot in slots:
        draft = planned.editorial.draft(slot.id, offline=True)
        assert draft.provenance.origin is Origin.TEMPLATE
        assert draft.provenance.rulepack == planned.reviewer.rules.version
        assert planned.proofreader.check(draft.sections, slot).report.verdict is not Verdict.BLOCK
    assert {slot.status for slot in planned.store.calendar.slots(slots[0].date, slots[-1].date)} == {Status.DRAFTED}


def test_a_number_nobody_stated_is_pointed_at_where_it_stands(planned, slots):
    sections = Sections(hook="开门", body="这批果子卖出去8888罐了。")
    report = planned.proofreader.check(sections, slots[0]).report
    (issue,) = [item for item in report.findings if item.code.startswith("FACT")]
    assert "8888" in sections.text[issue.start : issue.end] == issue.text
    assert report.verdict is not Verdict.PASS


def test_what_blocks_cannot_be_approved_and_what_is_mended_can(planned, slots):
    draft = planned.editorial.draft(slots[0].id, offline=True)
    bad = planned.editorial.edit(draft, draft.sections.with_section("body", "这是全国最顶级的枸杞,包治百病。"))
    with pytest.raises(InputError, match="还不能通过"):
        planned.editorial.approve(slots[0].id)
    planned.editorial.edit(bad, draft.sections)
    assert planned.editorial.approve(slots[0].id).status is Status.APPROVED


def test_an_edit_after_approval_asks_for_approval_again(planned, slots):
    draft = planned.editorial.draft(slots[0].id, offline=True)
    planned.editorial.approve(slots[0].id)
    planned.editorial.edit(draft, draft.sections.with_section("hook", "换个说法。"))
    assert planned.store.calendar.slot(slots[0].id).status is Status.DRAFTED


def test_two_editors_of_one_draft_get_a_conflict_and_lose_nothing(planned, slots):
    draft = planned.editorial.draft(slots[0].id, offline=True)
    planned.editorial.edit(draft, draft.sections.with_section("hook", "甲的开头。"))
    with pytest.raises(ConflictError):
        planned.editorial.edit(draft, draft.sections.with_section("hook", "乙的开头。"))
    (saved,) = planned.store.drafts.for_slot(slots[0].id)
    assert saved.sections.hook == "甲的开头。"


def test_a_posted_slot_enters_the_library_and_the_mix_once(planned, slots):
    slot = slots[0]
    planned.editorial.draft(slot.id, offline=True)
    posts = planned.store.posts.count()
    post = planned.editorial.mark_posted(slot.id)
    assert planned.editorial.mark_posted(slot.id).id == post.id
    assert planned.store.posts.count() == posts + 1
    after = [item for item in planned.schedule.history(slot.date + timedelta(days=1)) if item.date == slot.date]
    assert [item.pillar for item in after].count(slot.pillar) == sum(
        other.pillar is slot.pillar for other in slots if other.date == slot.date
    )
    with pytest.raises(InputError, match="已经发出去"):
        planned.editorial.draft(slot.id, offline=True)
    assert planned.editorial.unpost(slot.id).status is Status.APPROVED
    assert planned.store.posts.count() == posts


def test_a_text_published_before_still_counts_when_it_is_posted_again(planned, slots):
    slot = slots[0]
    known = planned.store.posts.all()[0].text
    planned.editorial.take_handoff(slot.id, Sections(body=known))
    planned.editorial.mark_posted(slot.id)
    assert planned.store.calendar.slot(slot.id).status is Status.POSTED
    assert any(item.text == slot.theme for item in planned.schedule.history(slot.date + timedelta(days=1)))


def test_bad_examples_are_neither_history_nor_models_to_follow(planned):
    examples = {post.text for post in planned.store.posts.all() if post.is_example}
    assert examples
    everything = planned.schedule.history(WeekId(2026, 50).monday)
    assert not any(item.text and any(text.startswith(item.text) for text in examples) for item in everything)


def test_a_replan_leaves_alone_what_was_begun(planned, slots):
    draft = planned.editorial.draft(slots[2].id, offline=True)
    locked = planned.schedule.lock(slots[4], locked=True)
    planned.schedule.save(planned.schedule.plan(WeekId(2026, 48), posts=7, seed=9))
    after = {slot.id: slot for slot in planned.store.calendar.slots(slots[0].date, slots[-1].date)}
    assert after[slots[2].id].theme == slots[2].theme
    assert after[locked.id].when == locked.when
    assert planned.store.drafts.for_slot(slots[2].id)[0].id == draft.id
    assert len(after) == 7


def test_moving_a_slot_keeps_everything_else(planned, slots):
    when = datetime.combine(slots[0].date + timedelta(days=1), slots[0].time)
    moved = planned.schedule.move(slots[0], when)
    assert replace(moved, date=slots[0].date, version=1) == slots[0]


@pytest.mark.parametrize("instruction", [Rewrite.SHORTER, Rewrite.OPENER])
def test_a_quick_rewrite_by_rule_keeps_the_version_before(planned, slots, instruction):
    draft = planned.editorial.draft(slots[0].id, offline=True)
    changed = planned.editorial.rewrite(draft, instruction, offline=True)
    assert changed.version == draft.version + 1
    kept = [revision.sections for revision in planned.store.drafts.revisions(draft.id)]
    assert draft.sections in kept


def test_the_prompt_for_a_chat_tool_names_no_customer(planned, slots):
    nicknames = [customer.nickname for customer in planned.store.customers.all()]
    prompt = planned.editorial.prompt(slots[0])
    assert slots[0].theme in prompt
    assert not any(nickname in prompt for nickname in nicknames if len(nickname) >= 3)


def test_pillars_of_the_first_weeks_stay_near_the_target(demo_workspace):
    weeks = demo_workspace.schedule.plan(WeekId(2026, 48), 4, posts=14)
    total = {pillar: sum(slot.pillar is pillar for week in weeks for slot in week.slots) for pillar in Pillar}
    assert total[Pillar.PRODUCT] <= total[Pillar.LIFESTYLE]
    assert abs(total[Pillar.PRODUCT] - 0.3 * 56) <= 2


def test_the_third_product_post_of_a_day_is_told_so(planned, slots):
    day = slots[0].date
    for hour in (9, 12, 15):
        made = replace(slots[0], id=f"extra-{hour}", date=day, time=time(hour), pillar=Pillar.PRODUCT)
        planned.store.calendar.add(made)
    last = max(
        (slot for slot in planned.store.calendar.slots(day, day) if slot.pillar is Pillar.PRODUCT),
        key=lambda slot: slot.when,
    )
    codes = [
        item.code for item in planned.proofreader.check(Sections(body="今天装箱。"), last, similar=0).report.findings
    ]
    assert "CAL-ADS" in codes


def test_what_was_said_last_week_is_pointed_at_when_it_comes_again(planned, slots):
    planned.library.embed_missing()
    recent = [
        post
        for post in planned.store.posts.all()
        if post.posted_on and post.posted_on > slots[0].date - timedelta(days=15)
    ]
    check = planned.proofreader.check(Sections(body=recent[0].text), slots[0])
    assert any(item.code == "CAL-REPEAT" for item in check.report.findings)
    assert check.similar[0].post.id == recent[0].id
