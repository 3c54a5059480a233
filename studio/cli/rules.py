"""``studio rules``: the rules behind a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.console import say, say_json
from studio.cli.help import Command, group
from studio.cli.options import AsJson, ShopId, WorkspacePath
from studio.cli.texts import desk
from studio.errors import InputError

if TYPE_CHECKING:
    from studio.review.rules import Rule, RuleSet

app = group("审稿规则：列出、查看、检查。")


@app.command("list", cls=Command)
def list_rules(*, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """列出全部规则。"""
    rules = desk(workspace, shop).reviewer.rules
    if as_json:
        say_json([_summary(rule) for rule in rules.rules.values()])
        return
    for rule in rules.rules.values():
        say(f"{rule.code}  [{rule.severity.label}] {rule.category.label}:{rule.title}")
    say(f"共 {len(rules.rules)} 条，规则包 {rules.version}。")


@app.command("show", cls=Command)
def show_rule(
    code: Annotated[str, typer.Argument(metavar="编号", help="studio rules list 列出的编号。")],
    *,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """看一条规则：管什么、依据、怎么改、例子。"""
    rules = desk(workspace, shop).reviewer.rules
    rule = rules.rules.get(code.upper())
    if rule is None:
        raise InputError(f"没有规则「{code[:40]}」。用 studio rules list 看全部编号。")
    document = _document(rule, rules)
    if as_json:
        say_json(document)
        return
    say(f"{rule.code}  [{rule.severity.label}] {rule.category.label}:{rule.title}")
    say(rule.message)
    say(f"可改：{rule.suggestion}")
    for basis in document["basis"]:
        say(f"依据：{basis['law']} {basis['article']}({basis['version']})")
        if basis["text"]:
            say(f"  {basis['text']}")
    for title, name in (("会提示", "find"), ("不提示", "pass")):
        for example in document["examples"][name]:
            say(f"{title}:{example}")


@app.command("check", cls=Command)
def check(*, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """把每条规则自带的例子都跑一遍。有不对的退出码是 1。"""
    reviewer = desk(workspace, shop).reviewer
    problems, failures = reviewer.rules.problems, reviewer.check()
    if as_json:
        say_json(
            {
                "rules": len(reviewer.rules.rules),
                "rulepack": reviewer.rules.version,
                "problems": [problem.to_json() for problem in problems],
                "failures": [
                    {"code": item.code, "expected": item.expected, "example": item.example} for item in failures
                ],
            }
        )
    else:
        for problem in problems:
            say(str(problem))
        for item in failures:
            say(f"{item.code}：「{item.example}」应该{'提示' if item.expected == 'find' else '放行'}，结果相反")
        say(f"{len(reviewer.rules.rules)} 条规则，{len(failures)} 个例子不对，{len(problems)} 处写法要改。")
    if problems or failures:
        raise typer.Exit(1)


def _summary(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "title": rule.title,
        "category": rule.category.value,
        "severity": rule.severity.value,
    }


def _document(rule: Rule, rules: RuleSet) -> dict[str, Any]:
    return _summary(rule) | {
        "message": rule.message,
        "suggestion": rule.suggestion,
        "basis": [article.to_json() | {"text": article.text} for article in rules.articles_of(rule)],
        "product_types": [item.value for item in rule.applies_to.product_types],
        "channels": [item.value for item in rule.applies_to.channels],
        "examples": {"find": list(rule.examples.find), "pass": list(rule.examples.clear)},
    }
