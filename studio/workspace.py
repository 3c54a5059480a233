"""A workspace: one folder, one database, and everything built from them.

:meth:`Workspace.open` is the only composition root: pages, commands and jobs get every
part from it and build none themselves.
"""

from __future__ import annotations

import os
import re
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from studio import resources
from studio.errors import InputError, WorkspaceError
from studio.settings import FILE, SHOP_ID, Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.brand import Brand
    from studio.drafting.llm import Endpoint
    from studio.drafting.prompts import PromptLibrary
    from studio.drafting.writer import Writer
    from studio.editorial import Editorial
    from studio.errors import Problem
    from studio.library.embedding import Embedder
    from studio.library.library import Library
    from studio.outlook import Outlook
    from studio.planning.planner import Planner
    from studio.planning.rules import PlanRules
    from studio.proofreading import Proofreader
    from studio.review.reviewer import Reviewer
    from studio.schedule import Schedule
    from studio.store import Database, ShopStore

T = TypeVar("T")

DATABASE_FILE = "studio.db"


class _part(Generic[T]):  # noqa: N801
    """A part of a workspace, built at its first use, once, whichever thread asks."""

    def __init__(self, build: Callable[[Workspace], T]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    def __get__(self, workspace: Workspace, owner: type[Workspace]) -> T:
        with workspace._lock:  # noqa: SLF001
            parts = workspace._parts  # noqa: SLF001
            name = self._build.__name__
            if name not in parts:
                parts[name] = self._build(workspace)
            return parts[name]  # type: ignore[no-any-return]


class Workspace:
    """A folder of the user's with everything the studio knows about one shop in it.

    ``problems`` lists what is wrong in the settings, in Chinese; the rest works.
    """

    def __init__(
        self, root: Path, settings: Settings, problems: list[Problem], shop_id: str, clock: Callable[[], datetime]
    ) -> None:
        self.root = root
        self.settings = settings
        self.problems = problems
        self.shop_id = shop_id
        self.clock = clock
        self._lock = threading.RLock()
        self._parts: dict[str, Any] = {}

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        shop: str | None = None,
        overrides: dict[str, Any] | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> Workspace:
        """Return the workspace at ``path``, or the one that applies here.

        Without a path: ``$STUDIO_WORKSPACE``, else the nearest parent folder with a ``studio.toml``,
        else the user's data folder. ``overrides`` are command-line flags by section and key.
        Raises :class:`WorkspaceError` when the folder cannot be a workspace.
        """
        if shop is not None and not re.fullmatch(SHOP_ID, shop):
            raise InputError(f"店铺编号「{shop[:40]}」不对：只能用小写字母、数字和短横线，例如 main。")
        root = _existing(Path(path)) if path is not None else find_root()
        settings, problems = read_settings(root, overrides)
        zone = ZoneInfo(settings.shop.timezone)
        return cls(root, settings, problems, shop or settings.shop.id, clock or (lambda: datetime.now(zone)))

    @classmethod
    def create(cls, path: str | Path, *, clock: Callable[[], datetime] | None = None) -> Workspace:
        """Make a workspace folder (an existing one is kept as it is) and open it."""
        from studio.settings_file import write_atomically

        root = Path(path).expanduser().absolute()
        try:
            root.mkdir(parents=True, exist_ok=True)
            for name in ("prompts", "rules", "occasions", "openers", "playbooks", "limits"):
                (root / name).mkdir(exist_ok=True)
            template = (resources.content_library() / "workspace" / FILE).read_text("utf-8")
        except OSError:
            raise WorkspaceError(f"文件夹「{root.name}」建不了。请检查权限和磁盘空间，或换一个能写的位置。") from None
        for name, text in ((FILE, template), (".gitignore", "secrets.toml\n.env\nstudio.db*\n.cache/\n")):
            if not (root / name).exists():
                write_atomically(root / name, text)
        return cls.open(root, clock=clock)

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            if "database" in self._parts:
                self._parts["database"].close()
            self._parts.clear()

    @_part
    def database(self) -> Database:
        from sqlalchemy import URL

        from studio.store import Database

        file = URL.create("sqlite", database=str(self.root / DATABASE_FILE))
        return Database(self.settings.database.url.get_secret_value() or file)

    @_part
    def store(self) -> ShopStore:
        from studio.store import open_shop

        return open_shop(self.database, self.shop_id, self.settings.shop.actor, self.clock)

    @property
    def brand(self) -> Brand:
        """The shop as saved now."""
        brand: Brand = self.store.brand.load()[0]
        return brand

    @_part
    def reviewer(self) -> Reviewer:
        from studio.review.reviewer import Reviewer

        return Reviewer.with_overlay(self.overlay("rules"))

    @_part
    def embedder(self) -> Embedder:
        from studio.library.embedding import make_embedder

        chosen = self.settings.embedding
        return make_embedder(
            chosen.provider, chosen.model, base_url=chosen.base_url, api_key=chosen.api_key.get_secret_value()
        )

    @_part
    def library(self) -> Library:
        from studio.library.library import Library

        return Library(self.store.posts, self.store.vectors, self.embedder)

    @_part
    def prompts(self) -> PromptLibrary:
        from studio.drafting.prompts import PromptLibrary

        return PromptLibrary([resources.prompts(), self.overlay("prompts")])

    @_part
    def schedule(self) -> Schedule:
        from studio.schedule import Schedule

        return Schedule(self)

    @_part
    def editorial(self) -> Editorial:
        from studio.editorial import Editorial

        return Editorial(self)

    @_part
    def proofreader(self) -> Proofreader:
        from studio.proofreading import Proofreader

        return Proofreader(self)

    @_part
    def outlook(self) -> Outlook:
        from studio.outlook import Outlook

        return Outlook(self)

    @property
    def plan_rules(self) -> PlanRules:
        """The rules of the shop's weeks, from the settings and the official limits."""
        from studio.planning.limits import LimitName
        from studio.planning.rules import PlanRules, WeeklyEvent

        plan = self.settings.plan
        return PlanRules(
            mix=plan.target,
            posts_per_week=plan.posts_per_week,
            channels=plan.channels,
            quiet_hours=plan.quiet_windows,
            min_gap_minutes=plan.min_gap_minutes,
            max_product_per_day=plan.max_product_per_day,
            direct_per_day=self.outlook.limits().on(LimitName.MESSAGES_A_DAY, self.clock().date()),
            weekly_events=tuple(WeeklyEvent(**dict(event)) for event in plan.weekly_events),
        )

    def planner(self) -> Planner:
        """Return a planner for the brand and the settings as they are now."""
        from studio.planning.planner import Planner

        return Planner(self.brand, self.plan_rules, self.shipped_and_overlay("occasions"))

    def endpoint(self) -> Endpoint | None:
        """Return the language model endpoint of the settings, or None when there is none.

        Raises :class:`~studio.errors.SettingsError` when it is set up only halfway.
        """
        from studio.drafting.llm import Endpoint

        llm = self.settings.llm
        if llm.preset == "off":
            return None
        return Endpoint(llm.preset, llm.base_url, llm.model, llm.api_key, llm.timeout)

    def writer(self, *, offline: bool = False, stop: threading.Event | None = None) -> Writer:
        """Return a writer for the brand and the settings as they are now; an offline one knows no model.

        Setting ``stop`` ends its wait for a model.
        """
        from studio.drafting.openers import OpenerLibrary
        from studio.drafting.writer import Writer
        from studio.store.repositories.memos import MemoMapping

        return Writer(
            self.brand,
            self.prompts,
            OpenerLibrary(self.shipped_and_overlay("openers")),
            endpoint=None if offline else self.endpoint(),
            similar=self.editorial.models_to_follow,
            clock=self.clock,
            memory=MemoMapping(self.store.memos, "llm-rungs"),
            stop=stop,
        )

    def overlay(self, kind: str) -> Path:
        """Return the user's folder (or file) of one kind of data: prompts, rules, occasions, openers …"""
        return self.root / kind

    def shipped_and_overlay(self, kind: str) -> list[Path]:
        """Return the folders (or files) to read one kind of data from; the user's comes last and wins."""
        return [resources.content_library() / kind, self.overlay(kind)]


def default_root() -> Path:
    """Return the workspace folder used when nothing else is said."""
    from platformdirs import user_data_path

    return user_data_path("siyu-studio") / "workspace"


def find_root() -> Path:
    """Return the workspace folder that applies here; the user's own one is made when missing."""
    named = os.environ.get("STUDIO_WORKSPACE")
    if named:
        return _existing(Path(named))
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    root = default_root()
    if not (root / FILE).is_file():
        Workspace.create(root).close()
    return root


def _existing(path: Path) -> Path:
    root = path.expanduser().absolute()
    if not root.is_dir():
        raise WorkspaceError(f"没有文件夹「{path}」。请先运行：studio init {path}")
    try:
        is_workspace = (root / FILE).exists() or (root / DATABASE_FILE).exists() or not any(root.iterdir())
    except OSError:
        raise WorkspaceError(f"「{path}」打不开。请检查文件夹的权限。") from None
    if not is_workspace:
        raise WorkspaceError(f"「{path}」里没有 studio.toml，还不是工作区。请先运行：studio init {path}")
    return root
