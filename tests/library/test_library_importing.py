import contextlib
import csv
import io
import json
import os
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import ImportFailed, InputError
from studio.library.exporting import FORMATS, export_posts, write_rejected
from studio.library.importing import (
    Defaults,
    RejectedRow,
    preview,
    read_count,
    read_date,
    read_paste,
    read_posts,
    split_tags,
)
from studio.library.posts import Post
from studio.vocabulary import Channel, Pillar

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TABLE = "正文,日期,渠道,类型,客群,浏览\n雨后采枸杞🍒𠮷,2026/11/3,朋友圈,生活,宝妈,120\n枸杞泡茶水温别太高,,群,干货,,\n"


def write(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def messages(imported):
    return "\n".join(map(str, imported.problems))


def assert_is_the_table(imported):
    rain, tea = imported.posts
    assert (rain.text, rain.posted_on, rain.channel, rain.pillar) == (
        "雨后采枸杞🍒𠮷",
        date(2026, 11, 3),
        Channel.MOMENTS,
        Pillar.LIFESTYLE,
    )
    assert (rain.segment, rain.metrics) == ("宝妈", {"views": 120})
    assert (tea.text, tea.posted_on, tea.channel, tea.pillar, tea.segment, tea.metrics) == (
        "枸杞泡茶水温别太高",
        None,
        Channel.GROUP,
        Pillar.VALUE,
        None,
        {},
    )
    assert imported.rejected == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_reads_the_same_in_every_encoding_line_end_and_delimiter(tmp_path, encoding, newline, delimiter):
    content = TABLE.replace("\n", newline).replace(",", delimiter).encode(encoding)
    imported = read_posts(write(tmp_path, "posts.csv", content))
    assert_is_the_table(imported)
    assert imported.problems == ()


def test_gbk_and_mixed_line_ends_in_one_file(tmp_path):
    lines = ["正文,渠道", "第一条内容", "第二条内容,社群", '"两行的\r\n第三条",朋友圈', "第四条内容"]
    content = (lines[0] + "\r\n" + lines[1] + "\n" + lines[2] + "\r" + lines[3] + "\n" + lines[4]).encode("gbk")
    posts = read_posts(write(tmp_path, "posts.csv", content)).posts
    assert [post.text for post in posts] == ["第一条内容", "第二条内容", "两行的\n第三条", "第四条内容"]


def test_traditional_chinese_in_big5_is_read(tmp_path):
    text = "正文\n" + "雨後的枸杞園,泥土還黏著腳,我們提著籃子採了一個早上,雙手都是水。\n" * 20
    posts = read_posts(write(tmp_path, "posts.csv", text.replace(",", "，").encode("big5"))).posts
    assert posts[0].text.startswith("雨後的枸杞園")


def test_one_broken_byte_does_not_spoil_the_file(tmp_path):
    content = TABLE.encode() * 3
    imported = read_posts(
        write(tmp_path, "posts.csv", content.replace("泡茶".encode(), "泡".encode() + b"\xe8\x8c", 1))
    )
    assert imported.posts[0].text == "雨后采枸杞🍒𠮷"
    assert "读不出来" in messages(imported)


def test_excel_dates_numbers_and_formulas_are_kept_as_they_are_meant(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2026 年内容表"])
    sheet.append([])
    sheet.append(["文案", "发布日期", "点赞(个)", "标签"])
    sheet.append(["雨后采枸杞", datetime(2026, 11, 3, 20, 30), 12.0, "采摘;枸杞"])
    sheet.append(["=1+1 不是公式的一句话", date(2026, 11, 4), None, None])
    sheet.append(['=HYPERLINK("http://x","点我看内容")', 46329, "1.2万", None])
    sheet.append([None, date(2026, 11, 5), 3, None])
    book.create_sheet("备注").append(["别读我"])
    book.save(tmp_path / "posts.xlsx")
    imported = read_posts(tmp_path / "posts.xlsx")
    rain, text, formula = imported.posts
    assert (rain.posted_on, rain.metrics, rain.tags) == (date(2026, 11, 3), {"likes": 12}, ("采摘", "枸杞"))
    assert text.text == "=1+1 不是公式的一句话"
    assert formula.text == '=HYPERLINK("http://x","点我看内容")'
    assert (formula.posted_on, formula.metrics) == (date(2026, 11, 3), {"likes": 12_000})
    assert [(row.number, row.reason) for row in imported.rejected] == [(7, "没有正文")]
    assert "备注" in messages(imported)


def test_markdown_posts_come_from_blocks_headings_and_rules(tmp_path):
    content = """---
渠道: 朋友圈
tags: [采摘, 枸杞]
---
# 雨后
泥还粘脚。

## 泡茶
水温别太高。

八十度就好。
---
类型: 产品
日期: 2026-11-03
---
新蜜到了 #枸杞
\\# 这一行不是标题
***
价格: 48 元
"""
    imported = read_posts(write(tmp_path, "posts.md", content))
    rain, tea, honey, price = imported.posts
    assert (rain.title, rain.text, rain.channel, rain.tags) == ("雨后", "泥还粘脚。", Channel.MOMENTS, ("采摘", "枸杞"))
    assert (tea.title, tea.text) == ("泡茶", "水温别太高。\n\n八十度就好。")
    assert (honey.text, honey.pillar, honey.posted_on) == (
        "新蜜到了 #枸杞\n# 这一行不是标题",
        Pillar.PRODUCT,
        date(2026, 11, 3),
    )
    assert (honey.channel, price.text) == (None, "价格: 48 元")


def test_a_heading_without_text_is_given_back_not_lost(tmp_path):
    imported = read_posts(write(tmp_path, "posts.md", "# 只有标题\n## 有内容\n正文在这里\n"))
    assert [post.title for post in imported.posts] == ["有内容"]
    assert [(row.number, row.reason, row.values["title"]) for row in imported.rejected] == [(1, "没有正文", "只有标题")]


def test_json_lines_keep_the_good_ones_and_give_back_the_bad(tmp_path):
    good = Post("x", "雨后采枸杞", Pillar.LIFESTYLE, tags=("采摘",), metrics={"views": 9}).to_json()
    lines = [
        json.dumps(good),
        "{broken",
        '{"note": "no text"}',
        '"一句话也行"',
        "[" * 100_000,
        '{"text": "\\ud800坏字"}',
        "{}",
    ]
    imported = read_posts(write(tmp_path, "posts.jsonl", "\n".join(lines)))
    assert [post.text for post in imported.posts] == ["雨后采枸杞", "一句话也行", "?坏字"]
    assert (imported.posts[0].metrics, imported.posts[0].tags) == ({"views": 9}, ("采摘",))
    assert [row.number for row in imported.rejected] == [2, 3, 5, 7]
    assert imported.rejected[0].values == {"原文": "{broken"}


def test_a_json_list_is_read_like_lines(tmp_path):
    assert len(read_posts(write(tmp_path, "a.json", '[{"content": "一条内容"}, {"content": "两条内容"}]')).posts) == 2
    with pytest.raises(ImportFailed, match="不完整"):
        read_posts(write(tmp_path, "b.json", '[{"content": "一条内容"}, {"con'))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一条\n第二行\n---\n两条\n\n同一条", ["一条\n第二行", "两条\n\n同一条"]),
        ("一条\n第二行\n\n两条\n\n\n三条", ["一条\n第二行", "两条", "三条"]),
        ("一条\n两条\n三条", ["一条", "两条", "三条"]),
        ("只有一条", ["只有一条"]),
    ],
)
def test_pasted_text_is_parted_and_the_merchant_is_told_how(text, expected):
    imported = read_paste(text)
    assert [post.text for post in imported.posts] == expected
    assert ("---" in messages(imported)) == (len(expected) > 1 and "---" not in text)


