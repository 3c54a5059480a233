from __future__ import annotations

import stat

import pytest

from studio.errors import ConflictError, SettingsError
from studio.settings import read_settings
from studio.settings_file import fingerprint, save

TOML = """# 我的店,自己写的注释
[plan]
posts_per_week = 14  # 一周发几条
quiet_hours = ["22:30-07:30"]

[plan.mix]
product = 3
value = 3
lifestyle = 4
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "studio.toml").write_text(TOML, "utf-8")
    return tmp_path


def text(root) -> str:
    return (root / "studio.toml").read_text("utf-8")


def test_a_change_keeps_comments_and_everything_else(root):
    save(root, {"plan": {"posts_per_week": 7}}, fingerprint(root))
    assert text(root) == TOML.replace("= 14", "= 7")


def test_what_is_saved_is_what_is_read(root):
    changes = {
        "shop": {"actor": "阿禾"},
        "plan": {"mix": {"product": 1, "value": 1, "lifestyle": 2}, "quiet_hours": ["23:00-06:00"]},
        "llm": {"preset": "deepseek", "api_key": "sk-1", "timeout": 30.5},
        "database": {"url": "postgresql://u:p@h/d"},
    }
    save(root, changes, fingerprint(root))
    settings, problems = read_settings(root)
    assert problems == []
    assert settings.shop.actor == "阿禾"
    assert settings.plan.mix == {"product": 1, "value": 1, "lifestyle": 2}
    assert settings.plan.quiet_hours == ("23:00-06:00",)
    assert settings.llm.api_key.get_secret_value() == "sk-1"
    assert settings.llm.timeout == 30.5
    assert text(root).startswith("# 我的店,自己写的注释\n")


def test_secrets_go_to_a_file_only_their_owner_can_read(root):
    save(root, {"llm": {"api_key": "sk-1", "model": "m"}}, fingerprint(root))
    assert "sk-1" not in text(root)
    assert "sk-1" in (root / "secrets.toml").read_text("utf-8")
    assert stat.S_IMODE((root / "secrets.toml").stat().st_mode) == 0o600


def test_none_takes_a_key_out(root):
    save(root, {"llm": {"api_key": "sk-1"}, "plan": {"quiet_hours": None, "min_gap_minutes": None}}, fingerprint(root))
    save(root, {"llm": {"api_key": None}}, fingerprint(root))
    assert "sk-1" not in (root / "secrets.toml").read_text("utf-8")
    assert "quiet_hours" not in text(root)


def test_the_second_of_two_editors_gets_a_conflict_and_nothing_is_overwritten(root):
    seen = fingerprint(root)
    save(root, {"plan": {"posts_per_week": 7}}, seen)
    for changes in ({"plan": {"posts_per_week": 9}}, {"llm": {"api_key": "sk-2"}}):
        with pytest.raises(ConflictError, match="没有保存"):
            save(root, changes, seen)
    assert "posts_per_week = 7" in text(root)
    assert not (root / "secrets.toml").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"plan": {"posts_per_week": -1}},
        {"plan": {"posts_per_week": 7, "mix": {"product": 0}}},
        {"plan": {"nope": 1}},
        {"nope": {"a": 1}},
        {"llm": {"api_key": "sk-3", "preset": "gpt"}},
    ],
)
def test_an_invalid_value_is_refused_and_nothing_is_written(root, changes):
    with pytest.raises(SettingsError, match="没有保存"):
        save(root, changes, fingerprint(root))
    assert text(root) == TOML
    assert [item.name for item in root.iterdir()] == ["studio.toml"]


@pytest.mark.parametrize(
    "content",
    [
        TOML.encode() + b"[llm\n",
        "# 阿禾的店\n".encode("gbk"),
        b"llm = 'openai'\n",
        b"a = " + b"[" * 20000,
    ],
)
def test_a_file_that_cannot_be_understood_is_never_overwritten(root, content):
    (root / "studio.toml").write_bytes(content)
    with pytest.raises(SettingsError, match="没有保存"):
        save(root, {"llm": {"model": "m"}}, fingerprint(root))
    assert (root / "studio.toml").read_bytes() == content


def test_nothing_is_written_when_nothing_changes(root):
    before = (root / "studio.toml").stat().st_mtime_ns
    save(root, {"plan": {"posts_per_week": 14}}, fingerprint(root))
    assert (root / "studio.toml").stat().st_mtime_ns == before


def test_when_one_of_two_files_cannot_be_understood_neither_is_written(root):
    (root / "secrets.toml").write_text("[llm\n", "utf-8")
    with pytest.raises(SettingsError):
        save(root, {"plan": {"posts_per_week": 7}, "llm": {"api_key": "sk-1"}}, fingerprint(root))
    assert text(root) == TOML


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(root):
    (root / "secrets.toml").mkdir()
    (root / "secrets.toml" / "x").touch()
    with pytest.raises(SettingsError, match="原来的内容还在"):
        save(root, {"llm": {"api_key": "sk-1"}}, fingerprint(root))
    assert sorted(item.name for item in root.iterdir()) == ["secrets.toml", "studio.toml"]
    assert text(root) == TOML
