"""The command line: ``studio``, one Typer app, one module a verb.

Only light modules are imported here; a verb imports what it needs when it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NoReturn

import typer
from typer.main import get_command

from studio import __version__
from studio.cli import (
    audience,
    batch,
    brand,
    calendar,
    console,
    doctor,
    draft,
    failures,
    init,
    library,
    plan,
    playbooks,
    prompts,
    review,
    rules,
    run,
    status,
)
from studio.cli.help import Command, group

__all__ = ["app", "execute", "main"]

_VERBS: dict[str, Callable[..., Any]] = {
    "run": run.run,
    "init": init.init,
    "plan": plan.plan,
    "draft": draft.draft,
    "review": review.review,
    "review-batch": batch.review_batch,
    "approve": status.approve,
    "post": status.post,
    "doctor": doctor.doctor,
}
_GROUPS = {
    "brand": brand.app,
    "calendar": calendar.app,
    "rules": rules.app,
    "library": library.app,
    "audience": audience.app,
    "playbooks": playbooks.app,
    "prompts": prompts.app,
}

app = group("私域内容工作台：按 3:3:4 排一周内容，起草、审稿，发过的都找得到。")


def _show_version(*, asked: bool) -> None:
    if asked:
        console.say(__version__)
        raise typer.Exit


@app.callback()
def _options(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=lambda asked: _show_version(asked=asked), is_eager=True, help="版本号。"),
    ] = False,
) -> None:
    pass


for _name, _verb in _VERBS.items():
    app.command(_name, cls=Command)(_verb)
for _name, _group in _GROUPS.items():
    app.add_typer(_group, name=_name)


def execute(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every failure is a Chinese sentence on stderr."""
    console.prepare()
    try:
        code = get_command(app).main(list(arguments), prog_name="studio", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the merchant gets a sentence, the log the rest
        return failures.report(error, arguments)
    if code == failures.INTERRUPTED:
        return failures.report(KeyboardInterrupt(), arguments)
    return code if isinstance(code, int) else 0


def main() -> NoReturn:
    """Run ``studio`` with the arguments of this process."""
    sys.exit(execute(sys.argv[1:]))
