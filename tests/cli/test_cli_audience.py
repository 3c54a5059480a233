"""Customers in, groups out, and nobody's phone number kept."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.audience.customers import Customer
from studio.audience.importing import read_customers
from studio.brand import Segment
from studio.errors import ImportFailed

HEADER = ["客户编号", "昵称", "标签", "累计消费", "订单数", "最近下单", "加好友日期", "来源"]


def table(path, *rows, header=HEADER):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def test_a_row_becomes_a_customer(tmp_path):
    row = ["S1", "阿宝", "宝妈;敏感肌", "¥1,280.50", "3", "2026/11/3", "2026-01-02", "包裹卡片"]
    found = read_customers(table(tmp_path / "c.csv", row))
    customer = found.customers[0]
    assert (customer.id, customer.nickname, customer.tags) == ("S1", "阿宝", {"宝妈", "敏感肌"})
    assert (customer.spent, customer.orders) == (1280.5, 3)
    assert (customer.last_order_on, customer.added_on) == (date(2026, 11, 3), date(2026, 1, 2))
    assert not found.rejected
    assert not found.problems


def test_other_names_of_columns_are_understood(tmp_path):
    path = table(tmp_path / "c.csv", ["7", "120", "老客"], header=["会员号", "累计金额(元)", "客户标签"])
    customer = read_customers(path).customers[0]
    assert (customer.id, customer.spent, customer.tags) == ("7", 120, {"老客"})


def test_bad_values_are_left_out_and_reported_and_rows_without_an_id_come_back(tmp_path):
    rows = [["S1", "甲", "", "很多", "三", "11月3日", "", ""], ["", "乙", "", "", "", "", "", ""]]
    found = read_customers(table(tmp_path / "c.csv", *rows))
    assert found.customers[0].spent is None
    assert len(found.problems) == 3
    assert [(row.number, row.values["昵称"]) for row in found.rejected] == [(3, "乙")]


def test_phone_numbers_are_kept_nowhere(tmp_path):
    header = [*HEADER, "手机号", "收货地址"]
    row = ["13800138000", "王姐 13900139000", "", "", "", "", "", "138 0013 8000", "13800138000", "幸福路 1 号"]
    found = read_customers(table(tmp_path / "c.csv", row, header=header))
    kept = repr(found.customers)
    assert "13800138000" not in kept
    assert "13900139000" not in kept
    assert "8000" not in kept
    assert "幸福路" not in kept
    again = read_customers(table(tmp_path / "c.csv", row, header=header))
    assert again.customers == found.customers
    assert any("手机号" in problem.field for problem in found.problems)


def test_a_table_without_ids_is_refused(tmp_path):
    with pytest.raises(ImportFailed, match="客户编号"):
        read_customers(table(tmp_path / "c.csv", ["甲"], header=["昵称"]))


CELL = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[CELL] * 8), min_size=1, max_size=4))
def test_no_cell_breaks_the_import(rows, tmp_path):
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        csv.writer(stream).writerows([HEADER, ["S0", *["x"] * 7], *rows])
    found = read_customers(path)
    assert found.customers[0].id == "S0"
    assert all(customer.id for customer in found.customers)


def test_import_counts_and_preview_keeps_names_to_itself(studio, shop, tmp_path):
    path = table(tmp_path / "c.csv", ["N1", "不露面的橘子", "老客;买过枸杞", "9", "1", "", "", ""], ["", *["x"] * 7])
    before = studio("audience", "preview", "常买枸杞的老客", "--json", "--workspace", shop).json
    ran = studio("audience", "import", str(path), "--rejected", str(tmp_path / "r.csv"), "--json", "--workspace", shop)
    assert (ran.json["imported"], ran.json["rejected"]) == (1, 1)
    assert "没有客户编号" in (tmp_path / "r.csv").read_text("utf-8-sig")
    after = studio("audience", "preview", before["id"], "--json", "--workspace", shop).json
    assert after["customers"] == before["customers"] + 1
    assert "names" not in after
    assert "橘子" not in studio("audience", "preview", before["id"], "--workspace", shop).out
    assert (
        len(studio("audience", "preview", before["id"], "--names", "--json", "--workspace", shop).json["names"]) == 50
    )
    rows = studio("audience", "segments", "--json", "--workspace", shop).json
    assert {row["id"]: row["customers"] for row in rows}[before["id"]] == after["customers"]


def test_segments_follow_the_tiers_of_the_shop_and_an_empty_one_is_said_beside_the_answer(studio, workspace):
    (workspace.root / "tiers.yaml").write_text("spend: {豪客: 50, 常客: 0}\nlost_days: 很久\n", "utf-8")
    brand = workspace.brand.model_copy(
        update={
            "segments": (
                Segment(id="rich", name="豪客们", need="x", all_tags=("豪客",)),
                Segment(id="nobody", name="没人的", need="x", all_tags=("高消费",)),
            )
        }
    )
    workspace.store.brand.save(brand, workspace.store.brand.load()[1])
    workspace.store.customers.save([Customer("a", spent=60), Customer("b", spent=10), Customer("c")])
    ran = studio("audience", "segments", "--json", "--workspace", str(workspace.root))
    assert [(row["id"], row["customers"]) for row in ran.json] == [("rich", 1), ("nobody", 0)]
    assert "没人的" in ran.err
    assert "lost_days" in ran.err
    assert studio("audience", "preview", "nobody", "--json", "--workspace", str(workspace.root)).json["customers"] == 0


def test_a_table_with_known_columns_has_its_header_found(tmp_path):
    path = table(tmp_path / "c.csv", ["S1", "3"], header=["客户编号", "订单数"])
    assert not read_customers(path).problems
    path = table(tmp_path / "d.csv", ["表：老客"], ["客户编号", "订单数"], ["S1", "3"], header=["我的店"])
    found = read_customers(path)
    assert [(item.id, item.orders) for item in found.customers] == [("S1", 3)]


def test_an_order_that_has_not_happened_yet_is_told_and_left_out(tmp_path):
    path = table(tmp_path / "c.csv", ["S1", "2099-01-01"], ["S2", "2026-11-22"], header=["客户编号", "最近下单"])
    found = read_customers(path, date(2026, 11, 22))
    assert [item.last_order_on for item in found.customers] == [None, date(2026, 11, 22)]
    (problem,) = found.problems
    assert "「2099-01-01」还没到" in str(problem)
