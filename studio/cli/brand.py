"""``studio brand``: the shop's own document, in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.console import say, say_json
from studio.cli.help import Command, group
from studio.cli.options import AsJson, ShopId, WorkspacePath, opened
from studio.errors import InputError

if TYPE_CHECKING:
    from studio.brand import Brand

app = group("店铺资料：导入、导出、查看。")


@app.command("import", cls=Command)
def import_brand(
    file: Annotated[Path, typer.Argument(metavar="文件", help="YAML 或 JSON。")],
    *,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """换成文件里的店铺资料。有问题的地方一次列全，改好之前不保存。"""
    brand = read_brand_file(file)
    with opened(workspace, shop) as space:
        space.store.brand.save(brand, space.store.brand.load()[1])
    if as_json:
        say_json(_counts(brand))
    else:
        say(f"店铺「{brand.name}」的资料保存好了。{_line(brand)}")


@app.command("export", cls=Command)
def export_brand(
    *,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件", help="写到文件；不写时打印出来。")] = None,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """把店铺资料写成 YAML（--json 或 .json 文件名时是 JSON），改好可以再导入。"""
    from studio import brand_file

    with opened(workspace, shop) as space:
        brand = space.brand
    is_json = as_json if out is None else out.suffix.lower() == ".json"
    text = _json(brand) if is_json else brand_file.as_yaml(brand)
    if out is None:
        say(text.rstrip("\n"))
        return
    if out.is_dir():
        raise InputError(f"「{out}」是文件夹，请写一个文件名，例如 {out / '店铺.yaml'}")
    out.write_text(f"{text.rstrip()}\n", "utf-8")
    if as_json:
        say_json({"file": str(out)})
    else:
        say(f"写好了：{out}")


@app.command("show", cls=Command)
def show_brand(*, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """看店铺资料。"""
    with opened(workspace, shop) as space:
        brand = space.brand
    if as_json:
        say_json(brand.model_dump(mode="json"))
        return
    say(f"{brand.name} · {brand.product_type} · {brand.persona.name}({brand.persona.role})")
    say(_line(brand))
    for product in brand.products:
        say(f"  产品 {product.id}  {product.name}{'' if product.on_sale else '（已下架）'}")
    for segment in brand.segments:
        say(f"  客群 {segment.id}  {segment.name}：{segment.rule}")


def read_brand_file(path: Path) -> Brand:
    """Return the brand in a file; everything wrong with it is told at once."""
    from studio import brand_file

    try:
        with path.open("rb") as stream:
            return brand_file.parse(stream.read(brand_file.MAX_BYTES + 1), path.name)
    except FileNotFoundError:
        raise InputError(f"没有文件「{path}」。请检查路径。") from None
    except OSError:
        raise InputError(f"「{path.name}」打不开，没有导入。请检查它是不是文件、有没有权限。") from None


def _json(brand: Brand) -> str:
    return json.dumps(brand.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, indent=2)


def _counts(brand: Brand) -> dict[str, Any]:
    return {
        "name": brand.name,
        "product_type": brand.product_type.value,
        "products": len(brand.products),
        "facts": len(brand.all_facts()),
        "segments": len(brand.segments),
    }


def _line(brand: Brand) -> str:
    counts = _counts(brand)
    return f"产品 {counts['products']} 个，事实 {counts['facts']} 条，客群 {counts['segments']} 个。"