def test_the_columns_are_guessed_in_chinese_and_english_and_shown_before_importing(tmp_path):
    shown = preview(
        write(tmp_path, "posts.csv", "编号,发布时间,朋友圈文案,阅读量,Category\n1,2026-11-03,雨后采枸杞,9,价值\n" * 9)
    )
    assert shown.columns == ("编号", "发布时间", "朋友圈文案", "阅读量", "Category")
    assert shown.mapping == {"posted_on": "发布时间", "text": "朋友圈文案", "views": "阅读量", "pillar": "Category"}
    assert len(shown.rows) == 5
    assert shown.total == 17


def test_a_mapping_given_by_hand_wins_and_a_wrong_one_is_explained(tmp_path):
    path = write(tmp_path, "posts.csv", "正文,草稿\n旧的一句,新的一句\n")
    assert read_posts(path, {"text": "草稿"}).posts[0].text == "新的一句"
    for mapping, words in [
        ({"text": "没有"}, "「没有」这一列"),
        ({"colour": "正文"}, "colour"),
        ({"title": "正文"}, "哪一列"),
    ]:
        with pytest.raises(ImportFailed) as caught:
            read_posts(path, mapping)
        assert words in str(caught.value)


def test_the_wordiest_column_is_the_text_when_no_name_says_so(tmp_path):
    imported = read_posts(write(tmp_path, "posts.csv", "甲,乙\n1,雨后采枸杞摘了一早上\n2,枸杞泡茶水温别太高\n"))
    assert [post.text for post in imported.posts] == ["雨后采枸杞摘了一早上", "枸杞泡茶水温别太高"]
    assert "没认出表头" in messages(imported)


