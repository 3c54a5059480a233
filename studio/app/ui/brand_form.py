"""The shop's own document on a page: every part editable, checked as a whole, never half saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from studio.app.ui import session
from studio.app.ui.brand_tables import (
    FACT_COLUMNS,
    PRODUCT_COLUMNS,
    SECTIONS,
    SEGMENT_COLUMNS,
    WHOLE_SHOP,
    Document,
    Record,
    fact_rows,
    product_names,
    product_rows,
    segment_rows,
    split_lines,
)
from studio.brand import Brand, read_brand
from studio.errors import ConflictError, Problem, StudioError
from studio.vocabulary import Channel, Pillar, ProductType, Stage

SAMPLE_DIVIDER = "---"
"""A line of its own between two samples of the shop's voice, which may have several lines each."""

_LOADED = "brand_loaded"
_PERSONA = {
    "name": "你是谁",
    "role": "身份",
    "value_line": "能给大家什么",
    "calls_self": "怎么称呼自己",
    "calls_readers": "怎么称呼读者",
}
_TERMS = {"allowed_terms": "常用的词", "forbidden_terms": "不用的词", "banned_openers": "不用的开头"}


def _key(part: str, version: int) -> str:
    return f"brand_{part}_{session.workspace().shop_id}_{version}"


def _loaded() -> tuple[Brand, int]:
    """Return the brand the form was filled with; read afresh when the form is shown for the first time."""
    known: tuple[Brand, int] | None = st.session_state.get(_LOADED)
    if known is None or _key("name", known[1]) not in st.session_state:
        known = session.workspace().store.brand.load()
        st.session_state[_LOADED] = known
    return known


def show_brand_form() -> None:
    """Show the whole brand in one form with one button; what is wrong is listed above its own part."""
    brand, version = _loaded()
    slots: dict[str, DeltaGenerator] = {}
    with st.form(_key("form", version), border=False, enter_to_submit=False):
        given = _show_shop(brand, version, slots)
        document = Document(given)
        document.add_products(_show_products(brand, version, slots))
        document.add_facts(_show_facts(brand, version, slots))
        document.add_segments(_show_segments(brand, version, slots))
        given["voice"] = _show_voice(brand, version, slots)
        outcome = st.container()
        if st.form_submit_button("保存店铺资料", type="primary", icon=":material/save:", key=_key("save", version)):
            _save(document, version, slots, outcome)


def _part(name: str, slots: dict[str, DeltaGenerator], note: str = "") -> None:
    st.subheader(SECTIONS[name], anchor=False)
    if note:
        st.caption(note)
    slots[name] = st.container()


def _show_shop(brand: Brand, version: int, slots: dict[str, DeltaGenerator]) -> dict[str, Any]:
    _part("shop", slots)
    kinds = list(ProductType)
    with st.grid(3, min_column_width=220):
        name = st.text_input("店名", brand.name, max_chars=40, key=_key("name", version))
        industry = st.text_input("做什么的", brand.industry or "", max_chars=200, key=_key("industry", version))
        kind = st.selectbox(
            "商品类型", kinds, kinds.index(brand.product_type), key=_key("type", version), help="决定审稿用哪些规则"
        )
        persona = {
            part: st.text_input(
                label, getattr(brand.persona, part) or "", max_chars=200, key=_key(f"persona_{part}", version)
            )
            for part, label in _PERSONA.items()
        }
    story = st.text_area("经历，一行一条", "\n".join(brand.persona.story), key=_key("story", version))
    persona_given: dict[str, Any] = {part: value for part, value in persona.items() if value.strip()}
    return {
        "name": name,
        "industry": industry.strip() or None,
        "product_type": kind.value,
        "persona": persona_given | {"story": split_lines(story)},
    }


def _table(
    part: str, version: int, rows: list[dict[str, Any]], columns: Mapping[str, str], config: dict[str, Any]
) -> list[Record]:
    """Show an editable table; it is fed the saved rows only, so that no edit is lost."""
    import pandas as pd

    edited = st.data_editor(
        pd.DataFrame(rows, columns=list(columns.values()), dtype=object),
        key=_key(part, version),
        num_rows="dynamic",
        hide_index=True,
        column_config=config,
        alt=SECTIONS[part],
    )
    return [*edited.to_dict("records")]


