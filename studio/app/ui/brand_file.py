"""The shop's document as a file: taken along, or put in the place of what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from studio import brand_file
from studio.app.ui import session
from studio.brand import Brand

if TYPE_CHECKING:
    from streamlit.typing import UploadedFile

_BEFORE = "brand-before-import"


def show_brand_file() -> None:
    """Show the export button and the import box; an import can be taken back."""
    store = session.workspace().store
    st.download_button(
        "导出店铺资料(YAML)",
        lambda: brand_file.as_yaml(store.brand.load()[0]),
        "店铺资料.yaml",
        "application/yaml",
        icon=":material/download:",
        on_click="ignore",
    )
    upload = st.file_uploader("导入店铺资料(YAML)", type=["yaml", "yml"], key="brand_upload", max_upload_size=1)
    if upload is not None:
        st.caption("导入后整份换成文件里的内容，换之前的可以找回来。")
        st.button("换成这份", icon=":material/upload:", on_click=_replace, args=(upload,))
    if store.memos.get(_BEFORE):
        st.button("找回导入之前的资料", icon=":material/undo:", on_click=_take_back)


@session.told
def _replace(upload: UploadedFile) -> None:
    brand = brand_file.parse(upload.getvalue(), upload.name)
    store = session.workspace().store
    before, version = store.brand.load()
    store.brand.save(brand, version)
    store.memos.set(_BEFORE, before.model_dump(mode="json", exclude_defaults=True) or {"name": before.name})
    session.notify("店铺资料换好了，可以在这里找回之前的")


@session.told
def _take_back() -> None:
    store = session.workspace().store
    brand = Brand.model_validate(store.memos.get(_BEFORE))
    store.brand.save(brand, store.brand.load()[1])
    store.memos.set(_BEFORE, None)
    session.notify("找回来了")
