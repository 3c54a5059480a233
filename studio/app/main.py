"""The browser studio's entry: which page, for which shop. Pages are in ``views``."""

import streamlit as st

from studio.app.ui import session

st.set_page_config(page_title="私域内容工作台", page_icon="🌿", layout="wide")

WEEK = st.Page("views/week.py", title="周历", icon=":material/calendar_view_week:", help="这周顺不顺")
PAGES = [
    st.Page("views/today.py", title="今日", icon=":material/today:", default=True, help="现在该发什么"),
    WEEK,
    st.Page("views/draft.py", title="起草", icon=":material/edit_note:", help="这条怎么写"),
    st.Page("views/review.py", title="审稿", icon=":material/fact_check:", help="这段能发吗"),
    st.Page("views/library.py", title="内容库", icon=":material/library_books:", help="我们以前怎么说过"),
    st.Page("views/settings.py", title="设置", icon=":material/tune:", help="我的店、模型、规则"),
]
WELCOME = st.Page("views/welcome.py", title="开始", icon=":material/eco:")

if session.has_shop():
    page = st.navigation(PAGES, position="hidden")
    with st.container(horizontal=True, gap="xsmall", key="menu"):
        for item in PAGES:
            st.page_link(item, label=item.title)
    session.show_shop_switcher()
    if week := session.week_to_open():
        st.switch_page(WEEK, query_params={"week": week})
else:
    page = st.navigation([WELCOME], position="hidden")
session.show_notices()
page.run()
