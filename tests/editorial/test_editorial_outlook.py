"""What surrounds a plan: readers, playbooks, occasions, and what it adds up to."""

from dataclasses import replace
from datetime import date, time

import pytest

from studio.audience.customers import Customer
from studio.library.posts import Post
from studio.planning.calendar import WeekId
from studio.planning.playbooks import Running
from studio.vocabulary import Channel, Pillar, Status

WEEK = WeekId(2026, 48)


@pytest.fixture
def outlook(demo_workspace):
    return demo_workspace.outlook


def test_readers_are_sorted_again_when_customers_come(demo_workspace, outlook):
    before = outlook.readers()
    assert outlook.readers() is before
    assert sum(item.size for item in before.classes) == demo_workspace.store.customers.count()
    demo_workspace.store.customers.save([Customer("new-one", tags=frozenset({"新客"}))])
    assert len(outlook.readers().ids) == len(before.ids) + 1


def test_a_plan_gives_no_customer_more_than_two_ads_a_day(demo_workspace, outlook):
    demo_workspace.schedule.save(demo_workspace.schedule.plan(WEEK))
    seen = outlook.exposure(WEEK)
    assert seen.customers == demo_workspace.store.customers.count()
    assert seen.breaches == ()
    assert max(day.highest for day in seen.ads) <= 2


def test_too_many_ads_by_hand_are_told_with_their_day(demo_workspace, outlook):
    demo_workspace.schedule.save(demo_workspace.schedule.plan(WEEK))
    day = WEEK.days[2]
    for number, slot in enumerate(demo_workspace.store.calendar.slots(WEEK.days[0], WEEK.days[-1])[:4]):
        moved = replace(slot, pillar=Pillar.PRODUCT, channel=Channel.MOMENTS, date=day, time=time(9 + 3 * number))
        demo_workspace.store.calendar.update(moved)
    found = [breach for breach in outlook.exposure(WEEK).breaches if breach.day == day]
    assert found
    assert outlook.exposure(WEEK).ads[2].highest >= 4


def test_what_a_running_playbook_asks_for_is_known_to_the_plan(demo_workspace, outlook):
    playbooks, problems = outlook.playbooks()
    assert problems == []
    assert "launch" in playbooks
    product = demo_workspace.brand.products[0].id
    demo_workspace.store.playbooks.save(Running("", "launch", anchor=WEEK.days[2], product=product))
    known = outlook.known(WEEK, 1, frozenset())
    assert {request.playbook for request in known.requests} == {"launch"}
    planned = demo_workspace.schedule.plan(WEEK)[0]
    assert [slot for slot in planned.slots if slot.playbook == "launch"]
    demo_workspace.store.playbooks.save(Running("", "launch", anchor=WEEK.days[2], product="gone"))
    assert [problem for problem in outlook.problems(WEEK) if "gone" in problem.message]


def test_the_ledger_counts_what_went_out_once(demo_workspace, outlook):
    before = outlook.ledger().shop.published[Pillar.VALUE]
    demo_workspace.store.posts.add(
        [Post("extra", "临时加的一条小知识", Pillar.VALUE, Channel.MOMENTS, posted_on=date(2026, 11, 21))]
    )
    assert outlook.ledger().shop.published[Pillar.VALUE] == before + 1


def test_the_way_back_asks_for_what_is_missing_until_sunday(workspace):
    days = [date(2026, 11, day) for day in (16, 17, 18, 19)]
    workspace.store.posts.add(
        [Post(f"p{day.day}", f"第 {day.day} 天的产品", Pillar.PRODUCT, Channel.MOMENTS, posted_on=day) for day in days]
    )
    back = workspace.outlook.way_back()
    assert back.changes[Pillar.PRODUCT] <= 0
    assert back.changes[Pillar.LIFESTYLE] > 0
    assert back.sentence


def test_birthdays_are_told_as_a_number_without_names(workspace):
    workspace.store.customers.save([Customer(f"c{n}", nickname="老王", birthday="11-25") for n in range(3)])
    found = [item for item, _ in workspace.outlook.occasions(WEEK.days[0], WEEK.days[-1]) if item.name == "客户生日"]
    assert [item.start for item in found] == [date(2026, 11, 25)]
    assert "3" in found[0].note
    assert "老王" not in str(found)


def test_a_theme_close_to_what_was_just_posted_waits(workspace):
    text = "下雨天在棚里挑枸杞，潮的另放一边"
    workspace.store.posts.add(
        [Post("rain", text, Pillar.LIFESTYLE, Channel.MOMENTS, posted_on=date(2026, 11, 18), segment="baoma")]
    )
    closeness = workspace.library.closeness()
    assert closeness.is_close(text, "baoma", date(2026, 11, 25))
    assert not closeness.is_close(text, "laoke", date(2026, 11, 25))
    assert not closeness.is_close(text, "baoma", date(2026, 12, 25))
    assert not closeness.is_close("冬天的手套怎么洗", "baoma", date(2026, 11, 25))


def test_messages_left_this_month_fall_with_what_stands(demo_workspace, outlook):
    free = outlook.known(WEEK, 1, frozenset()).direct_left[2026, 11]
    slot = demo_workspace.schedule.plan(WEEK)[0].slots[0]
    earlier = replace(
        slot, id="earlier", date=date(2026, 11, 5), channel=Channel.DIRECT, segment=None, status=Status.APPROVED
    )
    demo_workspace.store.calendar.add(earlier)
    left = outlook.known(WEEK, 1, frozenset()).direct_left[2026, 11]
    assert all(left[readers] == count - 1 for readers, count in free.items())


def test_a_product_taken_off_sale_and_a_crowd_are_told_for_their_week(demo_workspace):
    week = WeekId(2026, 49)
    schedule = demo_workspace.schedule
    schedule.save(schedule.plan(week))
    assert not [item for item in demo_workspace.outlook.problems(week) if item.source == "周历"]
    first, second = demo_workspace.store.calendar.slots(week.days[0], week.days[-1])[:2]
    schedule.move(second, first.when)
    brand, version = demo_workspace.store.brand.load()
    products = tuple(item.model_copy(update={"on_sale": False}) for item in brand.products)
    gone = brand.model_copy(update={"products": products})
    demo_workspace.store.brand.save(gone, version)
    said = [item.message for item in demo_workspace.outlook.problems(week) if item.source == "周历"]
    assert any("挤在一起" in message for message in said)
    assert any("不卖了" in message for message in said)
