"""内容库: how did we say it before? Search by one's own words; import, tidy up and take along."""

from functools import partial

import streamlit as st

from studio.app.ui import session
from studio.app.ui.import_form import show_import
from studio.app.ui.library_finder import duplicates, show_hits, show_latest, show_readiness, show_search
from studio.app.ui.post_cards import show_post, show_undo
from studio.library.exporting import FORMATS, export_posts
from studio.library.search import has_words

_FORMAT_WORDS = {
    "csv": ("表格 CSV", "可以用 Excel 打开", "text/csv"),
    "jsonl": ("JSONL", "给程序用", "application/jsonl"),
    "md": ("Markdown", "方便阅读和打印", "text/markdown"),
}

opened = session.workspace()


def exported(fmt: str) -> bytes:
    """Return all posts as a file; made when somebody takes it."""
    return export_posts(opened.store.posts.all(), fmt)


count = opened.store.posts.count()
st.title("内容库", anchor=False)
find, bring_in, repeats, take_out = st.tabs(
    ["查找", "导入", "重复", "导出"], key="library_part", on_change="rerun", default="查找" if count else "导入"
)

if find.open:
    with find:
        if not count:
            st.write("内容库还是空的。导入以前发过的内容，就能按意思找到它们，起草时也会照着你的口气写。")
        else:
            query, filters = show_search()
            show_undo()
            if has_words(query):
                show_hits(query, filters)
            else:
                show_readiness()
                show_latest(filters)

if bring_in.open:
    with bring_in:
        show_import()

if repeats.open:
    with repeats:
        groups = duplicates(opened)
        show_undo()
        if groups:
            st.write(f"有 {len(groups)} 组内容说的是差不多的话。留一条就够了，删掉的可以放回来。")
        else:
            st.write("没有发现重复的内容。")
        for number, group in enumerate(groups[:20], start=1):
            st.subheader(f"第 {number} 组 · {len(group)} 条", anchor=False)
            for post in group:
                show_post(post, key="repeat")

if take_out.open:
    with take_out:
        st.write(f"把全部 {count:,} 条内容带走。导出的文件可以原样导回来。")
        with st.container(horizontal=True):
            for fmt in FORMATS:
                label, help_text, mime = _FORMAT_WORDS[fmt]
                st.download_button(
                    label,
                    partial(exported, fmt),
                    f"内容库-{session.today()}.{fmt}",
                    mime,
                    help=help_text,
                    icon=":material/download:",
                    disabled=not count,
                    on_click="ignore",
                    key=f"library_export_{fmt}",
                )
