"""A table of customers into customers: tags and totals are kept, ways to reach a person are not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from studio.audience.customers import Customer
from studio.errors import ImportFailed, Problem
from studio.library.importing import RejectedRow, read_count, read_date, split_tags
from studio.library.reading import Row, read_table

T = TypeVar("T")

FIELDS = {
    "id": "客户编号",
    "nickname": "昵称",
    "tags": "标签",
    "spent": "累计消费",
    "orders": "订单数",
    "last_order_on": "最近下单",
    "added_on": "加好友日期",
    "birthday": "生日",
    "source": "来源",
}
"""Field codes in the order of the usual table, with the word for each."""

_NAMES = {
    "id": "客户编号 编号 客户id id customer_id 会员号 会员编号 external_userid",
    "nickname": "昵称 微信昵称 客户昵称 客户名称 nickname",
    "tags": "标签 客户标签 tags tag",
    "spent": "累计消费 消费金额 累计金额 消费总额 总消费 spent amount total_spent",
    "orders": "订单数 累计订单 下单次数 购买次数 orders order_count",
    "last_order_on": "最近下单 最近下单日期 最近消费 最后下单 上次下单 最近购买 last_order last_order_on",
    "added_on": "加好友日期 添加时间 添加日期 加好友时间 首次添加 added added_on created_at",
    "birthday": "生日 出生日期 出生年月日 客户生日 birthday birth_date",
    "source": "来源 客户来源 添加渠道 渠道 source",
}
_FIELD_OF = {name: code for code, names in _NAMES.items() for name in names.split()}
_PHONE = re.compile(r"(?:\+?86)?[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4}")
_LEAP_YEAR = 2000
_LONGEST = {"id": 80, "nickname": 60, "source": 60}


@dataclass(frozen=True, slots=True)
class ImportedCustomers:
    """What a file gave. Every row is either in ``customers`` or in ``rejected``."""

    customers: tuple[Customer, ...]
    rejected: tuple[RejectedRow, ...]
    problems: tuple[Problem, ...]


def read_customers(path: Path, today: date = date.max) -> ImportedCustomers:
    """Return the customers in a CSV, Excel or JSON-lines table; of two rows with one id the later wins.

    Columns are found by name; one that is not needed is named in the problems and never stored. The last order and
    the day a customer was added are left out, and reported, when they lie after ``today``.
    Raises :class:`ImportFailed` when the file cannot be read or has no column of ids.
    """
    table = read_table(path, _field_of)
    mapping = _mapping(table.columns)
    if "id" not in mapping:
        raise ImportFailed(
            f"「{path.name}」里没有「客户编号」这一列，现有：{'、'.join(table.columns[:20])}。没有导入。"
        )
    reader = _Reader(path.name, mapping, today)
    found: dict[str, Customer] = {}
    rejected: list[RejectedRow] = []
    for row in table.rows:
        reason = row.reason or ("" if reader.cell(row, "id") else "没有客户编号")
        if reason:
            rejected.append(RejectedRow(row.number, reason, row.cells))
        else:
            customer = reader.read(row)
            found[customer.id] = customer
    unused = [column for column in table.columns if column not in mapping.values()]
    left = [Problem(path.name, "、".join(unused[:10]), "这几列没有导入：这里只存标签和统计")] if unused else []
    return ImportedCustomers(tuple(found.values()), tuple(rejected), (*table.problems, *left, *reader.problems))


def _field_of(column: str) -> str | None:
    """Return the field a column name stands for (units in brackets ignored), or None."""
    return _FIELD_OF.get(re.sub(r"[(\[【\uff08].*?[)\]】\uff09]|\s", "", column).casefold())


def _mapping(columns: Sequence[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for column in columns:
        code = _field_of(column)
        if code and code not in mapping:
            mapping[code] = column
    return mapping


@dataclass(slots=True)
class _Reader:
    """Reads the rows of one file; a value that is not understood is left out and reported with its rows."""

    source: str
    mapping: dict[str, str]
    today: date
    _odd: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    @property
    def problems(self) -> list[Problem]:
        return [
            Problem(f"{self.source} 第 {_listed(rows)} 行", FIELDS[code], message)
            for (code, message), rows in self._odd.items()
        ]

    def cell(self, row: Row, code: str) -> str:
        return row.cells.get(self.mapping.get(code, ""), "").strip()[: _LONGEST.get(code)]

    def read(self, row: Row) -> Customer:
        return Customer(
            id=self._id(row),
            nickname=self._harmless(row, "nickname"),
            tags=frozenset(split_tags(self.cell(row, "tags"))),
            spent=self._parse(row, "spent", _read_yuan),
            orders=self._parse(row, "orders", read_count),
            last_order_on=self._parse(row, "last_order_on", self._past_day),
            added_on=self._parse(row, "added_on", self._past_day),
            birthday=self._parse(row, "birthday", read_birthday),
            source=self._harmless(row, "source"),
        )

    def _id(self, row: Row) -> str:
        """Return the id; one that is a phone number is replaced by a code made from it, the same every time."""
        text = self.cell(row, "id")
        if not _PHONE.fullmatch(text):
            return text
        self._note("id", "是手机号，换成了由它算出的代号，没有保存号码", row)
        digits = re.sub(r"\D", "", text)[-11:]
        return f"c{hashlib.sha256(digits.encode()).hexdigest()[:12]}"

    def _harmless(self, row: Row, code: str) -> str:
        text = self.cell(row, code)
        if not _PHONE.search(text):
            return text
        self._note(code, "里有手机号，这一格没有保存", row)
        return ""

    def _parse(self, row: Row, code: str, parse: Callable[[str], T]) -> T | None:
        value = self.cell(row, code)
        if not value:
            return None
        try:
            return parse(value)
        except ValueError as error:
            self._note(code, f"{error}；这几行先不带{FIELDS[code]}导入", row)
            return None

    def _past_day(self, value: str) -> date:
        day = read_date(value)
        if day > self.today:
            raise ValueError(f"「{value[:20]}」还没到")
        return day

    def _note(self, code: str, message: str, row: Row) -> None:
        self._odd.setdefault((code, message), []).append(row.number)


def _listed(rows: Sequence[int]) -> str:
    shown = "、".join(map(str, rows[:5]))
    return shown if len(rows) <= 5 else f"{shown} 等 {len(rows)}"


def _read_yuan(value: str) -> float:
    """Return the amount of ``¥1,280.5`` or ``1280元`` in yuan."""
    text = re.sub(r"[,,\s¥¥元]", "", value)
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        raise ValueError(f"「{value[:20]}」不是金额，请写成 1280.5 这样的数字")
    return round(float(text), 2)


def read_birthday(value: str) -> str:
    """Return the month and day, like 03-08, of ``1990-03-08``, ``3月8日``, ``03/08`` or ``0308``; no year is kept."""
    match = re.fullmatch(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?", value) or re.fullmatch(r"(\d{2})(\d{2})", value)
    try:
        day = date(_LEAP_YEAR, int(match[1]), int(match[2])) if match else read_date(value)
    except ValueError:
        raise ValueError("看不懂这个生日，请写成公历的 03-08") from None
    return f"{day:%m-%d}"
