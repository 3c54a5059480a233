from __future__ import annotations

import pytest

from studio import demo
from studio.errors import InputError, WorkspaceError
from studio.settings_file import fingerprint, save
from studio.workspace import Workspace, default_root, find_root


def test_the_named_workspace_wins_then_the_nearest_parent_then_the_users_own(tmp_path, monkeypatch):
    near = Workspace.create(tmp_path / "near").root
    named = Workspace.create(tmp_path / "named").root
    (near / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(near / "a" / "b")
    assert find_root() == near
    monkeypatch.setenv("STUDIO_WORKSPACE", str(named))
    assert find_root() == named
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path / "none"))
    with pytest.raises(WorkspaceError, match="studio init"):
        find_root()
    monkeypatch.delenv("STUDIO_WORKSPACE")
    monkeypatch.chdir("/")
    assert find_root() == default_root()
    assert (default_root() / "studio.toml").is_file()


def test_making_a_workspace_again_keeps_what_is_there(tmp_path):
    made = Workspace.create(tmp_path / "shop")
    (made.root / "studio.toml").write_text("[plan]\nposts_per_week = 3\n", "utf-8")
    assert Workspace.create(tmp_path / "shop").settings.plan.posts_per_week == 3


@pytest.mark.parametrize("shop", ["我的店", "", "a" * 41, "a/b", "x\n", "../main"])
def test_a_shop_that_cannot_be_is_refused_in_words(workspace, shop):
    with pytest.raises(InputError, match="店铺编号"):
        Workspace.open(workspace.root, shop=shop)


def test_two_shops_of_one_workspace_are_kept_apart(workspace, clock):
    second = Workspace.open(workspace.root, shop="second", clock=clock)
    second.store.memos.set("k", 2)
    assert workspace.store.memos.get("k") is None
    assert second.shop_id == "second"
    second.close()


def test_settings_saved_elsewhere_count_after_reopening(workspace):
    save(workspace.root, {"plan": {"posts_per_week": 5}}, fingerprint(workspace.root))
    assert workspace.settings.plan.posts_per_week == 14
    again = Workspace.open(workspace.root, clock=workspace.clock)
    assert again.settings.plan.posts_per_week == 5
    again.close()


def test_the_sample_shop_is_loaded_once_and_ends_this_week(demo_workspace):
    posts = demo_workspace.store.posts.all()
    last = max(post.posted_on for post in posts if post.posted_on)
    assert len(posts) >= 80
    assert demo_workspace.store.customers.count() >= 200
    assert 0 <= (demo_workspace.clock().date() - last).days < 7
    name = demo_workspace.brand.name
    demo.load(demo_workspace)
    assert (len(demo_workspace.store.posts.all()), demo_workspace.brand.name) == (len(posts), name)


def test_a_shop_of_ones_own_is_never_filled_with_the_sample(workspace):
    workspace.store.brand.save(workspace.brand.model_copy(update={"name": "我自己的店"}), 0)
    demo.load(workspace)
    assert workspace.brand.name == "我自己的店"
    assert workspace.store.posts.count() == 0
