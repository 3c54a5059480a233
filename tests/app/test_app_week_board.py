"""The page 周历 without a browser: what a change does, that it is offered before it is made, and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import studio
from studio.app.ui.week_board import dropped
from studio.app.ui.week_dialogs import ASKED
from studio.errors import InputError
from studio.planning.calendar import WeekId
from studio.planning.playbooks import Running
from studio.vocabulary import Pillar, Status

MAIN = Path(studio.__file__).parent / "app" / "main.py"


@pytest.fixture
def shop(demo_workspace, monkeypatch):
    """The sample shop with a planned week that lies ahead of every clock this runs at."""
    week = WeekId.of(date.today() + timedelta(days=14))
    monkeypatch.setenv("STUDIO_WORKSPACE", str(demo_workspace.root))
    demo_workspace.schedule.save(demo_workspace.schedule.plan(week, posts=10))
    demo_workspace.week = week
    return demo_workspace


def opened(shop, *asked):
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["week"] = str(shop.week)
    app.run().switch_page("views/week.py")
    if asked:
        app.session_state[ASKED] = asked
    app.run()
    assert not app.exception, app.exception
    return app


def slots_of(shop):
    return shop.store.calendar.slots(shop.week.days[0], shop.week.days[-1])


def places(shop):
    return {slot.id: (slot.when, slot.theme, slot.locked, slot.status) for slot in slots_of(shop)}


def words(app):
    """Return what the page says, without the escapes of Markdown."""
    shown = [*app.markdown, *app.caption, *app.warning, *app.error]
    return "\n".join(item.value for item in shown).replace("\\", "")


def labels(app):
    return [button.label for button in app.button]


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception, app.exception


def test_a_moved_slot_tells_what_it_did_and_undo_brings_it_back(shop):
    before = places(shop)
    slot = slots_of(shop)[0]
    app = opened(shop, "slot", slot.id)
    app.date_input(key=f"date_{slot.id}").set_value(shop.week.days[6])
    app.time_input(key=f"time_{slot.id}").set_value(time(15, 15))
    press(app, "挪过去")
    moved = shop.store.calendar.slot(slot.id)
    assert moved.when == datetime.combine(shop.week.days[6], time(15, 15))
    assert moved.locked
    assert "挪到周日 15:15" in words(app)
    press(app, "撤销")
    assert places(shop) == before
    assert "撤销" not in labels(app)


def test_a_time_that_is_over_is_refused_in_words(shop):
    before = places(shop)
    slot = slots_of(shop)[0]
    app = opened(shop, "slot", slot.id)
    app.date_input(key=f"date_{slot.id}").set_value(date.today())
    app.time_input(key=f"time_{slot.id}").set_value(time(0, 0))
    press(app, "挪过去")
    assert "已经过去了" in words(app)
    assert places(shop) == before


def test_a_move_to_where_it_is_changes_nothing(shop):
    slot = slots_of(shop)[0]
    app = opened(shop, "slot", slot.id)
    press(app, "挪过去")
    assert "没有变" in words(app)
    assert shop.store.calendar.slot(slot.id) == slot


def test_a_skipped_post_changes_the_mix_at_once_and_comes_back(shop):
    slot = slots_of(shop)[0]
    app = opened(shop, "slot", slot.id)
    press(app, "这条不发了")
    assert shop.store.calendar.slot(slot.id).status is Status.SKIPPED
    count = sum(item.pillar is slot.pillar for item in slots_of(shop))
    assert f"这周{slot.pillar.label} {count} → {count - 1} 条" in words(app)
    press(app, "撤销")
    assert shop.store.calendar.slot(slot.id).status is Status.PLANNED


def test_a_written_post_that_was_skipped_is_restored_as_written(shop):
    slot = slots_of(shop)[0]
    shop.editorial.draft(slot.id, offline=True)
    app = opened(shop, "slot", slot.id)
    press(app, "这条不发了")
    app = opened(shop, "slot", slot.id)
    press(app, "恢复这一条")
    assert shop.store.calendar.slot(slot.id).status is Status.DRAFTED


def test_a_deleted_post_is_gone_and_undo_brings_it_back(shop):
    before = places(shop)
    slot = slots_of(shop)[0]
    app = opened(shop, "slot", slot.id)
    press(app, "删掉")
    assert slot.id not in places(shop)
    press(app, "撤销")
    assert places(shop) == before


def test_a_post_with_a_draft_can_be_skipped_but_not_deleted(shop):
    slot = slots_of(shop)[0]
    shop.editorial.draft(slot.id, offline=True)
    app = opened(shop, "slot", slot.id)
    assert "这条不发了" in labels(app)
    assert "删掉" not in labels(app)


def test_a_post_of_ones_own_is_added_to_its_day_and_held_there(shop):
    before = places(shop)
    app = opened(shop, "day", shop.week.days[2].isoformat())
    app.text_input(key="new_theme").set_value("新一批到货了")
    press(app, "加上")
    added = [slot for slot in slots_of(shop) if slot.id not in before]
    assert [(slot.date, slot.theme, slot.locked) for slot in added] == [(shop.week.days[2], "新一批到货了", True)]
    press(app, "撤销")
    assert places(shop) == before


def test_a_post_without_a_theme_is_not_added(shop):
    before = places(shop)
    app = opened(shop, "day", shop.week.days[2].isoformat())
    press(app, "加上")
    assert "还没有写讲什么" in words(app)
    assert places(shop) == before


def test_a_sick_day_is_shown_first_and_done_only_when_accepted(shop):
    before = places(shop)
    day = slots_of(shop)[0].date
    app = opened(shop, "day", day.isoformat())
    press(app, "这天不发")
    assert "现在还没有动" in words(app)
    assert places(shop) == before
    assert shop.schedule.blocked_days() == set()
    press(app, "接受")
    assert shop.schedule.blocked_days() == {day}
    assert not [slot for slot in slots_of(shop) if slot.date == day]
    press(app, "撤销")
    assert places(shop) == before
    assert shop.schedule.blocked_days() == set()


def test_another_arrangement_is_shown_first_and_refusing_it_changes_nothing(shop):
    before = places(shop)
    app = opened(shop)
    press(app, "重新排")
    assert "现在还没有动" in words(app)
    press(app, "不用")
    assert places(shop) == before
    press(app, "重新排")
    press(app, "接受")
    assert places(shop) != before
    press(app, "撤销")
    assert places(shop) == before


def test_the_rest_makes_room_for_a_post_that_was_moved_next_to_another(shop):
    first, other = slots_of(shop)[0], slots_of(shop)[-1]
    app = opened(shop, "slot", first.id)
    app.date_input(key=f"date_{first.id}").set_value(other.date)
    app.time_input(key=f"time_{first.id}").set_value(other.time)
    press(app, "挪过去")
    before = places(shop)
    press(app, "顺着调整其余的")
    assert other.theme in words(app)
    assert places(shop) == before
    press(app, "接受")
    assert shop.store.calendar.slot(first.id).when == other.when
    assert other.when != shop.store.calendar.slot(other.id).when


def test_a_product_that_is_sold_out_is_named_with_a_way_to_replace_it(shop):
    brand, version = shop.store.brand.load()
    slot = next(slot for slot in slots_of(shop) if slot.product)
    products = [
        item.model_copy(update={"on_sale": item.on_sale and item.id != slot.product}) for item in brand.products
    ]
    shop.store.brand.save(brand.model_copy(update={"products": tuple(products)}), version)
    app = opened(shop)
    assert "不在售了" in words(app)
    assert "锁定或写过" not in words(app)
    press(app, "顺着调整其余的")
    press(app, "接受")
    assert slot.product not in {item.product for item in slots_of(shop)}


def test_a_product_that_is_gone_is_told_and_a_locked_post_about_it_is_left_to_the_merchant(shop):
    brand, version = shop.store.brand.load()
    slot = next(slot for slot in slots_of(shop) if slot.product)
    shop.schedule.lock(slot, locked=True)
    left = tuple(item for item in brand.products if item.id != slot.product)
    shop.store.brand.save(brand.model_copy(update={"products": left}), version)
    about = [item for item in slots_of(shop) if item.product == slot.product]
    app = opened(shop)
    assert f"还有 {len(about)} 条讲它。其中 1 条锁定或写过" in words(app)
    assert ("顺着调整其余的" in labels(app)) == (len(about) > 1)


def test_what_a_skipped_post_leaves_short_is_offered_and_only_that_is_added(shop):
    slot = slots_of(shop)[0]
    app = opened(shop, "slot", slot.id)
    press(app, "这条不发了")
    assert f"{slot.pillar.label} " in words(app)
    assert "还差 1 条" in words(app)
    before = places(shop)
    press(app, "顺着调整其余的")
    assert "补上还差的 1 条" in words(app)
    assert places(shop) == before
    press(app, "接受")
    after = slots_of(shop)
    added = [item for item in after if item.id not in before]
    assert [item.pillar for item in added] == [slot.pillar]
    assert {item.id: places(shop)[item.id] for item in after if item not in added} == before
    assert "还差 1 条" not in words(app)


def test_the_head_follows_posts_added_by_hand(shop):
    app = opened(shop, "day", shop.week.days[2].isoformat())
    for theme in ("甲", "乙", "丙"):
        app.session_state[ASKED] = ("day", shop.week.days[2].isoformat())
        app.run()
        app.text_input(key="new_theme").set_value(theme)
        press(app, "加上")
    counts = {pillar: sum(slot.pillar is pillar for slot in slots_of(shop)) for pillar in Pillar}
    assert f"产品 {counts[Pillar.PRODUCT]} 条**] 多 2 条" in words(app)


def test_an_offer_made_before_the_week_changed_elsewhere_is_made_anew_and_overwrites_nothing(shop):
    app = opened(shop)
    press(app, "重新排")
    gone, moved = slots_of(shop)[0], slots_of(shop)[-1]
    shop.editorial.set_status(gone.id, Status.SKIPPED)
    shop.schedule.lock(moved, locked=True)
    before = places(shop)
    press(app, "接受")
    assert "刚在别处改过" in words(app)
    assert places(shop) == before
    assert "接受" in labels(app)
    press(app, "接受")
    assert places(shop)[gone.id] == before[gone.id]
    assert places(shop)[moved.id] == before[moved.id]


def delete(shop, slot):
    week = shop.store.calendar.week(shop.week)
    left = tuple(item for item in week.slots if item.id != slot.id)
    shop.store.calendar.accept(replace(week, slots=left), [], [slot.id], "删掉了")


def test_a_card_that_was_deleted_elsewhere_is_told(shop):
    slot = slots_of(shop)[0]
    delete(shop, slot)
    assert "刚在别处删掉了" in words(opened(shop, "slot", slot.id))


def test_a_post_deleted_elsewhere_while_its_dialog_is_open_does_not_come_back(shop):
    slot = slots_of(shop)[0]
    app = opened(shop, "slot", slot.id)
    delete(shop, slot)
    press(app, "这条不发了")
    assert "刚在别处删掉了" in words(app)
    assert slot.id not in places(shop)


def test_a_day_more_than_a_year_away_is_refused_in_words(shop):
    before = places(shop)
    slot = slots_of(shop)[0]
    app = opened(shop, "slot", slot.id)
    app.date_input(key=f"date_{slot.id}").set_value(date(2150, 1, 1))
    press(app, "挪过去")
    assert "太远了" in words(app)
    assert places(shop) == before


def test_a_moved_post_says_that_it_was_moved_by_hand(shop):
    slot = slots_of(shop)[0]
    app = opened(shop, "slot", slot.id)
    app.date_input(key=f"date_{slot.id}").set_value(shop.week.days[6])
    press(app, "挪过去")
    assert shop.store.calendar.slot(slot.id).why == "你挪到这里"


def test_a_day_kept_free_tells_of_its_locked_post_once(shop):
    slot = slots_of(shop)[0]
    shop.schedule.lock(slot, locked=True)
    app = opened(shop, "day", slot.date.isoformat())
    press(app, "这天不发")
    assert words(app).count("已定的没有动") + words(app).count("锁定或写过的") == 1


def test_a_week_without_a_plan_is_not_said_to_lack_the_playbook(shop):
    shop.store.playbooks.save(Running(id="", playbook="weekly-group"))
    shop.week = shop.week.plus(1)
    app = opened(shop)
    press(app, "剧本")
    assert "这一周还没排" in words(app)


def test_a_week_planned_just_now_is_shown_in_full(shop):
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    week = shop.week.plus(1)
    app.query_params["week"] = str(week)
    app.run().switch_page("views/week.py").run()
    press(app, "生成这一周")
    assert shop.store.calendar.week(week) is not None
    assert any(label.startswith("写好这") for label in labels(app))


def test_the_playbooks_open_and_a_running_one_can_be_paused_and_stopped(shop):
    run = shop.store.playbooks.save(Running(id="", playbook="weekly-group"))
    app = opened(shop)
    press(app, "剧本")
    assert "周" in words(app)
    press(app, "暂停")
    assert shop.store.playbooks.all()[0].paused
    press(app, "剧本")
    press(app, "停掉")
    assert run.id not in {item.id for item in shop.store.playbooks.all()}


def test_starting_a_playbook_shows_what_it_puts_into_the_week(shop):
    app = opened(shop)
    app.session_state["playbook_weekly-group"] = True
    press(app, "剧本")
    press(app, "开始")
    assert [run.playbook for run in shop.store.playbooks.all()] == ["weekly-group"]
    assert "排进剧本" in words(app)
    press(app, "接受")
    assert "weekly-group" in {slot.playbook for slot in slots_of(shop)}


def test_a_playbook_does_not_start_on_a_day_that_is_over(shop):
    known, _ = shop.outlook.playbooks()
    playbook = next(item for item in known.values() if item.needs_anchor)
    app = opened(shop)
    app.session_state[f"playbook_{playbook.id}"] = True
    press(app, "剧本")
    app.date_input(key=f"anchor_{playbook.id}").set_value(date.today() - timedelta(days=1))
    press(app, "开始")
    assert "已经过去了，没有开始" in words(app)
    assert shop.store.playbooks.all() == []


def test_the_occasions_are_saved_into_the_shops_own_file(shop):
    app = opened(shop)
    press(app, "节点")
    press(app, "保存节点")
    assert (shop.overlay("occasions") / "own.yaml").exists()
    assert not app.error


def test_the_history_lists_changes_and_leads_back(shop):
    before = places(shop)
    app = opened(shop, "slot", slots_of(shop)[0].id)
    press(app, "这条不发了")
    press(app, "改动")
    assert "不发了" in words(app)
    press(app, "回到这之前")
    assert places(shop) == before


def test_the_month_opens_without_a_complaint(shop):
    app = opened(shop)
    app.session_state["week_view"] = "月"
    app.run()
    assert not app.exception
    assert "上个月" in labels(app)


@pytest.mark.parametrize("message", [None, {}, {"id": "a"}, {"id": "a", "date": "x", "time": "20:00"}, [1], "x"])
def test_a_drop_that_makes_no_sense_is_refused_in_words(message):
    with pytest.raises(InputError, match="没有看懂"):
        dropped(message)
