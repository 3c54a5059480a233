from __future__ import annotations

import pickle
import time
from datetime import time as clock_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.settings import Settings, read_settings
from studio.toml_file import MAX_BYTES
from studio.vocabulary import Channel, Mix

SECRET = "sk-very-secret-value"


@pytest.fixture
def folder(tmp_path):
    def make(toml: str | bytes = "", *, secrets: str = "", dotenv: str | bytes = ""):
        for name, content in (("studio.toml", toml), ("secrets.toml", secrets), (".env", dotenv)):
            if content:
                (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return make


def said(problems) -> str:
    return "\n".join(map(str, problems))


def test_without_a_folder_everything_is_the_default():
    settings, problems = read_settings(None)
    assert problems == []
    assert settings.plan.target == Mix(3, 3, 4)
    assert settings.plan.quiet_windows == ((clock_time(22, 30), clock_time(7, 30)),)


def test_the_shipped_settings_file_has_no_problem(repository):
    assert read_settings(repository / "content_library" / "workspace")[1] == []


def test_every_place_is_read_and_the_nearer_one_wins(folder, monkeypatch):
    def key(overrides=None) -> str:
        return read_settings(root, overrides)[0].llm.model

    root = folder()
    assert key() == ""
    root = folder("[llm]\nmodel = 'toml'\npreset = 'kimi'\n")
    assert key() == "toml"
    folder(secrets="[llm]\nmodel = 'secrets'\n")
    assert key() == "secrets"
    folder(dotenv="STUDIO_LLM_MODEL=dotenv\nOPENAI_API_KEY=not-ours\n")
    assert key() == "dotenv"
    monkeypatch.setenv("STUDIO_LLM_MODEL", "environment")
    assert key() == "environment"
    assert key({"llm": {"model": "flag"}}) == "flag"
    assert read_settings(root)[0].llm.preset == "kimi"
    assert read_settings(root)[1] == []


def test_lists_and_groups_come_from_the_environment_as_json(monkeypatch):
    monkeypatch.setenv("STUDIO_PLAN_MIX", '{"product": 1, "value": 1, "lifestyle": 2}')
    monkeypatch.setenv("STUDIO_PLAN_QUIET_HOURS", '["23:00-06:00"]')
    monkeypatch.setenv("STUDIO_DATABASE_URL", "postgresql://db/shop")
    settings, problems = read_settings(None)
    assert problems == []
    assert settings.plan.target == Mix(1, 1, 2)
    assert settings.plan.quiet_hours == ("23:00-06:00",)
    assert settings.database.url.get_secret_value() == "postgresql://db/shop"


@pytest.mark.parametrize(
    ("toml", "field", "sentence"),
    [
        ("[plan]\nposts = 7", "plan.posts", "可用的有：mix、posts_per_week"),
        ("[plna]\nmix = 1", "plna", "没有这一组设置，可用的有：shop、plan"),
        ("llm = 'openai'", "llm", "例如 [llm]"),
        ("[plan]\nposts_per_week = '很多'", "plan.posts_per_week", "要写整数；先按默认值 14 运行"),
        ("[plan]\nposts_per_week = 1000", "plan.posts_per_week", "不能大于 200"),
        ("[plan]\nmix = {product = 0, value = 0}", "plan.mix", "至少一个大于 0"),
        ("[plan]\nmix = {produce = 3}", "plan.mix", "可选"),
        ("[plan]\nchannels = {}", "plan.channels", "至少要有一个渠道"),
        ("[plan]\nchannels = {moments = inf}", "plan.channels", "先按默认值 朋友圈 8"),
        ("[plan]\nquiet_hours = ['晚上']", "plan.quiet_hours", "请写成 22:30-07:30 这样"),
        ("[plan]\nquiet_hours = '22:30-07:30'", "plan.quiet_hours", "要写成列表"),
        ("[[plan.weekly_events]]\nweekday = 8", "plan.weekly_events", "先按默认值"),
        ("[llm]\npreset = 'gpt'", "llm.preset", "可选：off、openai"),
        ("[shop]\ntimezone = 'Mars/Olympus'", "shop.timezone", "例如 Asia/Shanghai"),
        ("[shop]\nid = '我的店'", "shop.id", "小写字母"),
        ("[database]\nurl = 5", "database.url", "要写文字"),
    ],
)
def test_a_wrong_key_is_named_with_its_file_and_the_rest_still_works(folder, toml, field, sentence):
    settings, problems = read_settings(folder(toml + "\n[embedding]\nmodel = 'kept'\n"))
    assert [(item.source, item.field) for item in problems] == [("studio.toml", field)]
    assert sentence in problems[0].message
    assert settings.embedding.model == "kept"
    assert settings.plan == Settings().plan


def test_every_wrong_key_is_listed_at_once(folder):
    _, problems = read_settings(folder("[plan]\nposts_per_week = 'x'\nmin_gap_minutes = -1\nnope = 1\n[what]\n"))
    assert {item.field for item in problems} == {"plan.posts_per_week", "plan.min_gap_minutes", "plan.nope", "what"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STUDIO_PLAN_MIX", "三三四"),
        ("STUDIO_PLAN", "[[[["),
        ("STUDIO_SHOP", "abc"),
        ("STUDIO_PLAN_POSTS_PER_WEEK", "九"),
        ("STUDIO_LLM_NOPE", "1"),
    ],
)
@pytest.mark.parametrize("place", [".env", "环境变量 STUDIO_*"])
def test_a_wrong_variable_is_named_and_the_rest_still_works(folder, monkeypatch, place, name, value):
    root = folder("[embedding]\nmodel = 'kept'\n")
    if place == ".env":
        folder(dotenv=f"{name}={value}\n")
    else:
        monkeypatch.setenv(name, value)
    settings, problems = read_settings(root)
    assert [item.source for item in problems] == [place]
    assert problems[0].field.startswith(name.split("_")[1].lower())
    assert settings.embedding.model == "kept"


