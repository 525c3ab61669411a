"""What the text of a printed invoice's page tells: values that stand beside their label or that prove each other.

A total is taken only where it is labelled as such or where amount, tax and total add up; names only from the half of
the page where the layout puts them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from qihua_desktop.domain.invoice import InvoiceKind
from qihua_desktop.domain.invoice_values import half_width, read_amount
from qihua_desktop.domain.money import capital_matches

from .texts import InvoiceTexts

LONGEST_PAGE: Final = 50_000

_MOST_AMOUNTS: Final = 200
_NUMBER: Final = re.compile(r"发票号码:?(\d{20}|\d{8})(?!\d)")
_ANY_NUMBER: Final = re.compile(r"(?<![0-9A-Z])\d{20}(?![0-9A-Z])")
_CODE: Final = re.compile(r"发票代码:?(\d{12}|\d{10})(?!\d)")
_LABELLED_DAY: Final = re.compile(r"开票日期:?(\d{4}年\d{1,2}月\d{1,2}日)")
_DAY: Final = re.compile(r"(?<!\d)\d{4}年\d{1,2}月\d{1,2}日")
_MONEY: Final = re.compile(r"¥(-?[\d,]{1,20}\.\d{2})(?!\d)")
_TOTAL: Final = re.compile(r"(?:小写\)?|票价:?)¥?(-?[\d,]{1,20}\.\d{2})(?!\d)")
_CAPITAL: Final = re.compile(r"[负零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正]{3,60}")
_NAME: Final = re.compile(r"名\s*称\s*[:：]\s*([^\n\r:：]{2,120})")
_TAX_ID: Final = re.compile(r"识别号\s*[:：]?\s*([0-9A-Z]{15,20})(?![0-9A-Z])")
_BREAK: Final = re.compile(r"\s{2,}|统一社会|纳税人|购\s|销\s|买\s|售\s")
_LABELS: Final = ("名称", "识别号", "开户行", "规格型号")
"""A name that holds one of these is the next label: the values stand elsewhere."""
_TITLES: Final = (
    ("铁路电子客票", InvoiceKind.RAIL),
    ("航空运输电子客票行程单", InvoiceKind.AIR),
    ("电子发票(增值税专用发票)", InvoiceKind.DIGITAL_SPECIAL),
    ("电子发票(普通发票)", InvoiceKind.DIGITAL_ORDINARY),
    ("增值税电子专用发票", InvoiceKind.ELECTRONIC_SPECIAL),
    ("通行费", InvoiceKind.TOLL),
    ("增值税电子普通发票", InvoiceKind.ELECTRONIC_ORDINARY),
    ("增值税专用发票", InvoiceKind.SPECIAL),
    ("增值税普通发票", InvoiceKind.ORDINARY),
)


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page and of its four halves."""

    whole: str
    left: str = ""
    right: str = ""
    upper: str = ""
    lower: str = ""


def page_texts(page: PageText) -> InvoiceTexts:
    """Return what can be told for certain; the number is empty when the page is not an invoice's."""
    text = "".join(half_width(page.whole[:LONGEST_PAGE]).split())
    texts = InvoiceTexts(number=_number(text))
    if not texts.number or "票" not in text:
        return InvoiceTexts()
    digital = len(texts.number) == 20
    texts.kind = title_kind(text)
    if not digital:
        texts.code = match[1] if (match := _CODE.search(text)) else ""
    days = _LABELLED_DAY.findall(text) or _DAY.findall(text)
    texts.issued = days[0] if days and (len(set(days)) == 1 or _LABELLED_DAY.search(text)) else ""
    _amounts(text, texts)
    halves = (page.left, page.right) if digital else (page.upper, page.lower)
    texts.buyer_name, texts.buyer_tax_id = _party(halves[0])
    texts.seller_name, texts.seller_tax_id = _party(halves[1])
    return texts


def title_kind(text: str) -> InvoiceKind | None:
    """Return the kind that a page's title names."""
    plain = "".join(half_width(text[:LONGEST_PAGE]).split())
    return next((kind for title, kind in _TITLES if title in plain), None)


def _number(text: str) -> str:
    labelled = set(_NUMBER.findall(text))
    if len(labelled) == 1:
        return labelled.pop()
    candidates = set(_ANY_NUMBER.findall(text)) if "发票号码" in text else set[str]()
    return candidates.pop() if len(candidates) == 1 and not labelled else ""


def _amounts(text: str, texts: InvoiceTexts) -> None:
    capitals = [part for part in _CAPITAL.findall(text) if re.search("[圆元角分]", part)]
    values = {amount: read.value for amount in _MONEY.findall(text)[:_MOST_AMOUNTS] if (read := read_amount(amount))}
    total = _TOTAL.search(text)
    if total:
        texts.gross = total[1]
    else:
        proved = [
            amount for amount, fen in values.items() if any(capital_matches(capital, fen) for capital in capitals)
        ]
        texts.gross = proved[0] if len(proved) == 1 else ""
    gross = read_amount(texts.gross) if texts.gross else None
    if gross is None:
        return
    texts.capital = next((capital for capital in capitals if capital_matches(capital, gross.value)), "")
    if not texts.capital and len(capitals) == 1:
        texts.capital = capitals[0]
    pairs = {
        (net, tax)
        for net, one in values.items()
        for tax, other in values.items()
        if one + other == gross.value and abs(one) >= abs(other) and net != tax
    }
    if len(pairs) == 1:
        texts.net, texts.tax = pairs.pop()


def _party(half: str) -> tuple[str, str]:
    """Return name and tax id of the one party in a half of the page; empty when there are none or several."""
    names = {_BREAK.split(match.strip())[0].strip() for match in _NAME.findall(half[:LONGEST_PAGE])}
    names = {name for name in names if not any(label in name for label in _LABELS)}
    ids = {found for line in half[:LONGEST_PAGE].splitlines() for found in _TAX_ID.findall(half_width(line))}
    return names.pop() if len(names) == 1 else "", ids.pop() if len(ids) == 1 else ""
