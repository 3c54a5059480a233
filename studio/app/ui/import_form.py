"""Bringing posts in: a file or pasted text, which column is what, and what became of every row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from studio.app.ui import session
from studio.app.ui.uploads import kept_file, on_disk
from studio.errors import StudioError
from studio.library.exporting import write_rejected
from studio.library.fields import FIELDS
from studio.library.importing import Defaults, Imported, Preview, preview, read_paste, read_posts
from studio.library.reading import KINDS
from studio.vocabulary import Channel, Pillar

if TYPE_CHECKING:
    from streamlit.typing import UploadedFile

MAIN_FIELDS = ("text", "pillar", "channel", "posted_on")
_MEMO = "library-import"
_PREVIEW = "import_preview"
_REJECTED = "rejected.csv"
_PROBLEMS = 50
_REASONS = 10
_ABSENT = "（没有这一列）"
_UNSAID = "不填"


def show_import() -> None:
    """Show the import tab."""
    upload = st.file_uploader(
        "选一个文件", type=[ending.lstrip(".") for ending in KINDS], key="import_upload", max_upload_size=64
    )
    if upload is None:
        st.caption("CSV、Excel、Markdown、JSONL、文本都可以。重复的会合并，读不了的行会原样退给你。")
        with st.expander("没有文件，直接粘贴", key="import_paste_part"):
            st.text_area(
                "贴在这里",
                key="import_paste",
                height=200,
                placeholder="一条一条地贴，两条之间空一行",
                persist_state="page",
            )
            st.button("导入贴的内容", icon=":material/content_paste:", on_click=_import_paste)
    else:
        _show_columns(upload)
    _show_outcome()


def _show_columns(upload: UploadedFile) -> None:
    try:
        seen = _preview(upload)
    except StudioError as error:
        st.error(session.plain(str(error)), icon=":material/error:")
        return
    st.markdown(f"共 **{seen.total:,}** 行。先看看每一列认得对不对：")
    for problem in seen.problems[:10]:
        st.caption(f":material/info: {session.plain(problem.message)}")
    with st.grid(4, min_column_width=180):
        for field in MAIN_FIELDS:
            _pick_column(field, seen, upload.file_id)
    rest = [field for field in FIELDS if field not in MAIN_FIELDS]
    known = "、".join(FIELDS[field] for field in rest if field in seen.mapping)
    with (
        st.expander(f"其他列{':认出了 ' + known if known else ''}", key=f"import_more_{upload.file_id}"),
        st.grid(4, min_column_width=180),
    ):
        for field in rest:
            _pick_column(field, seen, upload.file_id)
    st.dataframe(list(seen.rows), hide_index=True, alt="文件的前几行", key=f"import_rows_{upload.file_id}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("没写类型的算", [_UNSAID, *Pillar], key="import_pillar", format_func=_word, width=160)
        st.selectbox("没写渠道的算", [_UNSAID, *Channel], key="import_channel", format_func=_word, width=160)
        st.button(
            f"导入 {seen.total:,} 行", type="primary", icon=":material/upload:", on_click=_import_file, args=(upload,)
        )


def _word(item: str) -> str:
    return item.label if isinstance(item, Pillar | Channel) else item


def _pick_column(field: str, seen: Preview, file_id: str) -> None:
    options = list(seen.columns) if field == "text" else [_ABSENT, *seen.columns]
    guess = seen.mapping.get(field)
    st.selectbox(
        FIELDS[field],
        options,
        index=options.index(guess) if guess in options else 0,
        key=_column_key(field, file_id),
    )


def _column_key(field: str, file_id: str) -> str:
    return f"import_{field}_{file_id}"


def _preview(upload: UploadedFile) -> Preview:
    known: tuple[str, Preview] | None = st.session_state.get(_PREVIEW)
    if known is None or known[0] != upload.file_id:
        with on_disk(upload) as path:
            known = (upload.file_id, preview(path))
        st.session_state[_PREVIEW] = known
    return known[1]


@session.told
def _import_file(upload: UploadedFile) -> None:
    chosen = {field: st.session_state.get(_column_key(field, upload.file_id)) for field in FIELDS}
    mapping = {field: column for field, column in chosen.items() if column and column != _ABSENT}
    with on_disk(upload) as path:
        _keep(upload.name, read_posts(path, mapping, _defaults()))


@session.told
def _import_paste() -> None:
    _keep("粘贴的内容", read_paste(st.session_state["import_paste"] or ""))
    st.session_state["import_paste"] = ""


def _defaults() -> Defaults:
    pillar, channel = st.session_state.get("import_pillar"), st.session_state.get("import_channel")
    return Defaults(
        pillar=pillar if isinstance(pillar, Pillar) else None, channel=channel if isinstance(channel, Channel) else None
    )


def _keep(name: str, imported: Imported) -> None:
    opened = session.workspace()
    if imported.rejected:
        write_rejected(kept_file(opened, _REJECTED), imported.rejected)
    added = opened.library.add(imported.posts)
    outcome = {
        "file": name,
        "new": added.new,
        "merged": added.merged,
        "rejected": len(imported.rejected),
        "problems": [
            *(f"第 {row.number} 行退回：{row.reason}" for row in imported.rejected[:_REASONS]),
            *map(str, imported.problems[:_PROBLEMS]),
        ],
    }
    opened.store.memos.set(_MEMO, outcome)


def _show_outcome() -> None:
    opened = session.workspace()
    outcome: dict[str, Any] | None = opened.store.memos.get(_MEMO)
    if not outcome:
        return
    with st.container(border=True):
        st.markdown(f"上次导入：**{session.plain(outcome['file'])}**")
        st.markdown(
            f":green[:material/check_circle: 新增 {outcome['new']:,} 条] · "
            f"合并 {outcome['merged']:,} 条 :gray[（库里已经有）] · 退回 {outcome['rejected']:,} 行"
        )
        path = kept_file(opened, _REJECTED)
        if outcome["rejected"] and path.is_file():
            st.download_button(
                f"下载退回的 {outcome['rejected']:,} 行(CSV)",
                path.read_bytes,
                f"退回的行-{Path(outcome['file']).stem[:40]}.csv",
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
        for problem in outcome["problems"]:
            st.caption(f":material/info: {session.plain(problem)}")
        st.button("收起", key="import_close", type="tertiary", on_click=_forget)


@session.told
def _forget() -> None:
    session.workspace().store.memos.set(_MEMO, None)
