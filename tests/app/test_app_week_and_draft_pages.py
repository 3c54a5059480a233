from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import studio
from studio.drafting.draft import Sections
from studio.planning.calendar import WeekId
from studio.vocabulary import Status

MAIN = Path(studio.__file__).parent / "app" / "main.py"


@pytest.fixture
def week(demo_workspace, monkeypatch):
    """The sample shop, served at its own clock's week, planned and half written."""
    monkeypatch.setenv("STUDIO_WORKSPACE", str(demo_workspace.root))
    week = WeekId(2026, 48)
    demo_workspace.schedule.save(demo_workspace.schedule.plan(week, posts=7))
    for slot in demo_workspace.store.calendar.slots(week.days[0], week.days[-1])[:3]:
        demo_workspace.editorial.draft(slot.id, offline=True)
    return week


def page(name, **query):
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run().switch_page(f"views/{name}.py")
    return app.run()


def boxes(app):
    return {area.label: area.value for area in app.text_area if area.label in ("开头", "正文", "行动")}


def test_going_to_another_draft_and_back_keeps_every_word(week, demo_workspace):
    slots = demo_workspace.store.calendar.slots(week.days[0], week.days[-1])
    app = page("draft", week=str(week), slot=slots[0].id)
    first = boxes(app)
    assert first["正文"]
    app.selectbox(key="draft_slot").select(slots[1].id).run()
    assert boxes(app) != first
    app.selectbox(key="draft_slot").select(slots[0].id).run()
    assert boxes(app) == first
    saved = demo_workspace.store.drafts.for_slot(slots[0].id)[0]
    assert saved.version == 1


def test_a_draft_with_a_blank_left_is_not_approved(week, demo_workspace):
    slot = demo_workspace.store.calendar.slots(week.days[0], week.days[-1])[0]
    draft = demo_workspace.store.drafts.for_slot(slot.id)[0]
    demo_workspace.editorial.edit(draft, Sections(body="今天的事:【写一件小事】。"))
    app = page("draft", week=str(week), slot=slot.id)
    app.button(key=f"approve_{slot.id}").click().run()
    assert any("还空着" in error.value for error in app.error)
    assert demo_workspace.store.calendar.slot(slot.id).status is Status.DRAFTED


def test_every_page_of_a_working_shop_opens_without_a_complaint(week):
    for name in ("today", "week", "draft", "review", "library", "settings"):
        app = page(name, week=str(week))
        assert not app.exception, (name, app.exception)
        assert not app.error, (name, app.error)


def test_a_week_that_is_over_offers_no_plan(week):
    app = page("week", week="2020-W10")
    assert not any(button.label == "生成这一周" for button in app.button)
