"""Rule packs: YAML files of rules, word lists and exemptions, shipped or the merchant's own.

The shipped packs are in ``content_library/rules``; a workspace folder in the same form adds rules and
replaces those with the same code. A rule that cannot be used is a :class:`Problem` and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from studio import resources
from studio.brand import explain
from studio.errors import Problem
from studio.review import prepared
from studio.review.checks import CHECKS
from studio.review.datafiles import has_aliases, parsed, shipped
from studio.review.kinds import KINDS
from studio.review.patterns import Anchors, PatternError, Regex, anchors, check, expanded, light
from studio.review.rules import Article, Exemption, Expression, Pattern, Rule, RuleSet

VERSION = "2026.11"
_NOT_RULES = ("goods.yaml", "restorations.yaml", "articles.yaml", "tone.yaml")
_MAX_FILE = 2_000_000
_DIGITS = re.compile(r"\\d|[0-9]-9")

M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class _Draft:
    """What has been read so far."""

    rules: dict[str, tuple[Rule, str]] = field(default_factory=dict)
    exemptions: dict[str, Exemption] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@cache
def articles() -> dict[str, Article]:
    """Return every law and platform rule by the short name that rules cite."""
    return {name: Article.model_validate(value) for name, value in shipped("articles.yaml").items()}


def load_rules(overlay: Path | None = None) -> RuleSet:
    """Return the shipped rules, with those of the ``overlay`` folder on top."""
    draft = _Draft()
    for path in _packs(resources.content_library() / "rules"):
        _read_pack(path, draft, trusted=True)
    version = VERSION
    if overlay is not None and overlay.is_dir():
        packs = list(_packs(overlay))
        for path in packs:
            _read_pack(path, draft, trusted=False)
        version = f"{VERSION}+{len(packs)}" if packs else VERSION
    return _compiled(draft, version)


def _packs(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*.y*ml")) if path.name not in _NOT_RULES)


def _read_pack(path: Path, draft: _Draft, *, trusted: bool) -> None:
    data = _parsed(path, draft.problems, trusted=trusted)
    if data is None:
        return
    for name, values in _items(data.get("words"), dict).items():
        if isinstance(values, list) and values and all(isinstance(value, str) and value for value in values):
            draft.words[str(name)] = values
        else:
            draft.problems.append(Problem(path.name, f"words.{name}", "名词表要写成一列词"))
    for item in _items(data.get("exemptions"), list):
        exemption = _validated(Exemption, item, path.name, "exemptions", draft.problems)
        if exemption is not None:
            draft.exemptions[exemption.code] = exemption
    defaults = _items(data.get("defaults"), dict)
    for item in _items(data.get("rules"), list):
        merged = {**defaults, **item} if isinstance(item, dict) else item
        code = str(item.get("code", "?")) if isinstance(item, dict) else "?"
        rule = _validated(Rule, merged, path.name, code, draft.problems)
        if rule is not None:
            draft.rules[rule.code] = (rule, path.name)


def _items(value: Any, kind: type) -> Any:
    return value if isinstance(value, kind) else kind()


def _parsed(path: Path, problems: list[Problem], *, trusted: bool) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > _MAX_FILE:
            problems.append(Problem(path.name, "", "规则文件超过 2 MB，没有读取，请拆成几个文件"))
            return None
        source = path.read_text(encoding="utf-8-sig")
        if not trusted and has_aliases(source):
            problems.append(Problem(path.name, "", "规则文件里不能用 & 和 * 引用，请把内容写全"))
            return None
        data = (prepared.pack(source) if trusted else None) or parsed(source)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行附近" if mark else ""
        problems.append(Problem(path.name, place, "读不懂这个规则文件，其他规则照常。请检查缩进和编码(UTF-8)"))
        return None
    if not isinstance(data, dict):
        problems.append(Problem(path.name, "", "规则文件要有 rules 这一项"))
        return None
    return data


def _validated(model: type[M], item: Any, source: str, name: str, problems: list[Problem]) -> M | None:
    try:
        return model.model_validate(item)
    except ValidationError as error:
        for detail in error.errors()[:5]:
            place = ".".join(str(part) for part in (name, *detail["loc"]))
            problems.append(Problem(source, place, explain(detail)))
    return None


def _compiled(draft: _Draft, version: str) -> RuleSet:
    conditions: dict[str, Regex] = {}
    exemptions = {}
    for exemption in draft.exemptions.values():
        sources = (exemption.before, exemption.after, exemption.inside, exemption.sentence)
        if _add_conditions(sources, conditions, draft, "exemptions.yaml", exemption.code):
            exemptions[exemption.code] = exemption
    rules, expressions = {}, {}
    for code, (rule, source) in draft.rules.items():
        parts = [
            part
            for condition in (rule.needs, rule.unless)
            if condition
            for part in (condition.sentence, condition.text)
        ]
        unknown = [name for name in rule.exempt if name not in exemptions]
        unknown += [name for name in rule.basis if name not in articles()]
        if unknown:
            draft.problems.append(Problem(source, code, f"没有叫「{unknown[0]}」的豁免或依据"))
            continue
        if not _add_conditions(parts, conditions, draft, source, code):
            continue
        try:
            expressions[code] = tuple(_expressions(rule.find, draft.words))
        except PatternError as error:
            draft.problems.append(Problem(source, code, str(error)))
            continue
        rules[code] = rule
    return RuleSet(version, rules, expressions, conditions, exemptions, articles(), tuple(draft.problems))


def _add_conditions(
    sources: Sequence[str | None], conditions: dict[str, Regex], draft: _Draft, file: str, code: str
) -> bool:
    try:
        for source in sources:
            if source and source not in conditions:
                plain = expanded(source, draft.words)
                if not prepared.is_checked(plain):
                    check(plain)
                conditions[source] = Regex(plain)
    except PatternError as error:
        draft.problems.append(Problem(file, code, str(error)))
        return False
    return True


def _expressions(patterns: Sequence[Pattern], words: Mapping[str, Sequence[str]]) -> Iterator[Expression]:
    """Yield what the matcher looks for; what sentences are ``like`` is the second reader's."""
    for pattern in patterns:
        if [pattern.text, pattern.re, pattern.like].count(None) != 2:
            raise PatternError("每个查找项写 text、re 或 like，三选一")
        if pattern.like is None:
            yield _expression(pattern, words)
        elif pattern.like not in KINDS:
            raise PatternError(f"没有「{pattern.like}」这一类，like 可写：{'、'.join(KINDS)}")


def _expression(pattern: Pattern, words: Mapping[str, Sequence[str]]) -> Expression:
    if pattern.check is not None and pattern.check not in CHECKS:
        raise PatternError(f"没有叫「{pattern.check}」的核对方法")
    if pattern.text is not None:
        return Expression(Anchors(frozenset({light(pattern.text)})), None, pattern.word, pattern.check)
    plain = expanded(pattern.re or "", words)
    needed = prepared.anchors_of(plain)
    if needed is None:
        check(plain)
        needed = anchors(plain)
    if not needed.words and not _DIGITS.search(plain):
        raise PatternError("正则里要有至少一个固定的字，否则每段文字都要试一遍")
    return Expression(needed, Regex(plain), pattern.word, pattern.check)
