"""What happens to a merchant's data when the disk is full, read-only, or holds something else."""

from __future__ import annotations

import sqlite3
import subprocess
from dataclasses import replace
from datetime import date, time

import pytest

from studio import settings_file
from studio.drafting.draft import Origin, Provenance, Sections
from studio.errors import SettingsError, StoreError, StoreFull, StoreUnavailable, WorkspaceError
from studio.planning.calendar import Slot
from studio.store import Database, open_shop
from studio.vocabulary import Channel, Pillar, Stage
from studio.workspace import Workspace

SLOT = Slot(
    "s1", date(2026, 11, 23), time(20), Channel.MOMENTS, Pillar.VALUE, Stage.USAGE, None, "怎么泡", None, None, ""
)
LONG = Sections(body="今天的枸杞晒好了。" * 20_000)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 3 MB that is really full when it is full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def shop(small_disk, clock):
    """A workspace on the small disk with one drafted slot, and the draft."""
    workspace = Workspace.create(small_disk / "shop", clock=clock)
    workspace.store.calendar.add(SLOT)
    draft = workspace.store.drafts.create("s1", None, Sections(body="写好的"), Provenance(Origin.PERSON))
    yield workspace, draft
    workspace.close()


def fill(folder) -> None:
    with (folder / "filler").open("wb", buffering=0) as stream:
        for size in (65536, 1):
            try:
                while stream.write(b"x" * size) == size:
                    pass
            except OSError:
                continue


def chinese(error) -> str:
    text = str(error.value)
    assert text.endswith("。")
    assert "sqlite" not in text.lower()
    assert not any(word in text for word in ("Errno", "Error", "disk", "/"))
    return text


def test_a_full_disk_loses_no_draft_and_work_goes_on_after_space_is_made(shop, small_disk):
    workspace, draft = shop
    fill(small_disk)
    with pytest.raises(StoreFull, match="磁盘满了") as error:
        workspace.store.drafts.save(replace(draft, sections=LONG))
    assert "之前的都在" in chinese(error)
    assert workspace.store.drafts.for_slot("s1") == [draft]
    (small_disk / "filler").unlink()
    saved = workspace.store.drafts.save(replace(draft, sections=LONG))
    assert workspace.store.drafts.for_slot("s1") == [saved]


def test_a_program_started_on_a_full_disk_says_so_and_works_after_space_is_made(shop, small_disk, clock):
    workspace, draft = shop
    workspace.close()
    fill(small_disk)
    again = Workspace.open(workspace.root, clock=clock)
    with pytest.raises(StoreFull, match="磁盘满了") as error:
        again.store.drafts.save(replace(draft, sections=LONG))
    chinese(error)
    (small_disk / "filler").unlink()
    assert again.store.drafts.for_slot("s1") == [draft]
    again.close()


def test_settings_on_a_full_disk_stay_as_they_were(shop, small_disk):
    workspace, _ = shop
    before = (workspace.root / "studio.toml").read_bytes()
    names = sorted(workspace.root.iterdir())
    fill(small_disk)
    with pytest.raises(StoreFull, match="原来的内容还在") as error:
        settings_file.save(workspace.root, {"plan": {"posts_per_week": 7}}, settings_file.fingerprint(workspace.root))
    chinese(error)
    assert (workspace.root / "studio.toml").read_bytes() == before
    assert sorted(workspace.root.iterdir()) == names
    (small_disk / "filler").unlink()
    settings_file.save(workspace.root, {"plan": {"posts_per_week": 7}}, settings_file.fingerprint(workspace.root))
    assert Workspace.open(workspace.root).settings.plan.posts_per_week == 7


def test_a_workspace_made_on_a_full_disk_is_refused_in_words_and_made_later(small_disk):
    fill(small_disk)
    with pytest.raises((WorkspaceError, StoreFull), match="空间") as error:
        Workspace.create(small_disk / "neu")
    chinese(error)
    (small_disk / "filler").unlink()
    made = Workspace.create(small_disk / "neu")
    assert made.problems == []
    assert (made.root / "studio.toml").read_text("utf-8").count("[plan]") == 1


def test_a_folder_that_became_read_only_is_said_in_words(shop, small_disk, clock):
    workspace, draft = shop
    workspace.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    again = Workspace.open(workspace.root, clock=clock)
    with pytest.raises(StoreUnavailable, match="权限") as error:
        again.store.drafts.save(replace(draft, sections=LONG))
    chinese(error)
    with pytest.raises(SettingsError, match="原来的内容还在") as error:
        settings_file.save(again.root, {"shop": {"actor": "新"}}, settings_file.fingerprint(again.root))
    chinese(error)
    with pytest.raises(WorkspaceError, match="能写的位置"):
        Workspace.create(small_disk / "new")
    again.close()
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    last = Workspace.open(workspace.root, clock=clock)
    assert last.store.drafts.for_slot("s1") == [draft]
    last.close()


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 4000, "顾客名单\n".encode() * 500])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, clock, content):
    made = Workspace.create(tmp_path / "shop", clock=clock)
    file = made.root / "studio.db"
    file.write_bytes(content)
    with pytest.raises(StoreUnavailable, match="没有改动它") as error:
        _ = made.store
    chinese(error)
    assert file.read_bytes() == content
    file.unlink()
    assert made.store.posts.count() == 0
    made.close()


def test_a_damaged_database_is_said_in_words(tmp_path, clock):
    file = tmp_path / "studio.db"
    url = f"sqlite:///{file}"
    opened = Database(url)
    open_shop(opened, "main", "阿禾", clock).memos.set("k", "x" * 50_000)
    opened.close()
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(StoreError) as error:
        open_shop(Database(url), "main", "阿禾", clock).memos.get("k")
    chinese(error)
    assert file.read_bytes() == content


def test_an_sqlite_file_of_another_program_is_left_alone(tmp_path):
    file = tmp_path / "studio.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE customer (phone TEXT)")
    other.close()
    with pytest.raises(StoreUnavailable, match="别的程序"):
        Database(f"sqlite:///{file}")
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("customer",)]
    other.close()


@pytest.mark.parametrize("name", ["我的 店铺", "100%枸杞", "a?b=c&d", "#1 shop", "it's; --"])
def test_a_workspace_may_have_any_name(tmp_path, clock, name):
    made = Workspace.create(tmp_path / name, clock=clock)
    made.store.memos.set("k", name)
    made.close()
    assert sorted(item.name for item in tmp_path.iterdir()) == [name]
    again = Workspace.open(tmp_path / name, clock=clock)
    assert again.store.memos.get("k") == name
    again.close()


def test_a_folder_that_is_no_workspace_is_said_in_words(tmp_path):
    (tmp_path / "notes.txt").touch()
    for path in (tmp_path, tmp_path / "none", tmp_path / "notes.txt"):
        with pytest.raises(WorkspaceError, match="studio init"):
            Workspace.open(path)
    with pytest.raises(WorkspaceError, match="建不了"):
        Workspace.create(tmp_path / "notes.txt")
