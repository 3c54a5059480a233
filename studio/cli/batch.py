"""``studio review-batch``: a whole table reviewed, in constant memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.console import note, say, say_json
from studio.cli.options import AsJson, ShopId, WorkspacePath
from studio.cli.review import ChannelText, ProductTypeText
from studio.cli.tables import CHUNK, Row, read_rows, row_writer
from studio.cli.texts import Desk, desk
from studio.errors import InputError
from studio.vocabulary import Verdict

if TYPE_CHECKING:
    from studio.review import Report


def review_batch(
    source: Annotated[Path, typer.Argument(metavar="文件", help="CSV、JSONL 或 Parquet。")],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="文件", help="结果写到哪个文件，CSV、JSONL 或 Parquet。")],
    column: Annotated[str, typer.Option("--column", metavar="列名", help="文字在哪一列。")] = "text",
    cluster: Annotated[str | None, typer.Option("--cluster", metavar="地址", help="这一版还不能用。")] = None,
    product_type: ProductTypeText = None,
    channel: ChannelText = None,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """检查一整张表：每行加上结论、风险、推销感和问题，一边读一边写。

    有禁发的退出码是 1。
    例：studio review-batch 文案.csv --column 文案 --out 结果.csv
    """
    if cluster:
        raise InputError("这一版只在一台机器上检查，--cluster 还不能用。去掉它就能运行，再大的表也不会占满内存。")
    if out.is_dir() or (out.exists() and source.exists() and out.samefile(source)):
        raise InputError(f"结果不能写到「{out}」，请换一个文件名，原来的表不会改动。")
    counts, skipped = _run(desk(workspace, shop, product_type, channel), source, column, out)
    if as_json:
        say_json(
            {
                "file": str(out),
                "rows": counts.total(),
                "skipped": skipped,
                "verdicts": {verdict.value: counts[verdict] for verdict in Verdict},
            }
        )
    else:
        totals = "，".join(f"{verdict.label} {counts[verdict]}" for verdict in Verdict)
        say(f"检查了 {counts.total()} 行：{totals}。结果写在：{out}")
    if counts[Verdict.BLOCK]:
        raise typer.Exit(1)


def _run(chosen: Desk, source: Path, column: str, out: Path) -> tuple[Counter[Verdict], int]:
    """Review every row and return how many got each verdict, and how many lines were no row."""
    from studio.review.bulk import Job, review_rows

    part = out.with_name(f"{out.name}.part")
    bad: list[int] = []
    rows = read_rows(source, column, bad.append)
    with row_writer(out) as write:
        total = review_rows(
            (_text(row, column) for row in rows),
            part,
            Job(chosen.reviewer, _columns, chosen.channel, chosen.product_type),
            source=_version(source, column),
            progress=lambda count: note(f"已检查 {count} 行") if count else None,
        )
        if not total:
            raise InputError(f"「{source.name}」里没有可以检查的行，没有写出文件。")
        counts = _joined(read_rows(source, column, lambda _: None), part, write)
    part.unlink()
    if bad:
        shown = "、".join(map(str, bad[:10]))
        note(f"有 {len(bad)} 行读不了，已跳过：第 {shown} 行{'等' if len(bad) > 10 else ''}")
    return counts, len(bad)


def _joined(rows: Iterator[Row], part: Path, write: Callable[[list[Row]], None]) -> Counter[Verdict]:
    """Write every row with its result and count the verdicts."""
    from studio.review.bulk import results

    counts: Counter[Verdict] = Counter()
    found = results(part)
    while chunk := list(islice(rows, CHUNK)):
        added = list(islice(found, len(chunk)))
        write([row | columns for row, columns in zip(chunk, added, strict=True)])
        counts.update(Verdict(columns["review_verdict"]) for columns in added)
    return counts


def _version(source: Path, column: str) -> str:
    """Return what is another text as soon as the table or the column is."""
    state = source.stat()
    return f"{source.resolve()}\n{state.st_size}\n{state.st_mtime_ns}\n{column}"


def _text(row: Row, column: str) -> str:
    value = row[column]
    return value if isinstance(value, str) else "" if value is None else str(value)


def _columns(report: Report) -> dict[str, Any]:
    """Return what is added to a row."""
    codes = [finding.code for finding in report.findings if finding.exemption is None]
    return {
        "review_verdict": report.verdict.value,
        "review_risk": report.risk,
        "review_tone": report.tone.score,
        "review_codes": ";".join(dict.fromkeys(codes)),
        "review_findings": [finding.to_json() for finding in report.findings],
    }
