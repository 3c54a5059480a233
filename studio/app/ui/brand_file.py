"""The shop's document as a file: taken along, or put in the place of what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st
import yaml

from studio.app.ui import session
from studio.brand import Brand, read_brand
from studio.errors import ImportFailed

if TYPE_CHECKING:
    from streamlit.typing import UploadedFile

MAX_FILE = 1_000_000
"""Bytes; a shop's document has a few thousand lines at most."""

_BEFORE = "brand-before-import"


def show_brand_file() -> None:
    """Show the export button and the import box; an import can be taken back."""
    store = session.workspace().store
    st.download_button(
        "导出店铺资料(YAML)",
        lambda: as_yaml(store.brand.load()[0]),
        "店铺资料.yaml",
        "application/yaml",
        icon=":material/download:",
        on_click="ignore",
    )
    upload = st.file_uploader("导入店铺资料(YAML)", type=["yaml", "yml"], key="brand_upload", max_upload_size=1)
    if upload is not None:
        st.caption("导入后整份换成文件里的内容,换之前的可以找回来。")
        st.button("换成这份", icon=":material/upload:", on_click=_replace, args=(upload,))
    if store.memos.get(_BEFORE):
        st.button("找回导入之前的资料", icon=":material/undo:", on_click=_take_back)


def as_yaml(brand: Brand) -> str:
    """Return the brand as YAML that imports as the same brand."""
    return yaml.safe_dump(brand.model_dump(mode="json", exclude_defaults=True), allow_unicode=True, sort_keys=False)


@session.told
def _replace(upload: UploadedFile) -> None:
    data = parsed(upload.getvalue())
    brand, problems = read_brand(data, "文件")
    if brand is None:
        listed = ";".join(f"{problem.field} {problem.message}" for problem in problems[:20])
        raise ImportFailed(f"没有导入,原来的资料没动。文件里有 {len(problems)} 处要改:{listed}")
    store = session.workspace().store
    before, version = store.brand.load()
    store.brand.save(brand, version)
    store.memos.set(_BEFORE, before.model_dump(mode="json", exclude_defaults=True) or {"name": before.name})
    session.notify("店铺资料换好了,可以在这里找回之前的")


@session.told
def _take_back() -> None:
    store = session.workspace().store
    brand = Brand.model_validate(store.memos.get(_BEFORE))
    store.brand.save(brand, store.brand.load()[1])
    store.memos.set(_BEFORE, None)
    session.notify("找回来了")


def parsed(content: bytes) -> Any:
    """Return what a YAML file holds; :class:`ImportFailed` when it cannot be read or is built to blow up."""
    if len(content) > MAX_FILE:
        raise ImportFailed("文件超过 1 MB,不像店铺资料。没有导入,原来的资料没动。")
    try:
        text = content.decode("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise ImportFailed("文件里不能用 & 和 * 引用,请把内容写全。没有导入,原来的资料没动。")
        return yaml.safe_load(text)
    except UnicodeDecodeError:
        raise ImportFailed("文件要用 UTF-8 保存。没有导入,原来的资料没动。") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行附近" if mark else "里面"
        raise ImportFailed(f"文件{place}的写法不对,多半是缩进或冒号。没有导入,原来的资料没动。") from None
