"""开始: the first visit. See the sample shop, or make one's own with five questions."""

import streamlit as st

from studio import demo, jobs
from studio.app.ui import session
from studio.app.ui.week_board import first_week, plan_week
from studio.brand import read_brand
from studio.errors import SettingsError
from studio.vocabulary import ProductType

opened = session.workspace()
_LABELS = {
    "name": "店名",
    "persona.name": "你是谁",
    "persona.value_line": "你能给大家什么",
    "products.0.name": "主打商品",
}


def open_first_week() -> None:
    week = first_week(session.today())
    plan_week(week)
    session.open_week_next(week)


@session.told
def see_sample() -> None:
    demo.load(opened)
    jobs.start(opened, jobs.EMBED, jobs.embed(opened, opened.store.posts.count()))
    open_first_week()


@session.told
def make_shop() -> None:
    answers = {
        key: str(st.session_state[f"new_{key}"] or "").strip() for key in ("name", "person", "value", "product", "need")
    }
    product = {"id": "p1", "name": answers["product"], "price": st.session_state.new_price}
    data = {
        "name": answers["name"],
        "product_type": st.session_state.new_type,
        "persona": {"name": answers["person"] or "店主", "value_line": answers["value"] or None},
        "products": [product] if answers["product"] else [],
        "segments": [{"id": "s1", "name": "老客", "need": answers["need"]}] if answers["need"] else [],
    }
    brand, problems = read_brand(data, "店铺资料")
    if brand is None:
        raise SettingsError(
            "还差一点：" + "；".join(f"{_LABELS.get(item.field, '')}{item.message}" for item in problems)
        )
    opened.store.brand.save(brand, 0)
    open_first_week()


with st.container(horizontal_alignment="center"), st.container(width=860):
    st.title("一周的内容，一次排好")
    st.markdown("按 **产品 3 : 价值 3 : 生活 4** 排好一周，分客群写好，发前查一遍，发过的都找得到。")
    with st.grid(2, min_column_width=320):
        with st.container(border=True):
            st.subheader("先看示例店铺", anchor=False)
            st.write("一家一个人打理的枸杞养生小店，带三个月的旧内容。所有资料都是虚构的，随便点，不会发出去。")
            st.button(
                "先看示例店铺", type="primary", on_click=see_sample, width="stretch", icon=":material/storefront:"
            )
        with st.container(border=True):
            st.subheader("建我的店", anchor=False)
            with st.form("new_shop", border=False):
                st.text_input("店名", key="new_name", max_chars=40, placeholder="例如：老周的枸杞园")
                st.selectbox("主要卖什么", [kind.value for kind in ProductType], key="new_type")
                with st.container(horizontal=True):
                    st.text_input("主打商品", key="new_product", max_chars=40, placeholder="可以先空着")
                    st.number_input("价格（元）", key="new_price", min_value=0.0, value=None, step=1.0)
                st.text_input("你是谁", key="new_person", max_chars=40, placeholder="例如：老周，种了十二年枸杞")
                st.text_input(
                    "你能给大家什么", key="new_value", max_chars=100, placeholder="例如：每天讲一个吃枸杞的小常识"
                )
                st.text_input("老客最关心什么", key="new_need", max_chars=100, placeholder="例如：怎么泡、怎么存")
                st.form_submit_button("建我的店", on_click=make_shop, width="stretch", icon=":material/add_business:")
    st.caption("资料只存在这台电脑上。没有密钥也能用：草稿由模板和你的店铺资料写成。")
