"""A whole file under review: choose the column, watch it go, take the result home."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from studio import jobs
from studio.app.ui import session
from studio.app.ui.marks import VERDICT_COLOUR, VERDICT_ICON
from studio.app.ui.uploads import kept_file, on_disk
from studio.app.ui.work import running, show_ending, show_work
from studio.errors import StudioError
from studio.library.importing import guess_mapping
from studio.library.reading import KINDS, Table, read_table
from studio.vocabulary import ProductType, Verdict

if TYPE_CHECKING:
    from streamlit.typing import UploadedFile

    from studio.review import Report
    from studio.workspace import Workspace

KIND = "review-file"
FLAGGED_SHOWN = 200

_MEMO = "review-file"
_TABLE = "review_table"
_PIECE = 100
"""Rows reviewed between two signs of life."""

_HEADER = ["行号", "结论", "问题数", "问题", "怎么改", "文字"]


@dataclass(slots=True)
class _Result:
    """What a file's review found so far, kept after every piece: all rows in a CSV file, the rest in the store."""

    workspace: Workspace
    path: Path
    summary: dict[str, Any]

    def begin(self) -> None:
        with self.path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerow(_HEADER)

    def add(self, rows: Sequence[tuple[int, str]], reports: Sequence[Report]) -> None:
        lines = [_line(number, text, report) for (number, text), report in zip(rows, reports, strict=True)]
        with self.path.open("a", encoding="utf-8", errors="replace", newline="") as stream:
            csv.writer(stream).writerows([_harmless(cell) for cell in line] for line in lines)
        for report in reports:
            self.summary["counts"][report.verdict.value] += 1
        flagged = [line for line, report in zip(lines, reports, strict=True) if report.verdict is not Verdict.PASS]
        room = FLAGGED_SHOWN - len(self.summary["flagged"])
        self.summary["flagged"] += [[*line[:5], line[5][:200]] for line in flagged[:room]]
        self.workspace.store.memos.set(_MEMO, self.summary)


def _line(number: int, text: str, report: Report) -> list[str]:
    found = [finding for finding in report.findings if finding.exemption is None]
    named = dict.fromkeys(f"「{finding.text}」{finding.message}" for finding in found[:20])
    advice = dict.fromkeys(finding.suggestion for finding in found[:20] if finding.suggestion)
    return [str(number), report.verdict.label, str(len(found)), " ".join(named), " ".join(advice), text]


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows instead of running it as a formula."""
    return f"'{cell}" if cell[:1] in tuple("=+-@\t\r") else cell


def review_rows(workspace: Workspace, name: str, rows: Sequence[tuple[int, str]], kind: ProductType) -> jobs.Work:
    """Return the work of reviewing (row number, text) pairs of the file ``name``, a piece at a time."""
    summary = {"file": name, "total": len(rows), "counts": {verdict.value: 0 for verdict in Verdict}, "flagged": []}
    result = _Result(workspace, kept_file(workspace, "review.csv"), summary)

    def do(start: str) -> None:
        if start == "0":
            result.begin()
        piece = rows[int(start) : int(start) + _PIECE]
        result.add(piece, list(workspace.proofreader.review_many([text for _, text in piece], product_type=kind)))

    return jobs.Work(items=[str(start) for start in range(0, len(rows), _PIECE)], do=do, name=lambda start: start)


def show_file_review() -> None:
    """Show the file tab: upload, progress, result."""
    if running(KIND):
        show_work(KIND, "正在检查")
    else:
        _show_upload()
        show_ending(KIND, "上次停在半路，查过的都在下面。")
    summary = session.workspace().store.memos.get(_MEMO)
    if isinstance(summary, dict):
        _show_result(summary)


def _show_upload() -> None:
    upload = st.file_uploader(
        "要检查的文件", type=[ending.lstrip(".") for ending in KINDS], key="review_upload", max_upload_size=64
    )
    if upload is None:
        st.caption("表格、文本都可以，一行一条。文件只在这台电脑上读，不会上传到别处。")
        return
    try:
        table = _table(upload)
    except StudioError as error:
        st.error(session.plain(str(error)), icon=":material/error:")
        return
    guessed = guess_mapping(table).get("text")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        column = st.selectbox(
            "要检查的是哪一列",
            table.columns,
            index=table.columns.index(guessed) if guessed in table.columns else 0,
            key="review_column",
            width=320,
        )
        st.button(
            f"检查全部 {len(table.rows):,} 行",
            type="primary",
            icon=":material/fact_check:",
            on_click=_start,
            args=(upload.name, table, column),
        )
    for problem in table.problems[:10]:
        st.caption(f":material/info: {session.plain(problem.message)}")
    st.caption("这一列的前几行：")
    for row in table.rows[:3]:
        st.text(row.cells.get(column, "")[:120])


def _table(upload: UploadedFile) -> Table:
    """Return the rows of the upload, read once however often the page runs."""
    known: tuple[str, Table] | None = st.session_state.get(_TABLE)
    if known is None or known[0] != upload.file_id:
        with on_disk(upload) as path:
            known = (upload.file_id, read_table(path))
        st.session_state[_TABLE] = known
    return known[1]


@session.told
def _start(name: str, table: Table, column: str) -> None:
    opened = session.workspace()
    cells = [(row.number, row.cells.get(column, "")) for row in table.rows]
    filled = [(number, text) for number, text in cells if text.strip()]
    jobs.start(opened, KIND, review_rows(opened, name, filled, opened.brand.product_type))


def _show_result(summary: dict[str, Any]) -> None:
    opened = session.workspace()
    counts = summary["counts"]
    done = sum(counts.values())
    st.subheader(session.plain(summary["file"]), anchor=False)
    st.caption(f"查了 {done:,} 条" + (f"，共 {summary['total']:,} 条" if done < summary["total"] else ""))
    with st.container(horizontal=True):
        for verdict in Verdict:
            label = f":{VERDICT_COLOUR[verdict]}[{VERDICT_ICON[verdict]} {verdict.label}]"
            st.metric(label, f"{counts[verdict.value]:,} 条", border=True, width=150)
    path = kept_file(opened, "review.csv")
    if done and path.is_file():
        st.download_button(
            "下载全部结果(CSV)",
            path.read_bytes,
            f"审稿结果-{Path(summary['file']).stem[:40]}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    if summary["flagged"]:
        more = counts[Verdict.REVISE.value] + counts[Verdict.BLOCK.value] - len(summary["flagged"])
        st.markdown(
            "**要改的**"
            + (f" :gray[先列 {len(summary['flagged'])} 条，其余 {more:,} 条在下载的文件里]" if more else "")
        )
        st.dataframe(
            [dict(zip(_HEADER, line, strict=True)) for line in summary["flagged"]],
            hide_index=True,
            alt="要改的内容",
            column_config={
                "文字": st.column_config.TextColumn(width="large"),
                "问题": st.column_config.TextColumn(width="large"),
            },
            column_order=["行号", "结论", "文字", "问题", "怎么改"],
        )
    elif done:
        st.caption(":material/check_circle: 没有要改的。")
