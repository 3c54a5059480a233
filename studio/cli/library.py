"""``studio library``: what was published, imported, found again, taken out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.console import clip, note, say, say_json
from studio.cli.help import Command, group
from studio.cli.options import AsJson, ShopId, WorkspacePath, opened, parse_choice, parse_word
from studio.errors import EmbeddingError, ImportFailed, InputError
from studio.vocabulary import Channel, Pillar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.library.importing import Defaults, Imported, RejectedRow
    from studio.workspace import Workspace

FORMATS = ("csv", "jsonl", "md")
CATCH_UP = 200
"""Posts without a vector that a search embeds first (about 10 seconds); more wait for ``library embed``."""

app = group("内容库：导入、搜索、找重复、导出。")


@app.command("import", cls=Command)
def import_posts(
    path: Annotated[Path, typer.Argument(metavar="文件或文件夹", help="CSV、Excel、Markdown、JSONL 或文本。")],
    *,
    pillar: Annotated[
        str | None, typer.Option("--pillar", metavar="类型", help="没写类型的算作：产品、价值、生活。")
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="渠道", help="没写渠道的算作：朋友圈、社群…")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="列名=字段", help="指出哪一列是什么，例如 文案=text；可写多个。"),
    ] = None,
    rejected: Annotated[
        Path | None, typer.Option("--rejected", metavar="文件", help="没导入的行写到哪里；不写时放在工作区。")
    ] = None,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """导入发过的内容；同样的文字只存一份，没导入的行连同原因写成文件。

    例：studio library import 朋友圈.xlsx --column 文案=text --channel 朋友圈
    """
    from studio.library.importing import Defaults

    defaults = Defaults(pillar=parse_word(Pillar, pillar), channel=parse_word(Channel, channel))
    renamed = _columns(column or [])
    files = _files(path)
    with opened(workspace, shop) as space:
        found = [(file, _read(file, renamed, defaults, alone=len(files) == 1)) for file in files]
        added = space.library.add([post for _, item in found if item for post in item.posts])
        rows = [row for _, item in found if item for row in item.rejected]
        kept = keep_rejected(rows, rejected or space.root / f"{path.stem}-没导入.csv")
    problems = [problem for _, item in found if item for problem in item.problems]
    for problem in problems:
        note(f"提示：{problem}")
    failed = [file.name for file, item in found if item is None]
    if as_json:
        say_json(
            {
                "files": len(files),
                "failed": failed,
                "new": added.new,
                "merged": added.merged,
                "rejected": len(rows),
                "rejected_file": kept,
                "problems": [problem.to_json() for problem in problems],
            }
        )
    else:
        say(f"新存 {added.new} 条，{added.merged} 条本来就有。")
        if kept:
            say(f"有 {len(rows)} 行没导入，原因写在：{kept}")
    if failed:
        raise typer.Exit(2)


@app.command("search", cls=Command)
def search(
    query: Annotated[str, typer.Argument(metavar="想找的", help="几个词或一句话，例如 下雨天。")],
    *,
    count: Annotated[int, typer.Option("-k", min=1, max=200, metavar="几条", help="最多几条。")] = 10,
    pillar: Annotated[str | None, typer.Option("--pillar", metavar="类型", help="只找这一类。")] = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="渠道", help="只找这个渠道。")] = None,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """按字面和意思找发过的内容。"""
    from studio.library.search import Filters

    one_pillar, one_channel = parse_word(Pillar, pillar), parse_word(Channel, channel)
    filters = Filters(
        pillars=(one_pillar,) if one_pillar else (),
        channels=(one_channel,) if one_channel else (),
    )
    with opened(workspace, shop) as space:
        _catch_up(space)
        found = space.library.search(query, k=count, filters=filters)
    if found.notice:
        note(found.notice)
    if as_json:
        say_json([hit.to_json() for hit in found])
        return
    for hit in found:
        post = hit.post
        facts = (post.posted_on, post.channel and post.channel.label, post.pillar and post.pillar.label)
        say(f"{hit.score:.2f}  {' · '.join(str(fact) for fact in facts if fact)}  ({post.id})")
        say(f"      {clip(post.text, 90)}")
    if not len(found):
        say("没有找到。换个说法再试。")


@app.command("duplicates", cls=Command)
def duplicates(*, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """找出意思和字面都差不多的内容。"""
    with opened(workspace, shop) as space:
        _catch_up(space)
        groups = space.library.duplicates()
    if as_json:
        say_json([[post.to_json() for post in members] for members in groups])
        return
    for number, members in enumerate(groups, 1):
        say(f"第 {number} 组")
        for post in members:
            say(f"  {post.posted_on or '日期不明'}  {clip(post.text, 70)}  ({post.id})")
    say(f"共 {len(groups)} 组。" if groups else "没有重复的内容。")


@app.command("embed", cls=Command)
def embed(*, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """给内容算语义，让搜索懂意思；算好一批存一批，停了可以接着算。"""
    with opened(workspace, shop) as space:
        done = space.library.embed_missing(progress=_progress)
        stats = space.library.stats()
    if as_json:
        say_json({"embedded": done, "posts": stats.posts, "with_vector": stats.embedded})
    else:
        say(f"这次算了 {done} 条，{stats.posts} 条里有 {stats.embedded} 条能按意思搜到。")


@app.command("export", cls=Command)
def export(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="文件", help="写到哪个文件。")],
    form: Annotated[str, typer.Option("--format", metavar="格式", help="csv、jsonl 或 md。")] = "csv",
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """把内容库写成文件，能再导入。"""
    from studio.library.exporting import export_posts

    form = parse_choice(form, FORMATS, "--format")
    if out.is_dir():
        raise InputError(f"「{out}」是文件夹，请写一个文件名，例如 {out / f'内容库.{form}'}")
    with opened(workspace, shop) as space:
        posts = space.store.posts.all()
    content = export_posts(posts, form)
    out.write_bytes(content)
    if as_json:
        say_json({"file": str(out), "format": form, "posts": len(posts)})
    else:
        say(f"写好了：{out}（{len(posts)} 条）")


def keep_rejected(rows: Sequence[RejectedRow], path: Path) -> str | None:
    """Write the rows that could not be imported with their reasons; return the path, or None without any."""
    from studio.library.exporting import write_rejected

    if not rows:
        return None
    write_rejected(path, rows)
    return str(path)


def _files(path: Path) -> list[Path]:
    from studio.library.reading import KINDS

    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in KINDS and file.is_file())
    if not files:
        raise InputError(f"「{path}」里没有能导入的文件。可以导入：{'、'.join(KINDS)}")
    return files


def _columns(pairs: list[str]) -> dict[str, str]:
    """Return field code → column of ``列名=字段``; the field by its code or its Chinese word."""
    from studio.library.fields import FIELDS

    codes = {word: code for code, word in FIELDS.items()} | {code: code for code in FIELDS}
    mapping: dict[str, str] = {}
    for pair in pairs:
        name, _, wanted = pair.rpartition("=")
        if not name or wanted.strip() not in codes:
            raise InputError(f"看不懂 --column「{pair[:40]}」，请写成 列名=字段，字段可选：{'、'.join(FIELDS)}")
        mapping[codes[wanted.strip()]] = name.strip()
    return mapping


def _read(file: Path, renamed: dict[str, str], defaults: Defaults, *, alone: bool) -> Imported | None:
    """Return what a file gave; an unreadable one among several is said and left out."""
    from studio.library.importing import preview, read_posts

    try:
        mapping: dict[str, str] | None = None
        if renamed:
            guessed = preview(file).mapping
            mapping = {code: name for code, name in guessed.items() if name not in renamed.values()} | renamed
        return read_posts(file, mapping, defaults)
    except ImportFailed as error:
        if alone:
            raise
        note(str(error))
        return None


def _catch_up(space: Workspace) -> None:
    """Embed what is missing when that is quick; without a model the search goes by words."""
    try:
        waiting = len(space.store.vectors.missing(space.embedder.key))
        if 0 < waiting <= CATCH_UP:
            space.library.embed_missing(progress=_progress)
        elif waiting:
            note("还有很多内容没算语义；运行 studio library embed 之后能按意思搜。")
    except EmbeddingError as error:
        note(str(error))


def _progress(done: int, total: int) -> None:
    note(f"算语义 {done}/{total}")
