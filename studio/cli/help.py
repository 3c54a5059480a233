"""Help pages and usage errors in Chinese."""

from __future__ import annotations

import inspect
import re
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from studio.cli.console import width
from studio.errors import InputError

_HAN = re.compile(r"[\u4e00-\u9fff]")
_EXTRA = re.compile(r"extra argument\(s\) \((.*)\)", re.DOTALL)
_SECTIONS = {"argument": "参数", "option": "选项"}


class Command(TyperCommand):
    """A command whose help page is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _write_page(self, ctx, formatter)


class Group(TyperGroup):
    """A group of commands whose help page and whose answer to a typing slip are Chinese."""

    command_class = Command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _write_page(self, ctx, formatter)
        names = [name for name in self.list_commands(ctx) if not self.commands[name].hidden]
        _write_list(formatter, "命令", [(name, _first_line(self.commands[name])) for name in names])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        typed = args[0]
        if typed not in self.commands and not typed.startswith("-"):
            close = get_close_matches(typed, list(self.commands))
            hint = f"你是不是想写 {close[0]}?" if close else f"看有哪些命令：{ctx.command_path} --help"
            raise InputError(f"没有命令「{typed[:40]}」。{hint}")
        return super().resolve_command(ctx, args)


def group(summary: str) -> typer.Typer:
    """Return an empty group of commands; without a command it shows its help page."""
    return typer.Typer(
        cls=Group,
        help=summary,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


def _write_page(command: Any, ctx: Any, formatter: Any) -> None:
    arguments = [_argument_name(item) for item in command.params if item.param_type_name == "argument"]
    tail = ["命令 …"] if isinstance(command, TyperGroup) else ["[选项]"]
    formatter.write_usage(ctx.command_path, " ".join([*arguments, *tail]), prefix="用法：")
    formatter.write_paragraph()
    for line in inspect.cleandoc(command.help or "").splitlines():
        formatter.write(f"  {line}".rstrip() + "\n")
    for kind, title in _SECTIONS.items():
        rows = [_row(item) for item in command.params if item.param_type_name == kind and not item.hidden]
        if kind == "option":
            rows.append(("--help", "显示这份说明。"))
        _write_list(formatter, title, rows)


def _write_list(formatter: Any, title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        column = max(width(name) for name, _ in rows)
        lines = (f"  {name}{' ' * (column - width(name))}  {text}\n" for name, text in rows)
        formatter.write(f"\n{title}:\n{''.join(lines)}")


def _argument_name(parameter: Any) -> str:
    name = parameter.metavar or parameter.name
    return name if parameter.required else f"[{name}]"


def _row(parameter: Any) -> tuple[str, str]:
    if parameter.param_type_name == "argument":
        return parameter.metavar or parameter.name, parameter.help or ""
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    needed = "（必填）" if parameter.required else ""
    return (names if parameter.is_flag else f"{names} {parameter.metavar or '值'}"), f"{parameter.help or ''}{needed}"


def _first_line(command: Any) -> str:
    return inspect.cleandoc(command.help or "").partition("\n")[0]


def usage_sentence(error: typer.TyperException) -> str:
    """Return what is wrong with a command line, as a Chinese sentence that says where to look."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return error.message
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "studio"
    return f"{_usage_fault(error)}。用法见：{path} --help"


def _usage_fault(error: Any) -> str:
    kind = type(error).__name__
    if kind == "NoSuchOption":
        close = f"，你是不是想写 {'、'.join(sorted(error.possibilities))}" if error.possibilities else ""
        return f"没有选项 {error.option_name}{close}"
    if kind == "BadOptionUsage":
        return f"选项 {error.option_name} 的写法不对：看它后面该不该跟一个值"
    if kind == "MissingParameter":
        return f"还缺 {_parameter_name(error.param)}"
    if kind == "BadParameter":
        return f"{_parameter_name(error.param)} 的值不对{_expected(error)}"
    extra = _EXTRA.search(error.message)
    return f"多写了「{extra[1][:60]}」" if extra else "这条命令写得不完整"


def _expected(error: Any) -> str:
    if _HAN.search(error.message):
        return f":{error.message}"
    if error.param is not None and error.param.type_descriptor.annotation in (int, float):
        low, high = getattr(error.param, "min", None), getattr(error.param, "max", None)
        return "：要写数字" if low is None or high is None else f"：要写 {low} 到 {high} 的数字"
    return ""


def _parameter_name(parameter: Any) -> str:
    if parameter is None:
        return "一个参数"
    is_argument = parameter.param_type_name == "argument"
    return f"「{parameter.metavar or parameter.name}」" if is_argument else str(parameter.opts[0])
