"""设置: my shop, my week, my model. What is saved is checked first; what is typed is never lost to a mistake."""

import streamlit as st

from studio.app.ui import session
from studio.app.ui.brand_file import show_brand_file
from studio.app.ui.brand_form import show_brand_form
from studio.app.ui.model_form import show_embedding_form, show_model_form
from studio.app.ui.plan_form import FIRST_WIDGET, show_plan_form
from studio.app.ui.settings_desk import shown_settings
from studio.app.ui.system_report import show_system

st.title("设置", anchor=False)
settings = shown_settings(FIRST_WIDGET)
shop, plan, model, system = st.tabs(["店铺", "排期", "模型", "数据与系统"])
with shop:
    show_brand_form()
    with st.expander("用文件搬店铺资料", icon=":material/swap_horiz:"):
        show_brand_file()
with plan:
    show_plan_form(settings.plan)
with model:
    show_model_form(settings.llm)
    st.space("medium")
    show_embedding_form(settings.embedding)
with system:
    show_system(session.workspace().settings)
