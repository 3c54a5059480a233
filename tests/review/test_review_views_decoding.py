import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.review import Reviewer
from studio.review.decoding import decoded
from studio.review.lexicon import coarse, substitution
from studio.review.normalize import View, lightened, views
from studio.review.restoring import deepened

EVASIVE = st.text(
    alphabet="棌嘌註笧栢伽烁淇簰徽伩嶶咖祺哌哺渔鎹宋100冲88:.?*/\\+ -v纩ガえ🐟力口免fei微信领取红包送,。", max_size=50
)


@pytest.mark.parametrize(
    ("text", "word", "source"),
    [
        ("棌嘌註笧就鎹大礼", "注册", "註笧"),
        ("棌嘌註笧就鎹大礼", "彩票", "棌嘌"),
        ("寸50送50,栢伽烁天天玩,淇簰", "百家乐", "栢伽烁"),
        ("註笧即可岭掫荭苞", "红包", "荭苞"),
        ("註·笧.领.取荭苞", "领取", "领.取"),
        ("免fei註笧,领荭苞", "免费", "免fei"),
        ("咖徽ab1234领棌唫", "加微", "咖徽"),
        ("提供旗片卑账呺,註笧送", "棋牌", "旗片卑"),
        ("收溢穩腚,姐絀銭你絀ガ", "出力", "絀ガ"),
        ("棌嘌荭苞,十\\/信:ab12345", "加微信", "十\\/信"),
    ],
)
def test_a_disguised_text_is_read_as_the_words_it_stands_for(text, word, source):
    view = views(text).deep
    start = view.text.index(word)
    low, high = view.span(start, start + len(word))
    assert text[low:high] == source
    assert view.operators(start, start + len(word), above=views(text).light)


@pytest.mark.parametrize(
    "text",
    [
        "今天跟喆哥和玥玥去吃饭,点了一份齁甜的蛋糕",
        "价格 99 元,颜色:黑 / 白 / 灰,尺码 S-M-L 都有",
        "好吃!好看✨好喜欢~~~下次还来🍓🍓",
        "送给妈妈的礼物,她很喜欢,冲100度的水泡就好",
        "我在宋100号门口等你",
        "嘅啲粤语歌真係好聽,佢唱得好",
        "色即是空,空即是色",
        "Ω形的扣子,α版测试,(๑•̀ㅂ•́)و",
        "一 二 三 四,一起跳绳",
        "【新品】亚麻衬衫|透气|夏款",
        "排在第16位,ω-3脂肪酸",
        "兄弟一起来",
    ],
)
def test_ordinary_writing_is_not_decoded(text):
    seen = views(text)
    assert seen.deep.text == seen.light.text


@pytest.mark.parametrize(("text", "deep"), [("最*低*价", "最低价"), ("减🔥肥🔥茶 热卖", "减肥茶 热卖")])
def test_marks_that_pull_a_word_of_the_rules_apart_are_removed_without_more_signs(text, deep):
    assert views(text).deep.text == deep


def test_noise_stays_where_it_parts_no_word_that_matters():
    assert views("好看 的 裙子 * 现货").deep.text == "好看 的 裙子 * 现货"


def test_a_long_article_is_not_decoded():
    article = "註笧岭掫荭苞。" * 2000
    assert views(article).deep.text == lightened(View(article)).text


@settings(max_examples=200, deadline=None)
@given(EVASIVE)
def test_every_character_of_a_decoded_view_comes_from_a_real_piece_of_the_original(text):
    deep = views(text).deep
    before = (0, 0)
    for position in range(len(deep.text)):
        start, end = deep.span(position, position + 1)
        assert 0 <= start < end <= len(text)
        assert (start, end) >= before
        before = (start, end)


@settings(max_examples=200, deadline=None)
@given(EVASIVE)
def test_edits_of_a_reading_ascend_and_stay_apart(text):
    light = lightened(View(text)).text
    edits = decoded(light).edits
    assert all(0 <= edit.start < edit.end <= len(light) for edit in edits)
    assert all(first.end <= second.start for first, second in pairwise(edits))


@settings(max_examples=100, deadline=None)
@given(EVASIVE)
def test_the_deep_view_depends_on_the_light_text_alone(text):
    light = lightened(View(text))
    assert deepened(View(light.text)).text == deepened(light).text


@pytest.mark.parametrize(
    ("seen", "meant"),
    [("棌", "彩"), ("宋", "送"), ("俐", "利"), ("曰", "日"), ("侬", "农"), ("桑", "上"), ("微", "微"), ("v", "微")],
)
def test_characters_that_sound_or_look_alike_stand_for_each_other(seen, meant):
    assert substitution(seen, meant) is not None


def test_characters_that_have_nothing_in_common_do_not():
    assert substitution("桌", "微") is None


@pytest.mark.parametrize(("one", "other"), [("shang", "san"), ("lan", "nang"), ("zhi", "zi"), ("ying", "yin")])
def test_careless_ears_hear_the_same(one, other):
    assert coarse(one) == coarse(other)


def test_a_disguised_invitation_is_found_where_it_stands():
    text = "免fei註笧领荭苞,伽嶶信:ab12345"
    found = [finding for finding in Reviewer.default().review(text).findings if "微信" in finding.normalized]
    assert found
    assert all("嶶信" in text[finding.start : finding.end] for finding in found)
    assert any(finding.evasion for finding in found)


def test_a_plain_post_costs_next_to_nothing():
    post = "今天的枸杞很新鲜,刚从果园里摘回来,大家可以先尝一尝,再决定要不要带一些回家给爸妈泡水喝。" * 3
    light = lightened(View(post[:120]))
    deepened(light)
    spent = []
    for _ in range(200):
        started = time.perf_counter()
        deepened(light)
        spent.append(time.perf_counter() - started)
    assert min(spent) < 0.00005


def test_random_characters_are_read_in_reasonable_time():
    chance = random.Random(3)
    text = "".join(chr(chance.randrange(0x4E00, 0x9FA6)) for _ in range(1500))
    started = time.perf_counter()
    views(text)
    assert time.perf_counter() - started < 10
