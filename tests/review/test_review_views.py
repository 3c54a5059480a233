import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.review.normalize import View, views

TRICKY = (
    "微信加薇V❤️➕最低价第一國級體檢①②❶㎏㍿ﷺ𝐕Ⓥ🅥ｖＶ乾隆後瞭 *-_.·~|/\n\r\t\0\u200b\u200d\ufe0f\u20e3\u0301\u0323\u3099"
    "\u1161\u11a8한é\ud800\udfff\ufdd0\uffff🔥👨‍👩‍👧🇻🇨İßŉǰ\u0345\u2028\u00ad\u202eابא"
)
ANY_TEXT = st.text(alphabet=st.one_of(st.sampled_from(TRICKY), st.characters()), max_size=60)


def spans_of_every_character(view: View) -> list[tuple[int, int]]:
    return [view.span(position, position + 1) for position in range(len(view.text))]


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
def test_every_character_of_every_view_comes_from_a_real_piece_of_the_original(text):
    seen = views(text)
    assert seen.raw.text == text
    for view in (seen.raw, seen.light, seen.deep):
        before = (0, 0)
        for start, end in spans_of_every_character(view):
            assert 0 <= start < end <= len(text)
            assert (start, end) >= before
            before = (start, end)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, st.data())
def test_a_longer_span_covers_exactly_its_characters(text, data):
    for view in (views(text).light, views(text).deep):
        if not view.text:
            continue
        start = data.draw(st.integers(0, len(view.text) - 1))
        end = data.draw(st.integers(start + 1, len(view.text)))
        pieces = spans_of_every_character(view)[start:end]
        assert view.span(start, end) == (pieces[0][0], pieces[-1][1])
        low, high = view.span(start, start)
        assert low == high
        assert 0 <= low <= len(text)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_light_and_deep_views_can_be_encoded_and_hold_no_invisible_characters(text):
    seen = views(text)
    for view in (seen.light, seen.deep):
        view.text.encode("utf-8")
        assert not [char for char in view.text if unicodedata.category(char) in ("Cs", "Cf")]
        assert "\ufe0f" not in view.text
        assert "\0" not in view.text


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="今天果园里枸杞很红,。!", max_size=40))
def test_plain_text_has_nothing_to_undo(text):
    seen = views(text)
    assert seen.light is seen.raw or seen.light.text != text
    assert seen.deep is seen.light


@pytest.mark.parametrize(
    ("text", "light"),
    [
        ("ＶＸ１２３", "vx123"),
        ("全網最低價", "全网最低价"),
        ("乾隆皇帝著書,後來乾了", "乾隆皇帝著书,后来干了"),
        ("微\u200b信\ufeff号", "微信号"),
        ("𝐕𝕏 Ⓥ 🅥 ❶②", "vx v v 12"),
        ("1️⃣2️⃣", "12"),
        ("e\u0301a\u0323", "éạ"),
        ("\ud800微", "\ufffd微"),
        ("微\0信", "微信"),
        ("㎏", "kg"),
        ("", ""),
    ],
)
def test_light_view_undoes_width_case_script_and_invisible_characters(text, light):
    assert views(text).light.text == light


@pytest.mark.parametrize(
    ("text", "deep", "source"),
    [
        ("加薇💕abc", "加微信", "加薇"),
        ("想要的➕v：abc", "加微信", "➕v"),
        ("最🔥低*价", "最低价", "最🔥低*价"),
        ("看威 信号", "微信", "威 信"),
        ("三佰元", "百", "佰"),
        ("víρ会员", "vip", "víρ"),
    ],
)
def test_deep_view_puts_back_what_was_disguised_and_knows_where(text, deep, source):
    view = views(text).deep
    start = view.text.index(deep)
    low, high = view.span(start, start + len(deep))
    assert text[low:high] == source
    assert view.operators(start, start + len(deep))


@pytest.mark.parametrize("text", ["加v领的设计", "tvx频道", "好,我来了", "iphone 15 pro"])
def test_deep_view_leaves_ordinary_writing_alone(text):
    assert views(text).deep.text == views(text).light.text


@pytest.mark.parametrize(
    "text",
    ["a" + "\u0301" * 300_000, "\u200b" * 300_000, "最-" * 100_000, "🔥" * 200_000, "\ud800" * 100_000],
    ids=["marks", "invisible", "separators", "emoji", "surrogates"],
)
def test_hostile_repetition_stays_cheap(text):
    seen = views(text)
    assert seen.deep.span(0, len(seen.deep.text))[1] <= len(text)