def test_a_file_without_a_header_loses_no_row(tmp_path):
    long = "雨后的枸杞地泥还粘脚我提着篮子下去摘了一早上手上全是水回来先烧了一壶茶"
    imported = read_posts(write(tmp_path, "posts.csv", f"{long}\n{long}二\n"))
    assert [post.text for post in imported.posts] == [long, long + "二"]
    assert "没有看到表头" in messages(imported)


def test_duplicate_and_empty_headers_are_renamed_and_reported(tmp_path):
    imported = read_posts(write(tmp_path, "posts.csv", "正文,正文,,日期\n甲内容,乙内容,丙,2026-11-03\n"))
    assert imported.posts[0].text == "甲内容"
    assert imported.posts[0].posted_on == date(2026, 11, 3)
    assert "正文 (2)" in messages(imported)
    assert preview(tmp_path / "posts.csv").columns == ("正文", "正文 (2)", "第3列", "日期")


def test_values_not_understood_keep_the_post_and_are_reported_once_with_their_rows(tmp_path):
    rows = "\n".join(f"第 {number} 条内容,抖音,促销,11月3日,很多" for number in range(8))
    imported = read_posts(
        write(tmp_path, "posts.csv", f"正文,渠道,类型,日期,浏览\n{rows}\n最后一条,朋友圈,产品类,2026.2.30,-5\n")
    )
    assert len(imported.posts) == 9
    assert imported.rejected == ()
    assert imported.posts[0].channel is imported.posts[0].pillar is imported.posts[0].posted_on is None
    assert imported.posts[8].pillar is Pillar.PRODUCT
    assert len(imported.problems) == 6
    for words in ("抖音", "促销", "没有年份", "很多", "没有「2026.2.30」这一天", "「-5」", "等 8 行"):
        assert words in messages(imported)


def test_rows_without_usable_text_come_back_with_number_reason_and_all_values(tmp_path):
    content = f"正文,日期\n,2026-11-03\n。。。!,2026-11-04\n{'长' * 20_001},2026-11-05\n好内容,2026-11-06\n甲,乙,丙\n"
    imported = read_posts(write(tmp_path, "posts.csv", content))
    assert [post.text for post in imported.posts] == ["好内容"]
    assert [row.number for row in imported.rejected] == [2, 3, 4, 6]
    assert [row.reason[:5] for row in imported.rejected] == ["没有正文", "正文只有标", "正文有 2", "格数比表头"]
    assert imported.rejected[3].values["多出来的格"] == "丙"


def test_defaults_fill_only_what_a_row_leaves_open(tmp_path):
    defaults = Defaults(pillar=Pillar.VALUE, channel=Channel.OFFICIAL, segment="office", tags=("旧档案",))
    rain, tea = read_posts(write(tmp_path, "posts.csv", TABLE), defaults=defaults).posts
    assert (rain.pillar, rain.channel, rain.segment, rain.tags) == (
        Pillar.LIFESTYLE,
        Channel.MOMENTS,
        "宝妈",
        ("旧档案",),
    )
    assert (tea.pillar, tea.channel, tea.segment) == (Pillar.VALUE, Channel.GROUP, "office")
    assert tea.source == "posts.csv"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "空的"),
        ("a.csv", b"\xef\xbb\xbf \r\n\r\n", "空的"),
        ("a.csv", b"\xff\xfe", "空的"),
        ("a.csv", "正文,日期\n", "没有可以导入"),
        ("a.csv", bytes(range(256)) * 50, "不是文字文件"),
        ("a.txt", b"\x7fELF\x02\x01\x01" + b"\x00\x03\x9c" * 500, "不是文字文件"),
        ("a.md", "---\n---\n", "没有可以导入"),
        ("a.xlsx", b"PK\x03\x04 not really", "损坏"),
        ("a.xlsx", "正文\n其实是文本", "不是真正的 Excel"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "密码"),
        ("a.pdf", b"%PDF-1.7 ...", "可以导入"),
        ("a.csv", '正文\n"' + "没有收尾的引号\n" * 30_000, "引号"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(tmp_path, name, content, words):
    with pytest.raises(ImportFailed, match=words):
        read_posts(write(tmp_path, name, content))


def test_a_missing_file_and_a_folder_are_refused_with_a_sentence(tmp_path):
    with pytest.raises(ImportFailed, match="找不到"):
        read_posts(tmp_path / "nothing.csv")
    with pytest.raises(ImportFailed, match="打不开"):
        read_posts(tmp_path)


def test_a_file_over_64_mb_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 65 * 1024 * 1024)
    with pytest.raises(ImportFailed, match="64 MB"):
        read_posts(path)