def test_variables_that_are_not_settings_are_left_alone(monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", "/somewhere")
    assert read_settings(None)[1] == []


def test_a_half_written_file_keeps_what_stands_before_the_break(folder):
    settings, problems = read_settings(folder("[plan]\nposts_per_week = 7\n[llm]\nmodel = 'm\npreset = 'kimi'\n"))
    assert settings.plan.posts_per_week == 7
    assert settings.llm.preset == "off"
    assert "第 4 行没写完整" in said(problems)


def test_an_unclosed_list_is_named_by_its_first_line(folder):
    settings, problems = read_settings(folder("[plan]\nposts_per_week = 7\nquiet_hours = [\n'22:30-07:30',\n"))
    assert settings.plan.posts_per_week == 7
    assert "第 3 行没写完整" in said(problems)


def test_a_long_broken_file_is_read_in_a_moment(folder):
    keys = "".join(f"a{number} = 1\n" for number in range(4000))
    started = time.monotonic()
    for toml in (keys + "[\n" + keys.replace("a", "b")[:10000], "[plan]\n" + "quiet_hours = [\n" + "'x',\n" * 9000):
        assert "没写完整" in said(read_settings(folder(toml))[1])
    assert time.monotonic() - started < 20


def test_a_byte_order_mark_does_no_harm(folder):
    settings, problems = read_settings(
        folder(b"\xef\xbb\xbf[plan]\r\nposts_per_week = 7\r\n", dotenv=b"\xef\xbb\xbfSTUDIO_LLM_MODEL=m\r\n")
    )
    assert problems == []
    assert (settings.plan.posts_per_week, settings.llm.model) == (7, "m")


@pytest.mark.parametrize("name", ["studio.toml", ".env"])
@pytest.mark.parametrize("content", ["阿禾的店".encode("gbk"), None])
def test_a_file_that_cannot_be_read_is_named_and_left_alone(tmp_path, name, content):
    if content is None and name == "studio.toml":
        (tmp_path / name).mkdir()
    else:
        content = content or "店".encode("utf-16")
        (tmp_path / name).write_bytes(content)
    settings, problems = read_settings(tmp_path)
    assert [item.source for item in problems] == [name]
    assert "UTF-8" in said(problems)
    assert settings == read_settings(None)[0]
    assert content is None or (tmp_path / name).read_bytes() == content


def test_a_huge_file_is_not_read(folder):
    _, problems = read_settings(folder(b"# x\n" * (MAX_BYTES // 4 + 1)))
    assert "太大" in said(problems)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"a=" + b"[" * 20000)
@example(b"[plan]\nposts_per_week = " + b"9" * 5000)
@example(b"[plan]\nmix = {product = nan}\n[shop]\nactor = '\\u0000'")
@example(b"plan = [{}]\nshop.id.x = 1")
@example(b"[plan.mix]\nproduct = 1979-05-27T07:32:00Z\n[plan.channels]\n'' = 1")
def test_no_bytes_in_the_file_stop_the_studio(tmp_path_factory, content):
    root = tmp_path_factory.mktemp("any")
    (root / "studio.toml").write_bytes(content)
    settings, problems = read_settings(root)
    assert settings.plan.target.shares
    assert all(str(item) for item in problems)


_VALUES = st.recursive(
    st.integers() | st.floats() | st.booleans() | st.text(max_size=10) | st.times() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_KEYS = [(section, key) for section, field in Settings.model_fields.items() for key in field.annotation.model_fields]


@given(st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=4))
def test_no_value_of_a_known_key_stops_the_studio(values):
    given_values: dict = {}
    for (section, key), value in values.items():
        given_values.setdefault(section, {})[key] = value
    settings, problems = read_settings(None, given_values)
    assert settings.plan.target.shares
    assert sum(settings.plan.channels.values()) > 0
    assert set(settings.plan.channels) <= set(Channel)
    assert {item.field for item in problems} <= {f"{section}.{key}" for section, key in values}


def test_secrets_never_show(folder, monkeypatch):
    monkeypatch.setenv("STUDIO_LLM_API_KEY", SECRET)
    root = folder(
        "[embedding]\napi_key = 7\n",
        secrets=f"[database]\nurl = 'postgresql://u:{SECRET}@h/d'\n[embedding]\napi_key = ['{SECRET}']\n",
    )
    settings, problems = read_settings(root)
    assert settings.llm.api_key.get_secret_value() == SECRET
    assert SECRET in settings.database.url.get_secret_value()
    assert [item.field for item in problems] == ["embedding.api_key", "embedding.api_key"]
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.llm), said(problems)):
        assert SECRET not in shown
    assert pickle.loads(pickle.dumps(settings)) == settings
