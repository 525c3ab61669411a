"""What the text of a page tells, and what it must not be taken to tell."""

from __future__ import annotations

import pytest

from qihua_desktop.domain.invoice import InvoiceKind
from qihua_desktop.exchange.invoices.page_text import PageText, page_texts, title_kind

NUMBER = "26440000000000000001"
PAGE = f"""电子发票（普通发票）
发票号码： {NUMBER}
开票日期： 2026 年 01 月 15 日
合 计 ¥471.70 ¥28.30
价税合计（大写） ⓧ伍佰圆整 （小写） ¥500.00"""


def test_labelled_values_are_taken():
    texts = page_texts(PageText(PAGE))
    assert (texts.number, texts.kind, texts.issued) == (NUMBER, InvoiceKind.DIGITAL_ORDINARY, "2026年01月15日")
    assert (texts.net, texts.tax, texts.gross, texts.capital) == ("471.70", "28.30", "500.00", "伍佰圆整")


def test_without_its_label_the_total_is_proved_by_the_capitals():
    texts = page_texts(PageText(PAGE.replace("（小写）", "")))
    assert (texts.net, texts.tax, texts.gross) == ("471.70", "28.30", "500.00")


def test_a_total_that_nothing_proves_stays_open():
    texts = page_texts(PageText(PAGE.replace("（小写）", "").replace("伍佰圆整", "")))
    assert (texts.net, texts.tax, texts.gross) == ("", "", "")


def test_amounts_that_could_be_added_in_two_ways_stay_open():
    texts = page_texts(PageText(PAGE + " ¥400.00 ¥100.00"))
    assert (texts.net, texts.tax, texts.gross) == ("", "", "500.00")


@pytest.mark.parametrize(
    "text",
    ["", "hello", f"报价单 {NUMBER}", "发票号码：123", f"发票号码：{NUMBER} 发票号码：{NUMBER[:-1]}2"],
)
def test_a_page_without_one_certain_number_is_no_invoice(text):
    assert page_texts(PageText(text)).number == ""


def test_a_bank_account_is_not_taken_for_the_number():
    assert page_texts(PageText(f"{PAGE} 账号 12345678901234567890")).number == NUMBER


@pytest.mark.parametrize(
    ("half", "name", "tax_id"),
    [
        ("名称：示例有限公司\n统一社会信用代码/纳税人识别号：91440000000000000X", "示例有限公司", "91440000000000000X"),
        ("名 称 : 示例（上海）有限公司  \n纳税人识别号:\n", "示例（上海）有限公司", ""),
        ("名称：\n统一社会信用代码/纳税人识别号：\n示例有限公司", "", ""),
        ("名称：\n名称：\n甲公司\n乙公司", "", ""),
        ("名称：甲公司\n名称：乙公司", "", ""),
        ("名称：示例电话信息技术有限公司", "示例电话信息技术有限公司", ""),
    ],
)
def test_a_party_is_taken_only_where_it_stands_beside_its_label(half, name, tax_id):
    texts = page_texts(PageText(PAGE, left=half))
    assert (texts.buyer_name, texts.buyer_tax_id) == (name, tax_id)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("电子发票（增值税专用发票）", InvoiceKind.DIGITAL_SPECIAL),
        ("电子发票（铁路电子客票）", InvoiceKind.RAIL),
        ("广东增值税电子普通发票", InvoiceKind.ELECTRONIC_ORDINARY),
        ("广东增值税专用发票", InvoiceKind.SPECIAL),
        ("收据", None),
    ],
)
def test_the_title_names_the_kind(title, kind):
    assert title_kind(title) is kind
