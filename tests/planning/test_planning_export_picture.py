"""The picture of the week: its size, its colours, its letters, and what happens without a font."""

import io
import sys
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.brand import Brand
from studio.errors import InputError, StudioError
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.export import export, lettering, palette
from studio.planning.occasions import Occasion, OccasionKind
from studio.vocabulary import Channel, Pillar, Stage, Status

BRAND = Brand.model_validate({"name": "果园", "segments": [{"id": "mom", "name": "宝妈", "need": "省心"}]})
SNOW = Occasion("大雪", date(2026, 12, 7), date(2026, 12, 7), OccasionKind.TERM, "")
MIX = {"target": {"product": 0.3, "value": 0.3, "lifestyle": 0.4}, "planned": {}, "rolling4": {"product": 1.0}}


def slot(day, pillar=Pillar.VALUE, **more):
    return Slot(
        id=f"{day}-{pillar}",
        date=date(2026, 12, day),
        time=time(9),
        channel=Channel.MOMENTS,
        pillar=pillar,
        stage=Stage.USAGE,
        segment="mom",
        product=None,
        occasion=None,
        why="缺",
        **{"theme": "枸杞冲一遍就好"} | more,
    )


WEEK = Week(WeekId(2026, 50), 0, tuple(slot(7 + place, pillar) for place, pillar in enumerate(Pillar)), MIX)


@pytest.fixture(scope="module", autouse=True)
def _font():
    try:
        lettering.font(24)
    except StudioError as error:
        pytest.skip(str(error))


@pytest.fixture
def _fresh_fonts():
    caches = lettering.font, lettering._preferred, lettering._drawable
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def picture(weeks=(WEEK,), occasions=(), brand=BRAND):
    return Image.open(io.BytesIO(export(weeks, {}, brand, "png", occasions))).convert("RGB")


def colours(image):
    return {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in image.getcolors(1 << 24)}


def test_a_picture_is_as_wide_as_a_phone_shows_and_grows_with_its_posts():
    fuller = replace(WEEK, slots=(*WEEK.slots, slot(7, Pillar.VALUE), slot(7, Pillar.LIFESTYLE)))
    one, more, two = picture(), picture([fuller]), picture([WEEK, WEEK])
    assert one.width == more.width == two.width == 1080
    assert one.height < more.height < two.height == 2 * one.height


@pytest.mark.parametrize("pillar", Pillar)
def test_only_the_pillars_of_the_week_are_in_its_cards(pillar):
    week = replace(WEEK, slots=(slot(8, pillar),))
    grounds = {tint.ground for tint in palette.TINTS.values()}
    assert colours(picture([week])) & grounds == {palette.TINTS[pillar].ground}


def test_the_bar_shows_the_shares_of_the_mix():
    image = picture([replace(WEEK, slots=(slot(7, Pillar.PRODUCT), slot(8, Pillar.VALUE), slot(9, Pillar.VALUE)))])
    bar = [image.getpixel((x, 297)) for x in range(1080)]
    product, value, life = (bar.count(tuple(bytes.fromhex(palette.TINTS[pillar].mark[1:]))) for pillar in Pillar)
    assert life == 0
    assert value / product == pytest.approx(2, rel=0.02)


def test_an_occasion_is_shown_and_a_skipped_post_is_not():
    assert palette.JADE_SHADE in colours(picture(occasions=[SNOW]))
    assert palette.JADE_SHADE not in colours(
        picture(occasions=[replace(SNOW, start=date(2027, 1, 1), end=date(2027, 1, 1))])
    )
    skipped = replace(WEEK, slots=(slot(7, status=Status.SKIPPED),))
    assert picture([skipped]).tobytes() == picture([replace(WEEK, slots=())]).tobytes()


def test_a_week_of_200_posts_still_makes_a_picture_and_a_year_says_what_to_do():
    full = replace(WEEK, slots=tuple(replace(slot(7 + place % 7), id=str(place)) for place in range(200)))
    assert picture([full]).height > 30_000
    with pytest.raises(InputError, match=r"53 周 159 条.*xlsx"):
        export([WEEK] * 53, {}, BRAND, "png")


@given(st.text(st.characters(exclude_categories=[]), max_size=300))
@settings(max_examples=15)
def test_any_theme_can_be_drawn(theme):
    assert picture([replace(WEEK, slots=(slot(7, theme=theme),))]).width == 1080


@given(st.text(st.sampled_from("枸杞，。（）」ab1 😀𠮷\n"), max_size=60), st.integers(80, 400), st.integers(1, 3))
def test_lines_fit_lose_nothing_unsaid_and_begin_with_no_closing_mark(text, width, most):
    face = lettering.font(30)
    lines = lettering.wrap(text, face, width, most)
    assert len(lines) <= most
    assert all(face.getlength(line) <= width for line in lines)
    shown, whole = "".join("".join(lines).split()), "".join(lettering.drawable(text).split())
    assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1]))


def test_a_line_breaks_between_words_and_before_no_comma():
    face = lettering.font(30)
    assert lettering.wrap("枸杞枸杞，好", face, 4 * 30 + 5, 2) == ["枸杞枸", "杞，好"]
    assert lettering.wrap("枸杞 iPhone", face, 4 * 30, 2)[1] == "iPhone"


def test_characters_without_a_glyph_are_left_out_and_rare_ones_kept():
    assert lettering.drawable("甲\U0010fffd乙\n丙") == "甲乙 丙"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's own fonts cannot be hidden")
@pytest.mark.usefixtures("_fresh_fonts")
def test_without_a_chinese_font_the_answer_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(StudioError, match=r"没有能写中文的字体.*fonts-noto-cjk"):
        export([WEEK], {}, BRAND, "png")
    assert export([WEEK], {}, BRAND, "xlsx")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere fontconfig is not asked")
@pytest.mark.usefixtures("_fresh_fonts")
def test_without_fontconfig_a_known_font_is_found_by_name(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        face = lettering.font(24, bold=True)
    except StudioError:
        pytest.skip("none of the known fonts is installed")
    assert lettering._has(face, "历")