def _show_products(brand: Brand, version: int, slots: dict[str, DeltaGenerator]) -> list[Record]:
    _part("products", slots, "表格最下面一行可以直接加。编号留空会自动给。")
    column = st.column_config
    config = {
        "名称": column.TextColumn(width="medium"),
        "价格（元）": column.NumberColumn(min_value=0, format="%.2f", width="small"),
        "单位": column.TextColumn(width="small"),
        "类型": column.SelectboxColumn(options=[kind.value for kind in ProductType], help="空着就按店铺的类型"),
        "在售": column.CheckboxColumn(default=True, width="small"),
        "编号": column.TextColumn(width="small", help="小写字母、数字和短横线"),
    }
    return _table("products", version, product_rows(brand), PRODUCT_COLUMNS, config)


def _show_facts(brand: Brand, version: int, slots: dict[str, DeltaGenerator]) -> list[Record]:
    _part("facts", slots, "草稿里的数字、产地、证书都要在这里找得到。每条写上出处。新商品保存一次后就能选。")
    names = product_names(brand.products)
    column = st.column_config
    config = {
        "属于": column.SelectboxColumn(
            options=list(names), format_func=lambda item: names.get(str(item), str(item)), default=WHOLE_SHOP
        ),
        "事实": column.TextColumn(width="large"),
        "出处": column.TextColumn(width="medium"),
        "用在": column.SelectboxColumn(options=[pillar.label for pillar in Pillar], help="空着就三类都能用"),
        "适合的节点": column.TextColumn(help="例如：大雪、春节；几个之间用、隔开"),
    }
    return _table("facts", version, fact_rows(brand), FACT_COLUMNS, config)


def _show_segments(brand: Brand, version: int, slots: dict[str, DeltaGenerator]) -> list[Record]:
    _part("segments", slots, "写给谁。标签之间用、隔开。")
    column = st.column_config
    config = {
        "他们关心什么": column.TextColumn(width="large"),
        "阶段": column.SelectboxColumn(options=[stage.label for stage in Stage]),
        "渠道": column.MultiselectColumn(options=[channel.label for channel in Channel], width="medium"),
        "几点看手机": column.TextColumn(help="例如：12、20"),
        "编号": column.TextColumn(width="small", help="小写字母、数字和短横线"),
    }
    return _table("segments", version, segment_rows(brand), SEGMENT_COLUMNS, config)


def _show_voice(brand: Brand, version: int, slots: dict[str, DeltaGenerator]) -> dict[str, list[str]]:
    _part("voice", slots)
    with st.grid(3, min_column_width=220):
        voice = {
            part: split_lines(
                st.text_area(
                    f"{label}，一行一个", "\n".join(getattr(brand.voice, part)), height=160, key=_key(part, version)
                )
            )
            for part, label in _TERMS.items()
        }
    samples = st.text_area(
        f"写过的好文案，两篇之间用一行 {SAMPLE_DIVIDER} 隔开",
        f"\n{SAMPLE_DIVIDER}\n".join(brand.voice.samples),
        height=200,
        key=_key("samples", version),
    )
    return voice | {"samples": split_samples(samples)}


def split_samples(text: str) -> list[str]:
    """Return the samples in a box, parted by lines of ``---``."""
    samples: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() == SAMPLE_DIVIDER:
            samples.append([])
        else:
            samples[-1].append(line)
    return [joined for sample in samples if (joined := "\n".join(sample).strip())]


def _save(document: Document, version: int, slots: Mapping[str, DeltaGenerator], outcome: DeltaGenerator) -> None:
    brand, found = read_brand(document.data, "店铺资料")
    problems = [*document.problems, *(document.located(problem) for problem in found)]
    if brand is None or problems:
        show_problems(problems, slots)
        outcome.error(
            f"还没有保存：有 {len(problems)} 处要改，都标在各自的表格上面。你填的内容都还在。", icon=":material/error:"
        )
        return
    try:
        session.workspace().store.brand.save(brand, version)
    except ConflictError:
        outcome.error(
            "店铺资料刚被别处改过，这次没有保存，你填的还在表格里。先把要紧的改动记下，再刷新页面看新内容。",
            icon=":material/error:",
        )
    except StudioError as error:
        outcome.error(session.plain(str(error)), icon=":material/error:")
    else:
        session.notify("店铺资料保存好了")
        st.rerun()


def show_problems(problems: Sequence[Problem], slots: Mapping[str, DeltaGenerator]) -> None:
    """Show each problem above the part of the form it is about."""
    for name, slot in slots.items():
        mine = [problem for problem in problems if problem.source == name]
        if mine:
            sentences = [f"{problem.field}:{problem.message}" if problem.field else problem.message for problem in mine]
            slot.error("  \n".join(map(session.plain, sentences)), icon=":material/error:")
