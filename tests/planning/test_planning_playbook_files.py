"""Shipped playbooks are whole and lawful; a shop's own replace them; what broken files give."""

from __future__ import annotations

import re
from datetime import time

import pytest

from studio.planning.playbook_files import Mark, read_playbooks
from studio.resources import content_library
from studio.review.reviewer import Reviewer
from studio.vocabulary import Channel, ProductType

SHIPPED = content_library() / "playbooks"
PLAYBOOKS, PROBLEMS = read_playbooks([SHIPPED])
STEPS = [(playbook, step) for playbook in PLAYBOOKS.values() for step in playbook.steps]
HEAD = "source: 店主\nchecked: 2026-11-01\nversion: 1\nid: mine\nname: 我的\ngoal: 试试\n"
STEP = "name: 一步, channel: 一对一, pillar: 生活, stage: 使用, theme: 打个招呼, goal: 认识"


def write(folder, text, name="mine.yaml"):
    (folder / name).write_text(text, "utf-8")
    return read_playbooks([folder])


def with_step(folder, text, head=HEAD):
    return write(folder, f"{head}steps:\n  - {{{STEP}, {text}}}\n")


def the_step(folder, text):
    found, problems = with_step(folder, text)
    assert problems == []
    return found["mine"].steps[0]


def test_the_ten_playbooks_are_there_without_a_fault():
    assert PROBLEMS == []
    assert {item.name for item in PLAYBOOKS.values()} == {
        "加好友 72 小时", "新品首发", "复购唤醒", "沉睡唤醒", "裂变推荐有礼", "售后跟进",
        "会员升级与生日", "社群周活动", "大促预热、爆发、返场", "节气养生",
    }  # fmt: skip
    assert all(item.source and item.goal and item.version >= 1 for item in PLAYBOOKS.values())


def test_all_three_types_of_time_are_used():
    assert {step.of for _, step in STEPS} == set(Mark)
    assert any(step.weekday for _, step in STEPS)
    assert any(step.hour is not None for _, step in STEPS)


def test_the_first_72_hours_follow_the_method():
    steps = PLAYBOOKS["welcome"].steps
    assert [step.hour for step in steps] == [0, 1, 24, 48, 72]
    assert "礼" in steps[0].name
    assert not any(step.pillar.value == "product" for step in steps)


def test_the_class_is_on_wednesday_evening():
    lesson = next(step for step in PLAYBOOKS["weekly-group"].steps if step.weekday == 3)
    assert (lesson.channel, lesson.time) == (Channel.GROUP, (time(20), time(20)))


@pytest.mark.parametrize("kind", [ProductType.FOOD, ProductType.HEALTH_FOOD, ProductType.COSMETICS, ProductType.OTHER])
def test_no_theme_and_no_goal_is_one_the_review_would_stop(kind):
    reviewer = Reviewer.default()
    for playbook, step in STEPS:
        for text in (step.theme, step.goal):
            filled = text.replace("{product}", "枸杞").replace("{occasion}", "双11")
            report = reviewer.review(filled, channel=step.channel, product_type=kind)
            wrong = [finding.code for finding in report.findings if finding.exemption is None]
            assert wrong == [], (playbook.id, text)


def test_referral_asks_for_no_forwarding_and_counts_no_heads():
    playbook = PLAYBOOKS["referral"]
    asked = " ".join(f"{step.theme} {step.goal}" for step in playbook.steps)
    assert not re.search("集赞|助力|砍价|返现|满.人|得奖", asked)
    assert "不看转发" in asked
    assert "不要求转发、集赞" in playbook.note
    after = [step for step in playbook.steps if step.of is Mark.ORDER]
    assert "回访" in after[0].name


def test_solar_terms_promise_no_health():
    said = " ".join(f"{step.name} {step.theme} {step.goal}" for step in PLAYBOOKS["solar-terms"].steps)
    assert not re.search("治|疗|补|祛|排毒|湿气|免疫|功效|气血|养生", said)


