"""What the page 周历 works out before it shows anything: cards, effects, the way back, the month, the own dates."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.ui.occasion_dialog import changes_from, dates_from, weight_word
from studio.app.ui.occasion_file import OwnOccasions, read_own, save_own
from studio.app.ui.week_cards import Around, day_cards, slot_cards
from studio.app.ui.week_changes import matched
from studio.app.ui.week_effects import Standing, effects, new_breaches
from studio.app.ui.week_month import month_cells, weeks_of
from studio.app.ui.week_words import ago_words, quality_words, step_words
from studio.brand import Brand, Product, Segment
from studio.errors import ConflictError, SettingsError
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.exposure import DayHeat, Exposure, Spread, WeekPressure
from studio.planning.occasion_kinds import OccasionKind
from studio.planning.occasion_relevance import Relevance
from studio.planning.occasions import Occasion, occasions_between
from studio.planning.revision import diff, undoing
from studio.vocabulary import Channel, Pillar, Stage, Status

WEEK = WeekId(2026, 48)
TODAY = date(2026, 11, 22)


def slot(name="a", day=0, hour=20, pillar=Pillar.PRODUCT, **more):
    values = {"theme": f"主题{name}", "channel": Channel.MOMENTS, "stage": Stage.AWARENESS, "why": "因为", **more}
    values = {"segment": None, "occasion": None, "product": None, **values}
    return Slot(id=name, date=WEEK.days[day], time=time(hour), pillar=pillar, **values)


def week(*slots, **more):
    return Week(WEEK, 0, slots, {"target": {}, "planned": {}, "rolling4": {}}, **more)


def seen(*highest, customers=5, breaches=()):
    ads = tuple(DayHeat(day, count, 0.5) for day, count in zip(WEEK.days, [*highest, *[0] * 7], strict=False))
    spread = Spread(1, 4, 6, 7, {4: customers})
    return Exposure(customers, breaches, (WeekPressure(WEEK, spread, {}),), ads)


def around(exposure, occasions=(), blocked=()):
    return Around(TODAY, occasions, exposure, blocked, most_ads=2)


@pytest.mark.parametrize(("highest", "level"), [(0, "low"), (1, "low"), (2, "full"), (3, "over")])
def test_the_more_ads_a_customer_sees_on_a_day_the_stronger_its_shade(highest, level):
    card = day_cards(WEEK.days, [slot()], around(seen(highest)))[0]
    assert card["level"] == level
    assert "产品 1 条" in card["heat"]


def test_a_day_kept_free_says_so():
    assert day_cards(WEEK.days, [], around(seen(), blocked=[WEEK.days[2]]))[2]["heat"] == "这天不发"


def test_a_day_shows_what_it_is_the_day_of_before_what_is_prepared():
    relevant = Relevance(3.0, "资料里有 1 条事实写给它")
    sale = Occasion("双12", WEEK.days[5], WEEK.days[5], OccasionKind.SALE, "平台", lead_days=5)
    term = Occasion("大雪", WEEK.days[1], WEEK.days[1], OccasionKind.TERM, "国标")
    cards = day_cards(WEEK.days, [], around(seen(), [(sale, relevant), (term, Relevance(0.4, "节气"))]))
    assert [item["words"] for item in cards[1]["occasions"]] == ["大雪", "双12 预热"]
    assert [item["words"] for item in cards[5]["occasions"]] == ["双12"]
    assert cards[6]["occasions"] == []


def test_a_card_says_aloud_what_its_colour_and_its_signs_say():
    mine = slot(pillar=Pillar.VALUE, locked=True, playbook="launch", status=Status.SKIPPED)
    card = slot_cards([mine], Brand(), {"launch": "新品首发"})[0]
    for word in ("价值", "朋友圈", "主题a", "已锁定", "新品首发", "跳过", "20:00"):
        assert word in card["spoken"]
    assert card["movable"]
    assert not slot_cards([slot(status=Status.POSTED)], Brand(), {})[0]["movable"]


def test_moving_a_product_post_tells_of_both_days_and_of_nothing_else():
    before = Standing.of([slot(day=0)], seen(1))
    after = Standing.of([slot(day=3)], seen(0, 0, 0, 1))
    assert effects(before, after) == ["周一产品 1 → 0 条", "周四产品 0 → 1 条，客户这天最多看到 1 条"]


def test_a_change_without_effect_says_that_nothing_changed():
    standing = Standing.of([slot()], seen(1))
    assert effects(standing, standing) == ["配比、每天的产品、客户看到的条数都没有变"]
    assert new_breaches(standing, replace(standing, breaches=("超了",))) == ["超了"]


def test_a_card_about_a_product_that_is_not_sold_is_marked():
    brand = Brand(products=[Product(id="a", name="小米"), Product(id="b", name="红枣", on_sale=False)])
    cards = slot_cards(
        [
            slot(product="a"),
            slot(product="b"),
            slot(product="c"),
            slot(product="b", status=Status.SKIPPED),
            slot(product="b", status=Status.POSTED),
        ],
        brand,
        {},
    )
    assert [card["stale"] for card in cards] == [False, True, True, False, False]
    assert ["不在售" in card["spoken"] for card in cards] == [False, True, True, False, False]


def test_a_difference_names_category_channel_readers_and_product():
    brand = Brand(
        products=[Product(id="a", name="小米"), Product(id="b", name="红枣")],
        segments=[Segment(id="mum", name="宝妈", need="省心")],
    )
    before = slot(product="a", segment="mum")
    after = replace(before, pillar=Pillar.VALUE, channel=Channel.GROUP, segment=None, product="b")
    for changed in (after, replace(after, date=WEEK.days[3])):
        (step,) = diff(week(before), week(changed)).steps
        words = step_words(step, brand)
        for part in ("从产品类改成价值类", "从朋友圈改发社群", "写给 宝妈 → 所有人", "产品 小米 → 红枣"):
            assert part in words


def test_a_time_stands_apart_from_the_words_around_it():
    moved = diff(week(slot()), week(slot(day=3))).steps[0].sentence
    added = diff(week(), week(slot())).steps[0].sentence
    assert "周一 20:00 挪到周四 20:00" in moved
    assert "周一 20:00 的「主题a」" in added


slots_in_a_week = st.lists(
    st.builds(
        slot,
        name=st.sampled_from("abcdefgh"),
        day=st.integers(0, 6),
        hour=st.integers(8, 22),
        pillar=st.sampled_from(list(Pillar)),
        theme=st.sampled_from("甲乙丙丁戊"),
        locked=st.booleans(),
        status=st.sampled_from([Status.PLANNED, Status.DRAFTED, Status.SKIPPED, Status.POSTED]),
    ),
    max_size=8,
    unique_by=lambda item: item.id,
)


@given(slots_in_a_week, slots_in_a_week)
def test_the_way_back_restores_days_locks_and_skips_and_loses_no_work(now, before):
    current = {item.id: item for item in now}
    proposal = undoing(week(*now), week(*before), current)
    result = {item.id: item for item in proposal.week.slots}
    for old in before:
        there = current.get(old.id)
        if there and there.status is Status.POSTED:
            assert result[old.id] == there
        else:
            assert (result[old.id].when, result[old.id].locked) == (old.when, old.locked)
    for item in now:
        if item.id not in {old.id for old in before}:
            assert (item.id in result) == (item.status is not Status.PLANNED)
    assert set(proposal.change.deleted) == set(current) - set(result)


@given(slots_in_a_week, slots_in_a_week)
def test_a_fresh_plan_keeps_its_posts_and_gives_themes_that_stay_their_ids(before, fresh):
    named = matched(week(*before), week(*fresh))
    ids = [item.id for item in named.slots]
    assert len(set(ids)) == len(ids)
    assert [replace(item, id="") for item in named.slots] == [replace(item, id="") for item in fresh]
    standing = {item.id for item in before if item in fresh}
    old = Counter(item.theme for item in before if item.id not in standing)
    new = Counter(item.theme for item in fresh if item.id not in standing)
    for item in before:
        if item.id not in standing and old[item.theme] == new[item.theme] == 1:
            assert (
                next(other for other in named.slots if other.theme == item.theme and other.id not in standing).id
                == item.id
            )


def test_the_quality_is_told_as_it_is():
    assert "最好一版" in quality_words(week(quality={"status": "optimal", "objective": 5, "bound": 5}))
    assert "25%" in quality_words(week(quality={"status": "feasible", "objective": 100, "bound": 75}))
    assert not quality_words(week())


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=5), "5 分钟前"),
        (timedelta(hours=3), "今天 09:00"),
        (timedelta(days=1), "昨天 12:00"),
        (timedelta(days=9), "11/13 12:00"),
    ],
)
def test_how_long_ago_a_change_was(ago, words):
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert ago_words(now - ago, now) == words


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_month_is_whole_weeks_around_all_its_days(day):
    month = day.replace(day=1)
    days = [day for item in weeks_of(month) for day in item.days]
    assert {item for item in days if item.month == month.month} >= {month, day}
    assert 28 <= len(days) <= 42
    assert all(after - before == timedelta(days=1) for before, after in pairwise(days))


def test_the_month_marks_holidays_make_up_workdays_and_posts():
    days = [day for item in weeks_of(date(2026, 10, 1)) for day in item.days]
    told = Relevance(1.0, "放假")
    rest = Occasion("国庆节", date(2026, 10, 1), date(2026, 10, 7), OccasionKind.HOLIDAY, "国办")
    work = Occasion("国庆调休", date(2026, 10, 10), date(2026, 10, 10), OccasionKind.WORKDAY, "国办")
    mine = replace(slot(), date=date(2026, 10, 3))
    cells = month_cells(
        days, date(2026, 10, 1), [mine], occasions=[(rest, told), (work, told)], blocked=[], today=date(2026, 10, 2)
    )
    by_day = {cell["date"]: cell for cell in cells}
    assert by_day["2026-10-01"]["rest"] == "休"
    assert by_day["2026-10-10"]["rest"] == "班"
    assert [dot["pillar"] for dot in by_day["2026-10-03"]["dots"]] == ["product"]
    assert by_day["2026-10-02"]["names"] == [{"words": "国庆节", "goes_on": True}]
    assert by_day["2026-10-02"]["today"]


def row(name, *, used=True, word="看资料"):
    return {"用": used, "节点": name, "日期": "", "分量": word, "为什么": ""}


def own_row(name, day, lead=0, after=0, note=""):
    return {"名字": name, "日期": day, "提前几天": lead, "之后几天": after, "说明": note}


def test_what_is_saved_is_what_the_calendar_then_uses(tmp_path):
    own = read_own(tmp_path)
    wanted = OwnOccasions(
        changes_from([row("大雪", used=False), row("冬至", word="最重"), row("小寒")], own),
        dates_from([own_row("店庆", "12-10", lead=5, note="送小样")], own),
        own.rest,
        own.stamp,
    )
    save_own(tmp_path, wanted, TODAY)
    found, problems = occasions_between(date(2026, 12, 1), date(2026, 12, 31), [tmp_path])
    by_name = {item.name: item for item in found}
    assert not problems
    assert "大雪" not in by_name
    assert by_name["冬至"].weight == 3
    assert by_name["店庆"].lead_start == date(2026, 12, 5)
    again = read_own(tmp_path)
    assert changes_from([row("大雪"), row("冬至")], again) == {}
    assert dates_from([], again) == []


def test_entries_the_tables_do_not_show_are_kept(tmp_path):
    text = "source: 我\nchecked: 2026-11-01\noccasions:\n- {name: 开园, term: 谷雨}\n- {name: 大雪, words: [红枣]}\n"
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    own = read_own(tmp_path)
    changes = changes_from([row("大雪", word="重")], own)
    save_own(tmp_path, OwnOccasions(changes, [], own.rest, own.stamp), TODAY)
    again = read_own(tmp_path)
    assert again.changes["大雪"] == {"name": "大雪", "words": ["红枣"], "weight": 2.0}
    assert again.rest == [{"name": "开园", "term": "谷雨"}]


@pytest.mark.parametrize(
    "bad",
    [
        own_row("店庆", ""),
        own_row("", "12-10"),
        own_row("", "", note="送小样"),
        own_row(None, None, lead=3),
        own_row("店庆", "13-45"),
        own_row("店庆", "昨天"),
        own_row("店庆", "12-10", lead=61),
        own_row("店庆", "12-10", after=-1),
    ],
)
def test_a_date_half_written_is_refused_with_its_row(bad):
    with pytest.raises(SettingsError, match="第 1 行"):
        dates_from([bad], OwnOccasions({}, (), (), (0, -1)))


def test_a_row_nobody_wrote_anything_into_is_none():
    empty = [own_row("", ""), own_row(None, None, lead=None, after=float("nan"), note=None)]
    assert dates_from(empty, OwnOccasions({}, (), (), (0, -1))) == []


def test_a_day_that_does_not_exist_is_refused_and_nothing_is_written(tmp_path):
    own = read_own(tmp_path)
    with pytest.raises(SettingsError, match="没有保存"):
        save_own(tmp_path, replace(own, dates=[{"name": "店庆", "date": "13-40"}]), TODAY)
    assert not (tmp_path / "own.yaml").exists()


def test_a_file_changed_elsewhere_is_not_overwritten(tmp_path):
    own = read_own(tmp_path)
    save_own(tmp_path, own, TODAY)
    with pytest.raises(ConflictError):
        save_own(tmp_path, own, TODAY)


def test_a_file_that_cannot_be_read_is_left_alone(tmp_path):
    (tmp_path / "own.yaml").write_text("occasions: [", encoding="utf-8")
    with pytest.raises(SettingsError, match="先不动"):
        read_own(tmp_path)


def test_a_weight_without_a_word_is_shown_as_its_number():
    assert [weight_word(weight) for weight in (None, 3, 1.5)] == ["看资料", "最重", "1.5"]
