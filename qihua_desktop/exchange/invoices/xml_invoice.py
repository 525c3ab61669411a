"""Invoices as XML: the tax bureau's EInvoice, the 2019 schema of older OFD files, and pinyin or Chinese tags.

The bureau's files repeat tag names under many parents (LabelCode, Name, Number), so values are taken by full path only.
Sources: public samples of versions 0.2 and 0.32; the data items of the bureau's interface for digital invoices.
"""

from __future__ import annotations

from typing import Final

from qihua_desktop.domain.invoice import BUREAU_KINDS, XML_KINDS, FindingKey, InvoiceKind, InvoiceSource, ParsedInvoice
from qihua_desktop.i18n import _

from .results import Unusable, no_invoice
from .texts import InvoiceTexts, LineTexts, build_invoice
from .xml_tree import Node, parse_tree

MOST_INVOICES: Final = 500

_LABELS: Final = "Header/InherentLabel"
_BASIC: Final = "EInvoiceData/BasicInformation"
_SELLER: Final = "EInvoiceData/SellerInformation"
_BUYER: Final = "EInvoiceData/BuyerInformation"
_SHOWN: Final = (
    "Header/EIid",
    "Header/EInvoiceTag",
    "Header/Version",
    f"{_BASIC}/Drawer",
    f"{_BASIC}/RequestTime",
    f"{_SELLER}/SellerBankName",
    f"{_SELLER}/SellerBankAccNum",
    "TaxSupervisionInfo/TaxBureauName",
    "TaxBureauSignature/SignatureTime",
    "TaxBureauSignature/SignatureAlgorithm",
)

TAGS: Final[dict[str, tuple[str, ...]]] = {
    "number": ("FPHM", "发票号码", "InvoiceNo"),
    "code": ("FPDM", "ZZFPDM", "发票代码", "InvoiceCode"),
    "paper_number": ("ZZFPHM", "纸质发票号码"),
    "issued": ("KPRQ", "开票日期", "IssueDate"),
    "seller_name": ("XSFMC", "XHFMC", "销售方名称", "SellerName"),
    "seller_tax_id": ("XSFNSRSBH", "XHFNSRSBH", "销售方纳税人识别号", "销售方识别号", "SellerTaxID"),
    "buyer_name": ("GMFMC", "购买方名称", "BuyerName"),
    "buyer_tax_id": ("GMFNSRSBH", "购买方纳税人识别号", "购买方识别号", "BuyerTaxID"),
    "net": ("HJJE", "合计金额", "TaxExclusiveTotalAmount"),
    "tax": ("HJSE", "合计税额", "TaxTotalAmount"),
    "gross": ("JSHJ", "JSHJXX", "价税合计", "价税合计小写", "TaxInclusiveTotalAmount"),
    "capital": ("JSHJDX", "价税合计大写"),
    "currency": ("BIZHONG", "币种", "Currency"),
    "remark": ("BZ", "备注", "Note"),
    "red_of": ("KJHZFPDYDLZFPHM", "被红冲蓝字发票号码", "YFPHM"),
    "check_code": ("JYM", "校验码", "InvoiceCheckCode"),
}
"""What the fields are called in pinyin, in Chinese (also in the CustomData of OFD), and in the 2019 schema."""

_LINE_TAGS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("XMMC", "SPMC", "HWHYSLWFWMC", "项目名称", "Item"),
    "spec": ("GGXH", "规格型号", "Specification"),
    "unit": ("DW", "单位", "MeasurementDimension"),
    "quantity": ("FPJYSL", "XMSL", "数量", "Quantity"),
    "unit_price": ("FPJYDJ", "XMDJ", "单价", "Price"),
    "net": ("JE", "XMJE", "金额", "Amount"),
    "tax": ("SE", "税额", "TaxAmount"),
    "rate": ("SLV", "SL1", "SL", "税率", "TaxScheme"),
    "class_code": ("SPHFWSSFLHBBM", "SPBM", "税收分类编码"),
}


def read_xml(content: bytes, source: InvoiceSource = InvoiceSource.XML) -> tuple[ParsedInvoice, ...]:
    """Read every invoice of an XML file. Raises Unusable when it holds none or cannot be read."""
    return tuple(build_invoice(texts, source) for texts in xml_texts(content))


def xml_texts(content: bytes) -> list[InvoiceTexts]:
    """Return the texts of every invoice of an XML file. Raises Unusable like ``read_xml``."""
    root = parse_tree(content)
    if root.tag == "xbrl":
        raise Unusable(
            FindingKey.NOT_AN_INVOICE,
            _("This is the bookkeeping record (XBRL) of an invoice, not the invoice."),
            _("Import the XML, OFD or PDF file of the invoice itself."),
        )
    found = [texts for node in _bureau_invoices(root) if (texts := bureau_texts(node)).number or texts.gross]
    if not found:
        found = [_tagged_texts(node, root) for node in _tagged_invoices(root)]
    if not found:
        raise no_invoice()
    if len(found) > MOST_INVOICES:
        raise Unusable(
            FindingKey.TOO_LARGE,
            _("The file holds more than {count} invoices.").format(count=MOST_INVOICES),
            _("Divide it into several files."),
        )
    return found