@pytest.mark.parametrize(("playbook", "step"), STEPS, ids=lambda item: getattr(item, "id", getattr(item, "name", "")))
def test_when_a_step_goes_out_is_said_in_words(playbook, step):
    assert re.search("[天时周当]", step.when)
    assert "None" not in step.when


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("20:00", (time(20), time(20))),
        ("'09:30'", (time(9, 30), time(9, 30))),
        ("9:30", (time(9, 30), time(9, 30))),
        ("20:00-21:30", (time(20), time(21, 30))),
        ("20:00 到 21:00", (time(20), time(21))),
    ],
)
def test_times_are_read_as_people_write_them(tmp_path, written, read):
    assert the_step(tmp_path, f"weekday: 周三, time: {written}").time == read


@pytest.mark.parametrize(("written", "number"), [("周三", 3), ("星期日", 7), ("周天", 7), ("一", 1), ("5", 5)])
def test_weekdays_are_read_as_people_write_them(tmp_path, written, number):
    assert the_step(tmp_path, f"weekday: {written}").weekday == number


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("time: 20:00", "只写一种"),
        ("day: 1, weekday: 周三", "只写一种"),
        ("hour: 1", "客户的事情"),
        ("day: 1, of: 加好友, weekday: 周一", "只写一种"),
        ("weekday: 周三, of: 加好友", "不能再写 of"),
        ("day: 61", "最多离开始"),
        ("day: 3, every: 7", "every 只能"),
        ("day: 3, of: 下雨", "不在可选范围"),
        ("weekday: 周八", "周一 到 周日"),
        ("weekday: 8", "不能大于 7"),
        ("weekday: 周三, time: 25:00", "time 要写成"),
        ("weekday: 周三, time: 21:00-20:00", "不能早于"),
        ("weekday: 周三, time: 1440", "time 要写成"),
        ("weekday: 周三, surprise: 1", "不认识"),
        ("weekday: 周三, theme: '{price} 元'", "花括号"),
        ("weekday: 周三, theme: '{product'", "花括号"),
        ("of: added, day: 1, every: 7", "一直发下去"),
    ],
)
def test_a_broken_step_leaves_its_playbook_out_and_says_why(tmp_path, step, said):
    found, problems = with_step(tmp_path, step)
    assert found == {}
    assert len(problems) == 1
    assert said in problems[0].message
    assert problems[0].source == f"{tmp_path.name}/mine.yaml"


def test_a_message_to_single_customers_goes_one_to_one(tmp_path):
    _, problems = write(tmp_path, f"{HEAD}steps:\n  - {{{STEP.replace('一对一', '朋友圈')}, of: added, day: 1}}\n")
    assert "一对一" in problems[0].message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}steps: []\n", "至少要有一步"),
        (f"{HEAD}", "缺少这一项"),
        ("- 1\n", "要写 id"),
        ("a: [", "不是正确的 YAML"),
        ("", "要写 id"),
        (f"{HEAD}steps: &a [*a]\n", ""),
        (f"{HEAD.replace('id: mine', 'id: 我的')}steps:\n  - {{{STEP}, day: 1}}\n", "小写字母"),
        (f"{HEAD}steps:\n  - {{{STEP}, day: 1}}\n  - {{{STEP}, day: 2}}\n", "不能重名"),
        ("#" * 300_000, "超过 256 KB"),
    ],
)
def test_a_broken_file_is_a_problem_in_chinese(tmp_path, text, said):
    found, problems = write(tmp_path, text)
    assert found == {}
    assert problems
    assert said in problems[0].message
    assert re.search("[\u4e00-\u9fff]", problems[0].message)


def test_a_shop_replaces_a_shipped_playbook_by_its_id(tmp_path):
    (tmp_path / "own.yaml").write_text(
        f"{HEAD.replace('id: mine', 'id: welcome')}steps:\n  - {{{STEP}, of: added, day: 0}}\n", "utf-8"
    )
    found, problems = read_playbooks([SHIPPED, tmp_path, tmp_path / "nowhere"])
    assert problems == []
    assert len(found) == len(PLAYBOOKS)
    assert (found["welcome"].name, found["welcome"].source) == ("我的", "店主")