def test_a_zip_bomb_dressed_as_excel_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.library.sheets._MAX_UNPACKED", 8 * 1024 * 1024)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * 9 * 1024 * 1024)
    with pytest.raises(ImportFailed, match="太大"):
        read_posts(path)


def test_too_many_rows_and_columns_are_refused(tmp_path):
    with pytest.raises(ImportFailed, match="200,000 行"):
        read_posts(write(tmp_path, "rows.csv", "正文\n" + "一\n" * 200_001))
    with pytest.raises(ImportFailed, match="200 列"):
        read_posts(write(tmp_path, "columns.csv", "正文," * 201 + "尾\n一,二\n"))


def test_a_markdown_block_of_nested_anchors_is_a_post_not_a_bomb(tmp_path):
    bomb = "标签: &a [一, 一]\n标题: &b [*a, *a, *a]\n正文: [*b, *b, *b]\n"
    posts = read_posts(write(tmp_path, "posts.md", f"---\n{bomb}---\n正经内容\n")).posts
    assert [post.text for post in posts][-1] == "正经内容"


def test_eight_megabytes_are_read_in_seconds(tmp_path):
    line = "雨后的枸杞地泥还粘脚我提着篮子摘了一早上" * 5 + ",2026-11-03,朋友圈\n"
    content = ("正文,日期,渠道\n" + line * (8 * 1024 * 1024 // len(line.encode()))).encode()
    start = perf_counter()
    imported = read_posts(write(tmp_path, "big.csv", content))
    assert len(imported.posts) == content.count(b"\n") - 1
    assert perf_counter() - start < 25


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("2026/11/3", date(2026, 11, 3)),
        ("2026.11.3 20:30", date(2026, 11, 3)),
        ("2026年11月3日", date(2026, 11, 3)),
        ("20261103", date(2026, 11, 3)),
        ("2026-11-03T08:00:00+08:00", date(2026, 11, 3)),
        ("46329", date(2026, 11, 3)),
        ("46329.5", date(2026, 11, 3)),
    ],
)
def test_dates_are_read_in_the_ways_people_write_them(written, day):
    assert read_date(written) == day


@pytest.mark.parametrize(
    ("content", "moment"),
    [
        ("正文,日期\n雨后采枸杞,2026-11-02 20:15\n", time(20, 15)),
        ("正文,日期\n雨后采枸杞,2026年11月2日 8：05\n", time(8, 5)),
        ("正文,日期\n雨后采枸杞,2026-11-02T20:15:40+08:00\n", time(20, 15)),
        ("正文,日期\n雨后采枸杞,2026-11-02 00:00:00\n", None),
        ("正文,日期\n雨后采枸杞,2026-11-02T20:15:40Z\n", None),
        ("正文,日期\n雨后采枸杞,2026-11-02\n", None),
        ("正文,日期,发布时间\n雨后采枸杞,2026-11-02,20:15\n", time(20, 15)),
        ("时间,日期,正文\n20点15分,2026-11-02,雨后采枸杞\n", time(20, 15)),
        ("正文,日期,时刻\n雨后采枸杞,2026-11-02,00:00\n", time(0)),
    ],
)
def test_the_time_of_a_post_is_read_beside_its_date_or_from_a_column_of_times(tmp_path, content, moment):
    imported = read_posts(write(tmp_path, "posts.csv", content))
    assert (imported.posts[0].posted_on, imported.posts[0].posted_time) == (date(2026, 11, 2), moment)
    assert not imported.problems


def test_a_time_that_no_clock_shows_is_reported_and_the_post_kept(tmp_path):
    imported = read_posts(write(tmp_path, "posts.csv", "正文,日期,时刻\n雨后采枸杞,2026-11-02,25:10\n"))
    assert imported.posts[0].posted_time is None
    assert "25:10" in messages(imported)


@pytest.mark.parametrize(
    "written", ["11月3日", "11/3", "3.11", "昨天", "2026-13-01", "2026-02-30", "26-11-3", "1", "2026"]
)
def test_a_date_that_is_not_certain_is_refused(written):
    with pytest.raises(ValueError):
        read_date(written)