def bureau_texts(root: Node) -> InvoiceTexts:
    """Return the texts of an ``EInvoice`` element, each from its one full path."""
    blue = root.at(f"{_LABELS}/InIssuType/LabelCode").upper()
    texts = InvoiceTexts(
        number=root.at("TaxSupervisionInfo/InvoiceNumber") or root.at("Header/EIid"),
        issued=root.at("TaxSupervisionInfo/IssueTime"),
        seller_name=root.at(f"{_SELLER}/SellerName"),
        seller_tax_id=root.at(f"{_SELLER}/SellerIdNum"),
        buyer_name=root.at(f"{_BUYER}/BuyerName"),
        buyer_tax_id=root.at(f"{_BUYER}/BuyerIdNum"),
        net=root.at(f"{_BASIC}/TotalAmWithoutTax"),
        tax=root.at(f"{_BASIC}/TotalTaxAm"),
        gross=root.at(f"{_BASIC}/TotalTax-includedAmount"),
        capital=root.at(f"{_BASIC}/TotalTax-includedAmountInChinese"),
        remark=root.at("EInvoiceData/AdditionalInformation/Remark") or root.at("EInvoiceData/AdditionalInformation"),
        kind=XML_KINDS.get(root.at(f"{_LABELS}/GeneralOrSpecialVAT/LabelCode")),
        red={"Y": False, "N": True}.get(blue),
        raw=[(path.rpartition("/")[2], root.at(path)) for path in _SHOWN],
    )
    for node in root.each("EInvoiceData/IssuItemInformation"):
        texts.lines.append(
            LineTexts(
                name=node.at("ItemName"),
                spec=node.at("SpecMod"),
                unit=node.at("MeaUnits"),
                quantity=node.at("Quantity"),
                unit_price=node.at("UnPrice"),
                net=node.at("Amount"),
                tax=node.at("ComTaxAm"),
                rate=node.at("TaxRate"),
                class_code=node.at("TaxClassificationCode"),
            )
        )
    return texts


def named_texts(values: dict[str, str]) -> InvoiceTexts:
    """Return the texts of a flat list of names and values, by any of the names in ``TAGS``."""
    texts = InvoiceTexts(raw=list(values.items()))
    plain = {_plain_tag(name): value for name, value in values.items() if value}
    for name, tags in TAGS.items():
        setattr(texts, name, next((plain[tag] for tag in tags if tag in plain), ""))
    if texts.code and texts.paper_number and "ZZFPDM" in plain:
        texts.code = plain["ZZFPDM"]
    texts.kind = BUREAU_KINDS.get(plain.get("FPPZDM", "")) or _kind_by_code(texts.code)
    texts.red = {"Y": False, "N": True}.get(plain.get("SFLZFP", "").upper(), {"1": True}.get(plain.get("KPLX", "")))
    return texts


def _plain_tag(tag: str) -> str:
    if not tag.isascii():
        return tag.replace("（", "").replace("）", "").replace("(", "").replace(")", "")
    upper = tag.replace("_", "").upper()
    return upper if upper in _PINYIN else tag


_PINYIN: Final = frozenset(
    tag for tags in (*TAGS.values(), *_LINE_TAGS.values()) for tag in tags if tag.isascii() and tag.isupper()
) | {"FPPZDM", "SFLZFP", "KPLX"}
_NUMBER_TAGS: Final = frozenset(TAGS["number"])
_HEADER_TAGS: Final = frozenset((*TAGS["issued"], *TAGS["gross"], *TAGS["net"]))
_LINE_NAMES: Final = frozenset(_LINE_TAGS["name"])
_LINE_AMOUNTS: Final = frozenset(_LINE_TAGS["net"])


_CODE_ENDS: Final = {
    "11": InvoiceKind.ELECTRONIC_ORDINARY,
    "12": InvoiceKind.TOLL,
    "13": InvoiceKind.ELECTRONIC_SPECIAL,
}


def _kind_by_code(code: str) -> InvoiceKind | None:
    """Return the kind that an older electronic invoice's code of twelve digits ends in."""
    return _CODE_ENDS.get(code[10:]) if len(code) == 12 and code.startswith("0") else None


def _bureau_invoices(root: Node) -> list[Node]:
    if root.tag == "EInvoice":
        return [root]
    return [child for child in root.children if child.tag == "EInvoice"]


def _tagged_invoices(root: Node) -> list[Node]:
    """Return the elements that themselves hold an invoice number and a date or total."""
    found: list[Node] = []
    for node in root.walk():
        tags = {_plain_tag(child.tag) for child in node.children}
        if tags & _NUMBER_TAGS and tags & _HEADER_TAGS:
            found.append(node)
    return found


def _tagged_texts(node: Node, root: Node) -> InvoiceTexts:
    values = _leaves(node)
    for party in ("Buyer", "Seller"):
        for child in node.each(party):
            values.update({name: text for name, text in _leaves(child).items() if name not in values})
    texts = named_texts(values)
    lines = [item for item in node.walk() if _is_line(item)]
    if not lines and len(_tagged_invoices(root)) == 1:
        lines = [item for item in root.walk() if _is_line(item)]
    texts.lines = [_tagged_line(item) for item in lines if item is not node]
    return texts


def _leaves(node: Node) -> dict[str, str]:
    values: dict[str, str] = {}
    for child in node.children:
        if not child.children:
            values.setdefault(child.tag, child.text)
    return values


def _is_line(node: Node) -> bool:
    tags = {_plain_tag(child.tag) for child in node.children}
    return bool(tags & _LINE_NAMES) and bool(tags & _LINE_AMOUNTS)


def _tagged_line(node: Node) -> LineTexts:
    values = {_plain_tag(name): text for name, text in _leaves(node).items() if text}
    texts = LineTexts()
    for name, tags in _LINE_TAGS.items():
        setattr(texts, name, next((values[tag] for tag in tags if tag in values), ""))
    if ("SLV" in values or "SL1" in values) and "SL" in values and not texts.quantity:
        texts.quantity = values["SL"]
    return texts
