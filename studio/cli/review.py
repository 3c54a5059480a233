"""``studio review``: what may not be said, and what to say instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.console import clip, note, one_or_many, say, say_json
from studio.cli.options import AsJson, ShopId, WorkspacePath, parse_choice
from studio.cli.texts import Text, desk, gather
from studio.vocabulary import Verdict

if TYPE_CHECKING:
    from studio.review import Finding, Report

FORMATS = ("text", "json", "sarif")

ProductTypeText = Annotated[
    str | None, typer.Option("--product-type", metavar="类型", help="例如 普通食品。不写时用店铺资料里的。")
]
ChannelText = Annotated[
    str | None, typer.Option("--channel", metavar="渠道", help="moments、group、direct、official、video，或中文名。")
]


def review(
    files: Annotated[list[str] | None, typer.Argument(metavar="文件…", help="要检查的文件；- 表示从管道读。")] = None,
    *,
    text: Annotated[str | None, typer.Option("--text", metavar="文字", help="直接检查这段文字。")] = None,
    form: Annotated[str, typer.Option("--format", metavar="格式", help="text、json 或 sarif。")] = "text",
    product_type: ProductTypeText = None,
    channel: ChannelText = None,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """检查文字能不能发：哪里有问题、为什么、怎么改。不联网，不用模型。

    有禁发的退出码是 1。
    例：studio review --text "全网最低价" --channel moments
    """
    form = parse_choice(form, FORMATS, "--format")
    form = "json" if as_json else form
    texts = gather(files or [], text)
    chosen = desk(workspace, shop, product_type, channel)
    reports = [None if item.error else chosen.review(item.content) for item in texts]
    for item in texts:
        if item.error:
            note(item.error)
    if form == "sarif":
        from studio.cli.sarif import to_sarif

        say_json(to_sarif(list(zip(texts, reports, strict=True)), chosen.reviewer.rules))
    elif form == "json":
        say_json(one_or_many([_document(*pair) for pair in zip(texts, reports, strict=True)], len(texts)))
    else:
        for item, report in zip(texts, reports, strict=True):
            if report:
                _print(item, report, titled=len(texts) > 1)
    _leave(reports)


def _leave(reports: list[Report | None]) -> None:
    if None in reports:
        raise typer.Exit(2)
    if any(report and report.verdict is Verdict.BLOCK for report in reports):
        raise typer.Exit(1)


def _document(item: Text, report: Report | None) -> dict[str, Any]:
    return {"error": item.error, "file": item.source} if report is None else report.to_json()


def _print(item: Text, report: Report, *, titled: bool) -> None:
    if titled:
        say(f"── {item.source or '--text'}")
    tone = report.tone
    say(f"{report.verdict.label}  风险 {report.risk}  推销感 {tone.score}（高过 {tone.percentile:g}% 的日常内容）")
    for finding in report.findings:
        _print_finding(item.content, finding)
    if not report.findings:
        say("  没有发现问题。")


def _print_finding(content: str, finding: Finding) -> None:
    line = content.count("\n", 0, finding.start) + 1
    column = finding.start - (content.rfind("\n", 0, finding.start) + 1) + 1
    say(f"  [{finding.severity.label}] 第 {line} 行第 {column} 字「{clip(finding.text, 30)}」{finding.message}")
    if finding.exemption:
        say(f"      不算违规：{finding.exemption['reason']}")
        return
    for basis in finding.basis:
        say(f"      依据：{basis['law']} {basis['article']}({basis['version']})")
    if finding.suggestion:
        say(f"      可改：{finding.suggestion}")
