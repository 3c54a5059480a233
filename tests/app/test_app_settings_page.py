"""设置: saved only when whole, never over somebody else's change, and keys never come back to the page."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from studio.app.ui.brand_form import split_samples
from studio.app.ui.brand_tables import Document, fact_rows, product_rows, segment_rows, split_words
from studio.app.ui.plan_form import share_words
from studio.brand import Brand, read_brand
from studio.brand_file import as_yaml, parse
from studio.errors import ImportFailed
from studio.settings import read_settings
from studio.vocabulary import Pillar

MAIN = Path(__file__).resolve().parents[2] / "studio" / "app" / "main.py"
KEY = "sk-never-to-be-seen-1234567890"


@pytest.fixture
def shop(demo_workspace, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(demo_workspace.root))
    st.cache_resource.clear()
    yield demo_workspace
    st.cache_resource.clear()


def open_page():
    page = AppTest.from_file(str(MAIN), default_timeout=30)
    page.switch_page("views/settings.py").run()
    assert not page.exception
    return page


def click(page, key):
    page.button(key=key).click().run()
    assert not page.exception


def errors(page):
    return "\n".join(error.value for error in page.error)


def test_the_shop_is_saved_with_nothing_lost(shop):
    before, version = shop.store.brand.load()
    page = open_page()
    page.text_input(key=f"brand_name_main_{version}").set_value("柳条渠老铺")
    click(page, f"brand_save_main_{version}")
    after, _ = shop.store.brand.load()
    assert after.name == "柳条渠老铺"
    assert after.model_copy(update={"name": before.name}) == before


def test_every_problem_of_a_shop_is_told_at_once_and_nothing_typed_is_lost(shop):
    version = shop.store.brand.load()[1]
    page = open_page()
    page.text_input(key=f"brand_name_main_{version}").set_value("  ")
    page.session_state[f"brand_products_main_{version}"] = {
        "edited_rows": {0: {"价格（元）": -3.0}},
        "added_rows": [{"单位": "罐"}],
        "deleted_rows": [],
    }
    click(page, f"brand_save_main_{version}")
    assert "名字" in errors(page)
    assert "第 1 行 · 价格" in errors(page)
    assert "第 7 行 · 名称" in errors(page)
    assert "有 3 处要改" in errors(page)
    assert page.text_input(key=f"brand_name_main_{version}").value == "  "
    assert shop.store.brand.load()[1] == version


def test_a_shop_changed_elsewhere_is_not_overwritten(shop):
    brand, version = shop.store.brand.load()
    page = open_page()
    shop.store.brand.save(brand.model_copy(update={"name": "别处改的"}), version)
    page.text_input(key=f"brand_name_main_{version}").set_value("这里改的")
    click(page, f"brand_save_main_{version}")
    assert "刚被别处改过" in errors(page)
    assert shop.store.brand.load()[0].name == "别处改的"
    assert page.text_input(key=f"brand_name_main_{version}").value == "这里改的"


def test_plan_settings_are_saved_to_the_file(shop):
    page = open_page()
    page.number_input(key="plan_mix_product").set_value(2.0)
    page.number_input(key="plan_posts").set_value(10)
    page.text_input(key="plan_quiet").set_value("23:00-07:00、12:30-13:30").run()
    assert any("产品 22%" in item.value for item in page.markdown)
    click(page, "plan_save")
    plan = read_settings(shop.root)[0].plan
    assert plan.posts_per_week == 10
    assert plan.mix[Pillar.PRODUCT] == 2
    assert plan.quiet_hours == ("23:00-07:00", "12:30-13:30")
    assert "# 一周发几条" in (shop.root / "studio.toml").read_text("utf-8")


def test_a_wrong_setting_is_refused_and_the_file_stays(shop):
    before = (shop.root / "studio.toml").read_text("utf-8")
    page = open_page()
    page.text_input(key="plan_quiet").set_value("半夜").run()
    click(page, "plan_save")
    assert "没有保存" in errors(page)
    assert (shop.root / "studio.toml").read_text("utf-8") == before
    assert page.text_input(key="plan_quiet").value == "半夜"


def test_settings_changed_elsewhere_are_not_overwritten(shop):
    page = open_page()
    file = shop.root / "studio.toml"
    file.write_text(file.read_text("utf-8").replace("posts_per_week = 14", "posts_per_week = 21"), "utf-8")
    click(page, "plan_save")
    assert "刚被别处改过" in errors(page)
    assert read_settings(shop.root)[0].plan.posts_per_week == 21
    assert open_page().number_input(key="plan_posts").value == 21


def choose(page, preset):
    page.selectbox(key="model_preset").select(preset).run()
    return page


def test_a_saved_key_is_never_on_the_page_again(shop):
    page = choose(open_page(), "deepseek")
    page.text_input(key="llm_key_0").set_value(KEY).run()
    click(page, "model_save")
    assert read_settings(shop.root)[0].llm.api_key.get_secret_value() == KEY
    assert KEY not in (shop.root / "studio.toml").read_text("utf-8")
    assert any("密钥已保存，不再显示" in item.value for item in page.markdown)
    for shown in (page, open_page()):
        assert KEY not in str(shown.main)
        assert KEY not in str({name: shown.session_state[name] for name in shown.session_state if "shown" not in name})
    click(page, "llm_replace")
    assert page.text_input(key="llm_key_1").value == ""
    click(page, "model_save")
    assert read_settings(shop.root)[0].llm.api_key.get_secret_value() == KEY


def test_a_key_can_be_deleted(shop):
    page = choose(open_page(), "deepseek")
    page.text_input(key="llm_key_0").set_value(KEY).run()
    click(page, "model_save")
    click(page, "llm_delete")
    assert not read_settings(shop.root)[0].llm.api_key.get_secret_value()
    assert KEY not in (shop.root / "secrets.toml").read_text("utf-8")


def test_a_key_does_not_follow_to_another_address(shop):
    page = choose(open_page(), "deepseek")
    page.text_input(key="llm_key_0").set_value(KEY).run()
    click(page, "model_save")
    choose(page, "custom")
    page.text_input(key="model_url_custom").set_value("https://elsewhere.example/v1")
    page.text_input(key="model_name_custom").set_value("m").run()
    click(page, "model_save")
    saved = read_settings(shop.root)[0].llm
    assert saved.preset == "custom"
    assert not saved.api_key.get_secret_value()


def test_an_address_that_cannot_be_used_is_refused(shop):
    page = choose(open_page(), "custom")
    page.text_input(key="model_url_custom").set_value("ftp://x").run()
    click(page, "model_save")
    assert "模型地址要写成" in errors(page)
    assert read_settings(shop.root)[0].llm.preset == "off"


class Model(BaseHTTPRequestHandler):
    """A local endpoint that answers every chat in JSON."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        content = json.dumps({"hook": "你好", "body": "连上了", "cta": "", "comment": "", "image_brief": ""})
        answer = {"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def model():
    with ThreadingHTTPServer(("127.0.0.1", 0), Model) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_the_connection_test_says_what_the_endpoint_supports(shop, model):
    page = choose(open_page(), "custom")
    page.text_input(key="model_url_custom").set_value(model)
    page.text_input(key="model_name_custom").set_value("m").run()
    click(page, "model_test")
    assert "连上了" in page.success[0].value
    assert "最稳" in page.success[0].value


def test_the_connection_test_of_a_dead_address_ends_in_a_sentence(shop):
    page = choose(open_page(), "custom")
    page.text_input(key="model_url_custom").set_value("http://127.0.0.1:9/v1")
    page.text_input(key="model_name_custom").set_value("m").run()
    click(page, "model_test")
    assert "连不上" in errors(page)


def test_the_system_tab_names_every_problem_of_the_settings(shop):
    (shop.root / "studio.toml").write_text("[plan]\nposts_per_weak = 3\n", "utf-8")
    page = open_page()
    assert any("posts\\_per\\_weak" in item.value for item in page.markdown)
    click(page, "system_check")
    assert any("语义模型能用" in item.value for item in page.markdown)
    click(page, "system_prompts")
    assert any("个提示词都能用" in item.value for item in page.markdown)


def rebuilt(brand):
    document = Document(brand.model_dump(mode="json", include={"name", "industry", "product_type", "persona", "voice"}))
    document.add_products(product_rows(brand))
    document.add_facts(fact_rows(brand))
    document.add_segments(segment_rows(brand))
    return read_brand(document.data, "x")


def test_a_brand_survives_its_tables_and_its_file(shop):
    brand = shop.brand
    assert rebuilt(brand) == (brand, [])
    assert parse(as_yaml(brand).encode(), "x") == brand


def test_rows_without_an_id_get_free_ones_and_a_fact_needs_its_product():
    document = Document({"name": "店"})
    document.add_products([{"名称": "甲", "编号": "p1"}, {"名称": None}, {"名称": "乙"}, {"名称": "丙"}])
    document.add_facts(
        [{"属于": "没有的", "事实": "a", "出处": "b"}, {"属于": "p2", "事实": "产自山里", "出处": "照片"}]
    )
    brand, problems = read_brand(document.data, "x")
    assert not problems
    assert [product.id for product in brand.products] == ["p1", "p2", "p3"]
    assert brand.products[1].facts[0].text == "产自山里"
    assert [problem.field for problem in document.problems] == ["第 1 行 · 属于"]


@pytest.mark.parametrize(
    "content",
    [b"a: &a [x]\nb: *a", b"\xff\xfe\x00", b"a: [1", b"- " * 600_000],
    ids=["aliases", "not text", "half written", "too large"],
)
def test_a_brand_file_that_cannot_be_trusted_is_refused(content):
    with pytest.raises(ImportFailed, match="没有导入"):
        parse(content, "店铺.yaml")


@given(some.lists(some.text(alphabet="甲乙丙ab1", min_size=1)))
def test_words_of_a_cell_come_back_as_they_went_in(words):
    assert split_words("、".join(words)) == words


def test_samples_are_parted_by_a_line_of_their_own():
    assert split_samples("第一篇\n两行\n---\n\n第二篇 --- 还是第二篇\n---\n") == [
        "第一篇\n两行",
        "第二篇 --- 还是第二篇",
    ]


def test_shares_are_told_in_posts():
    assert "产品 30%，一周约 3.0 条" in share_words({Pillar.PRODUCT: 3, Pillar.VALUE: 3, Pillar.LIFESTYLE: 4}, 10)
    assert "至少一个大于 0" in share_words(dict.fromkeys(Pillar, 0.0), 10)


def test_an_empty_brand_can_be_edited():
    assert rebuilt(Brand(name="新店")) == (Brand(name="新店"), [])
