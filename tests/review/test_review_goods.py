"""Without a product type, the goods that a text names decide which rules hold."""

import pytest

from studio.review import Reviewer


def codes(text, **given):
    return {finding.code for finding in Reviewer.default().review(text, **given).findings}


@pytest.mark.parametrize("many", [False, True])
def test_a_rule_for_one_kind_of_goods_holds_when_the_text_names_such_goods(many):
    named, silent = "样板间开放，到地铁站步行只要三分钟", "到地铁站步行只要三分钟"
    if many:
        first, second = list(Reviewer.default().review_many([named, silent] * 10))[:2]
        found = [{finding.code for finding in report.findings} for report in (first, second)]
    else:
        found = [codes(named), codes(silent)]
    assert "PROP-MINUTES" in found[0]
    assert "PROP-MINUTES" not in found[1]


def test_a_given_product_type_counts_more_than_the_words():
    assert "PROP-MINUTES" not in codes("样板间开放，到地铁站步行只要三分钟", product_type="普通食品")
