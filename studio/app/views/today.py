"""今日: what to post now. Copy it, say whether it is out, and note what yesterday brought in."""

from datetime import datetime, timedelta

import streamlit as st

from studio.app.ui import session
from studio.app.ui.marks import CHANNEL_ICON, PILLAR_COLOUR, PILLAR_ICON, STATUS_COLOUR, WEEKDAYS
from studio.app.ui.metrics_box import show_metrics_box
from studio.app.ui.phone import phone
from studio.app.ui.slot_steps import copied_key, show_posted_steps
from studio.app.ui.week_board import first_week, plan_week
from studio.planning.calendar import WeekId
from studio.vocabulary import Status

opened = session.workspace()
brand = opened.brand
today = session.today()
slots = opened.store.calendar.slots(today, today)
waiting = [slot for slot in slots if slot.status not in (Status.POSTED, Status.SKIPPED)]
drafts = opened.store.drafts.for_slots([slot.id for slot in slots])

marked = (item for item, _ in opened.outlook.occasions(today, today) if item.start <= today <= item.end)
occasions = "".join(f" · {session.plain(item.name)}" for item in marked)
st.title(f"{today.month} 月 {today.day} 日 周{WEEKDAYS[today.weekday()]}", anchor=False)
posted = sum(slot.status is Status.POSTED for slot in slots)
st.caption(f"今天 {len(slots)} 条，已发 {posted} 条{occasions}")


@session.told
def plan_first_week() -> None:
    week = first_week(today)
    plan_week(week)
    session.open_week_next(week)


main, side = st.columns([3, 2], gap="large")
with main:
    if not slots and opened.store.calendar.week(first_week(today)) is None:
        with st.container(border=True):
            st.subheader("还没排内容", anchor=False)
            st.write("先排一周，今天该发什么就有了。")
            st.button("生成一周", type="primary", icon=":material/auto_awesome:", on_click=plan_first_week)
    elif not waiting:
        with st.container(border=True):
            st.subheader("今天的都发完了" if posted else "今天没有要发的", anchor=False)
            upcoming = opened.store.calendar.slots(today + timedelta(days=1), today + timedelta(days=3))
            if upcoming:
                first = upcoming[0]
                st.write(f"下一条：周{WEEKDAYS[first.date.weekday()]} {first.time:%H:%M}，{session.plain(first.theme)}")
            if st.button("看看这一周", icon=":material/calendar_view_week:"):
                day = upcoming[0].date if upcoming else today
                st.switch_page("views/week.py", query_params={"week": str(WeekId.of(day))})
    else:
        now = opened.clock().replace(tzinfo=None)
        current = next((slot for slot in reversed(waiting) if slot.when <= now), waiting[0])
        late = datetime.combine(current.date, current.time) <= now
        st.subheader("现在该发" if late else f"下一条 {current.time:%H:%M}", anchor=False)
        st.markdown(
            f":{PILLAR_COLOUR[current.pillar]}-badge[{PILLAR_ICON[current.pillar]} {current.pillar.label}] "
            f"{CHANNEL_ICON[current.channel]} {current.channel.label} · {session.plain(current.theme)}"
        )
        written = drafts.get(current.id)
        if written and current.status is Status.APPROVED:
            sections = written[0].sections
            if phone(
                sections.text,
                key=f"phone_{current.id}",
                name=brand.persona.name,
                channel=current.channel,
                meta=f"{current.time:%H:%M}",
                comment=sections.comment,
                image=sections.image_brief,
            ):
                st.session_state[copied_key(current.id)] = True
            show_posted_steps(current)
        else:
            st.write("这一条写好了，看过再通过。" if written else "这一条还没写。")
            if st.button("去看草稿" if written else "去写这一条", type="primary", icon=":material/edit_note:"):
                st.switch_page("views/draft.py", query_params={"week": str(current.week), "slot": current.id})

with side:
    if slots:
        st.subheader("今天的安排", anchor=False)
        for slot in slots:
            with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"row_{slot.id}"):
                st.markdown(
                    f"**{slot.time:%H:%M}** :{PILLAR_COLOUR[slot.pillar]}[{PILLAR_ICON[slot.pillar]} "
                    f"{slot.pillar.label}] "
                    f"{session.plain(slot.theme)}"
                )
                st.badge(slot.status.label, color=STATUS_COLOUR[slot.status])
    show_metrics_box(opened.store.posts.between(today - timedelta(days=1), today - timedelta(days=1)))
