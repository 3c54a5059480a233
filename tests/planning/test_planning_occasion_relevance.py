"""How much an occasion has to do with a shop: from its products, facts and trade, or as the merchant says."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from studio.brand import Brand
from studio.planning.occasion_kinds import OccasionKind
from studio.planning.occasion_relevance import ranked, relevance
from studio.planning.occasions import Occasion, occasions_between
from studio.resources import content_library

YEAR, _ = occasions_between(date(2027, 1, 1), date(2027, 12, 31), [content_library() / "occasions"])
BY_NAME = {item.name: item for item in YEAR}


def shop(product="", industry="", fact="", **fields):
    return Brand(
        industry=industry or None,
        products=[{"id": "p1", "name": product, **fields}] if product else [],
        facts=[{"text": fact, "source": "店主"}] if fact else [],
    )


@pytest.mark.parametrize(
    ("occasion", "brand", "score", "reason"),
    [
        ("端午节", shop("鲜肉粽十只"), 2.5, "「鲜肉粽十只」"),
        ("端午节", shop(fact="端午我家包粽子"), 2.0, "「粽」"),
        ("端午节", shop(industry="农家特产"), 1.5, "特产"),
        ("端午节", shop("手机壳"), 1.0, "没有专门写它"),
        ("端午节", shop("鲜肉粽十只", on_sale=False), 1.0, "没有专门写它"),
        ("母亲节", shop("康乃馨花束"), 2.5, "康乃馨"),
        ("母亲节", shop("打印纸"), 0.6, "没有和它对得上"),
        ("立冬", shop("手机壳"), 0.4, "节气"),
        ("双11", shop("手机壳"), 1.0, "看你自己"),
    ],
)
def test_relevance_follows_what_the_shop_sells_and_knows(occasion, brand, score, reason):
    found = relevance(BY_NAME[occasion], brand)
    assert found.score == score
    assert reason in found.reason


def test_facts_written_for_an_occasion_count_most_and_the_merchant_more():
    brand = Brand(facts=[{"text": f"事实{n}", "source": "店主", "occasions": ["中秋"]} for n in range(2)])
    assert relevance(BY_NAME["中秋节"], brand).score == 3
    ours = Occasion("中秋节", date(2027, 9, 15), date(2027, 9, 15), OccasionKind.HOLIDAY, "s", weight=0)
    assert relevance(ours, brand).score == 0
    assert "你给它定的" in relevance(ours, brand).reason


def test_a_shop_sees_its_own_dates_first():
    own = Occasion("店庆", date(2027, 12, 30), date(2027, 12, 30), OccasionKind.SHOP, "店主")
    assert ranked([*YEAR, own], Brand())[0][0] is own


def test_ranking_loses_nothing_and_does_not_depend_on_the_order_given():
    brand = Brand.model_validate(yaml.safe_load((content_library() / "sample_shop" / "brand.yaml").read_text("utf-8")))
    found = ranked(YEAR, brand)
    assert found == ranked(YEAR[::-1], brand)
    assert sorted(item.name for item, _ in found) == sorted(item.name for item in YEAR)
    assert [why.score for _, why in found] == sorted((why.score for _, why in found), reverse=True)
    assert all(0 <= why.score <= 3 and why.reason for _, why in found)
    scores = {item.name: why.score for item, why in found}
    assert scores["端午节"] > scores["教师节"]