@pytest.mark.parametrize(
    ("written", "count"), [("1,234", 1234), ("1.2万", 12_000), ("3k", 3000), ("0", 0), ("999+", 999)]
)
def test_counts_are_read_in_the_ways_people_write_them(written, count):
    assert read_count(written) == count


@pytest.mark.parametrize("written", ["-1", "1.5", "很多", "9" * 30, "1e5", "=1+1", "NaN"])
def test_what_is_not_a_count_is_refused(written):
    with pytest.raises(ValueError):
        read_count(written)


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("类型#裙*图案#渐变*类型#裙", ["类型:裙", "图案:渐变"]),
        ("采摘;枸杞、日常,  ", ["采摘", "枸杞", "日常"]),
        ("#枸杞 #养生茶#", ["枸杞", "养生茶"]),
        ("", []),
    ],
)
def test_tags_are_parted_in_the_ways_people_write_them(cell, tags):
    assert split_tags(cell) == tags


def test_product_copy_imports_whole_with_attributes_as_tags():
    path = DATA / "product_copy_fashion.csv"
    if not path.exists():
        pytest.skip("no development data beside this clone")
    imported = read_posts(path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [post.text for post in imported.posts] == [row["text"].strip() for row in rows]
    assert "类型:裙" in imported.posts[0].tags
    assert imported.rejected == ()


LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30
) | st.sampled_from(["---", "# 标题", "=1+1", "@x", "\\# a", "\\", "'=x", "-", "***", "标签: x", '"', "  ---"])
TEXTS = st.lists(LINES, min_size=1, max_size=4).map("\n".join).map(str.strip).map(lambda text: f"枸杞{text}蜜")
POSTS = st.builds(
    Post,
    id=st.just("x"),
    text=TEXTS | TEXTS.map(lambda text: f"=1{text}") | TEXTS.map(lambda text: f"---\n{text}"),
    pillar=st.none() | st.sampled_from(Pillar),
    channel=st.none() | st.sampled_from(Channel),
    posted_on=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    posted_time=st.none() | st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    segment=st.none() | st.sampled_from(["宝妈", "office"]),
    title=st.sampled_from(["", "雨后", "标题: 带冒号"]),
    tags=st.lists(st.sampled_from(["采摘", "类型:裙", "a b"]), unique=True).map(tuple),
    metrics=st.dictionaries(st.sampled_from(["views", "likes", "orders"]), st.integers(0, 10**9)),
    source=st.just("旧档案"),
    is_example=st.booleans(),
)


@pytest.mark.parametrize("fmt", FORMATS)
@given(posts=st.lists(POSTS, min_size=1, max_size=5))
@settings(max_examples=60)
def test_what_is_exported_imports_as_the_same_posts(tmp_path_factory, fmt, posts):
    path = tmp_path_factory.mktemp("export") / f"posts.{fmt}"
    path.write_bytes(export_posts(posts, fmt))
    imported = read_posts(path)
    assert [post.to_json() | {"id": "x", "is_example": post.is_example} for post in imported.posts] == [
        post.to_json() | {"is_example": post.is_example} for post in posts
    ]
    assert imported.rejected == ()


@pytest.mark.parametrize("ending", ["csv", "md", "jsonl", "json", "txt", "xlsx"])
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=60)
def test_any_bytes_give_posts_or_a_sentence(tmp_path_factory, ending, data):
    path = tmp_path_factory.mktemp("any") / f"posts.{ending}"
    path.write_bytes(data)
    with contextlib.suppress(ImportFailed):
        imported = read_posts(path)
        assert imported.posts or imported.rejected
        assert all(post.text.strip() for post in imported.posts)


def test_no_export_cell_starts_a_formula():
    data = export_posts([Post("x", "=HYPERLINK(1)", title="@SUM(1)", segment="+1", tags=("-1",))], "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_rejected_rows_are_written_for_a_spreadsheet_with_their_reasons(tmp_path):
    rejected = [
        RejectedRow(3, "没有正文", {"正文": "", "备注": "=cmd|'/c calc'!A1"}),
        RejectedRow(9, "太长", {"正文": "甲\n乙"}),
    ]
    write_rejected(tmp_path / "rejected.csv", rejected)
    data = (tmp_path / "rejected.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["行号", "原因", "正文", "备注"],
        ["3", "没有正文", "", "'=cmd|'/c calc'!A1"],
        ["9", "太长", "甲\n乙", ""],
    ]


def test_a_folder_that_cannot_be_written_ends_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="写不了"):
        write_rejected(tmp_path / "no" / "rejected.csv", [])
    with pytest.raises(InputError, match="csv"):
        export_posts([], "docx")
