"""Invoices made for the tests: the bureau's XML in its versions, OFD old and new, PDF pages and QR pictures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from PIL import Image

from qihua_desktop.domain.invoice_qr import crc16
from qihua_desktop.domain.money import capital_amount, format_fen

COMPANY = "上海启华品牌管理（集团）有限公司"
COMPANY_ID = "91310000MA1FL0QH7X"


@dataclass(frozen=True)
class Line:
    name: str = "*会展服务*会议服务"
    net: int = 47170
    tax: int = 2830
    rate: int = 600
    spec: str = ""
    unit: str = "次"
    quantity: str = "1"
    unit_price: str = "471.70"


@dataclass(frozen=True)
class Sample:
    number: str = "26440000000000000001"
    issued: str = "2026-01-15"
    seller: str = "示例会展服务有限公司"
    seller_id: str = "91440000000000000X"
    buyer: str = COMPANY
    buyer_id: str = COMPANY_ID
    lines: Sequence[Line] = (Line(),)
    special: bool = False
    red: bool = False
    remark: str = ""
    version: str = "0.32"

    @property
    def net(self) -> int:
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines)

    @property
    def gross(self) -> int:
        return self.net + self.tax


def yuan(fen: int, decimals: int = 2) -> str:
    return format_fen(fen).replace(",", "") + "0" * (decimals - 2)


def capital(fen: int) -> str:
    return capital_amount(fen).replace("元", "圆")


def bureau_xml(sample: Sample | None = None, *, labels: bool = True) -> bytes:
    """The tax bureau's file; 0.2 writes six decimals, later versions leave out empty tags and order differently."""
    sample = sample or Sample()
    six = 6 if sample.version == "0.2" else 2
    lines = "".join(
        f"""<IssuItemInformation><ItemName>{escape(line.name)}</ItemName><SpecMod>{escape(line.spec)}</SpecMod>
        <MeaUnits>{escape(line.unit)}</MeaUnits><Quantity>{line.quantity}</Quantity><UnPrice>{line.unit_price}</UnPrice>
        <Amount>{yuan(line.net)}</Amount><TaxRate>{line.rate / 10000:.6f}</TaxRate>
        <ComTaxAm>{yuan(line.tax, six)}</ComTaxAm>
        <TotaltaxIncludedAmount>{yuan(line.net + line.tax, six)}</TotaltaxIncludedAmount>
        <TaxClassificationCode>3040801010000000000</TaxClassificationCode></IssuItemInformation>"""
        for line in sample.lines
    )
    kinds = f"""<InIssuType><LabelCode>{"N" if sample.red else "Y"}</LabelCode><LabelName>是否蓝字发票</LabelName>
      </InIssuType><EInvoiceType><LabelCode>01</LabelCode></EInvoiceType>
      <GeneralOrSpecialVAT><LabelCode>{"01" if sample.special else "02"}</LabelCode></GeneralOrSpecialVAT>
      <TaxpayerType><LabelCode>1</LabelCode></TaxpayerType>"""
    empty = "<InIssuType/><EInvoiceType/><GeneralOrSpecialVAT/><TaxpayerType/>"
    signature = "" if sample.version == "0.32" else "<SignatureTime>2026-01-15 10:08:55</SignatureTime>"
    return f"""<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<EInvoice><Header><EIid>{sample.number}</EIid><EInvoiceTag>SWEI4400</EInvoiceTag><Version>{sample.version}</Version>
  <InherentLabel>{kinds if labels else empty}</InherentLabel>
  <UndefinedLabel><Label><LabelType>行业</LabelType><LabelCode>01,20</LabelCode></Label></UndefinedLabel></Header>
<EInvoiceData>
  <SellerInformation><SellerIdNum>{sample.seller_id}</SellerIdNum><SellerName>{escape(sample.seller)}</SellerName>
    <SellerAddr/><SellerBankAccNum>00000000000000000000</SellerBankAccNum></SellerInformation>
  <BuyerInformation><BuyerIdNum>{sample.buyer_id}</BuyerIdNum><BuyerName>{escape(sample.buyer)}</BuyerName>
    <BuyerAddr></BuyerAddr></BuyerInformation>
  <BasicInformation><TotalAmWithoutTax>{yuan(sample.net)}</TotalAmWithoutTax><TotalTaxAm>{yuan(sample.tax)}</TotalTaxAm>
    <TotalTax-includedAmount>{yuan(sample.gross)}</TotalTax-includedAmount>
    <TotalTax-includedAmountInChinese>{capital(sample.gross)}</TotalTax-includedAmountInChinese>
    <Drawer>示例</Drawer><RequestTime>2020-02-02 08:00:00</RequestTime></BasicInformation>
  {lines}<SpecificInformation><Vehicle><PlateNumber>00000000000000000009</PlateNumber></Vehicle></SpecificInformation>
  <AdditionalInformation><Remark>{escape(sample.remark)}</Remark></AdditionalInformation></EInvoiceData>
<SellerAuthentication><AuthenticationMethods>02</AuthenticationMethods></SellerAuthentication>
<TaxSupervisionInfo><InvoiceNumber>{sample.number}</InvoiceNumber><IssueTime>{sample.issued} 10:08:05</IssueTime>
  <TaxBureauCode>14400000000</TaxBureauCode><TaxBureauName>国家税务总局广东省税务局</TaxBureauName></TaxSupervisionInfo>
<TaxBureauSignature>{signature}<SignatureAlgorithm>1.2.156.10197.1.501</SignatureAlgorithm></TaxBureauSignature>
</EInvoice>""".encode()


def zipped(members: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def custom_data(values: dict[str, str]) -> str:
    items = "".join(f'<ofd:CustomData Name="{name}">{escape(value)}</ofd:CustomData>' for name, value in values.items())
    return f"""<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD"
      Version="1.0"><ofd:DocBody><ofd:DocInfo><ofd:DocID>x</ofd:DocID><ofd:CustomDatas>{items}</ofd:CustomDatas>
      </ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"""


def digital_ofd(sample: Sample | None = None, *, attached: bool = False) -> bytes:
    """An OFD of a digital invoice: named values, and names only as tags that point at texts of the page."""
    sample = sample or Sample()
    title = "增值税专用发票" if sample.special else "普通发票"
    members: dict[str, bytes | str] = {
        "OFD.xml": custom_data(
            {
                "native-producer": "SuwellFormSDK",
                "发票号码": sample.number,
                "合计税额": yuan(sample.tax),
                "合计金额": yuan(sample.net),
                "开票日期": "{}年{}月{}日".format(*sample.issued.split("-")),
                "购买方纳税人识别号": sample.buyer_id,
                "销售方纳税人识别号": sample.seller_id,
            }
        ),
        "Doc_0/Document.xml": '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"/>',
        "Doc_0/Tags/CustomTag.xml": """<ofd:eInvoice xmlns:ofd="http://www.ofdspec.org/2016">
          <ofd:BuyerName><ofd:ObjectRef PageRef="1">41</ofd:ObjectRef></ofd:BuyerName>
          <ofd:SellerName><ofd:ObjectRef PageRef="1">42</ofd:ObjectRef></ofd:SellerName></ofd:eInvoice>""",
        "Doc_0/Pages/Page_0/Content.xml": f"""<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>
          <ofd:TextObject ID="40"><ofd:TextCode>电子发票</ofd:TextCode>
          <ofd:TextCode>（{title}）</ofd:TextCode></ofd:TextObject>
          <ofd:TextObject ID="41"><ofd:TextCode>{escape(sample.buyer)}</ofd:TextCode></ofd:TextObject>
          <ofd:TextObject ID="42"><ofd:TextCode>{escape(sample.seller)}</ofd:TextCode></ofd:TextObject>
          </ofd:Layer></ofd:Content></ofd:Page>""",
    }
    if attached:
        members["Doc_0/Attachs/invoice.xml"] = bureau_xml(sample)
    return zipped(members)


def old_ofd(sample: Sample | None = None) -> bytes:
    """An OFD of 2020: 12-digit code, 8-digit number, the 2019 schema attached."""
    sample = sample or Sample()
    goods = "".join(
        f"""<fp:GoodsInfo><fp:Item>{escape(line.name)}</fp:Item><fp:Specification>{line.spec}</fp:Specification>
        <fp:MeasurementDimension>{line.unit}</fp:MeasurementDimension><fp:Quantity>{line.quantity}</fp:Quantity>
        <fp:Price>{line.unit_price}</fp:Price><fp:Amount>{yuan(line.net)}</fp:Amount>
        <fp:TaxScheme>{line.rate // 100}%</fp:TaxScheme><fp:TaxAmount>{yuan(line.tax)}</fp:TaxAmount></fp:GoodsInfo>"""
        for line in sample.lines
    )
    attached = f"""<?xml version="1.0" encoding="UTF-8"?>
<fp:eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019" Version="1.0"><fp:DocID>x</fp:DocID>
<fp:InvoiceCode>044031900111</fp:InvoiceCode><fp:InvoiceNo>12345678</fp:InvoiceNo>
<fp:IssueDate>2020年08月05日</fp:IssueDate><fp:InvoiceCheckCode>16630282980991510014</fp:InvoiceCheckCode>
<fp:Buyer><fp:BuyerName>{escape(sample.buyer)}</fp:BuyerName><fp:BuyerTaxID>{sample.buyer_id}</fp:BuyerTaxID></fp:Buyer>
<fp:TaxInclusiveTotalAmount>{yuan(sample.gross)}</fp:TaxInclusiveTotalAmount><fp:Note>{sample.remark}</fp:Note>
<fp:Seller><fp:SellerName>{escape(sample.seller)}</fp:SellerName><fp:SellerTaxID>{sample.seller_id}</fp:SellerTaxID>
</fp:Seller><fp:TaxExclusiveTotalAmount>{yuan(sample.net)}</fp:TaxExclusiveTotalAmount>
<fp:TaxTotalAmount>{yuan(sample.tax)}</fp:TaxTotalAmount><fp:GoodsInfos>{goods}</fp:GoodsInfos></fp:eInvoice>"""
    values = {
        "发票代码": "044031900111",
        "发票号码": "12345678",
        "合计金额": yuan(sample.net),
        "价税合计": yuan(sample.gross),
        "开票日期": "2020年08月05日",
        "校验码": "16630282980991510014",
        "购买方名称": sample.buyer,
        "销售方名称": sample.seller,
    }
    return zipped({"OFD.xml": custom_data(values), "Doc_0/Attachs/original_invoice.xml": attached})


def qr_text(sample: Sample | None = None) -> str:
    sample = sample or Sample()
    kind = "31" if sample.special else "32"
    plain = f"01,{kind},,{sample.number},{yuan(sample.gross)},{sample.issued.replace('-', '')},"
    return f"{plain},{crc16(plain)}"


def qr_image(text: str, scale: int = 4) -> Image.Image:
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=scale)
    height, width = code.shape[:2]
    return Image.frombytes("L", (width, height), memoryview(code).tobytes())


def as_bytes(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def invoice_pdf(samples: Sequence[Sample], *, code: bool = True, text: bool = True, per_page: int = 1) -> bytes:
    """Pages laid out like digital invoices: buyer left, seller right, the code in the upper left corner."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    from qihua_desktop.reports import fonts

    # Registers the face: a second font object of the same face would take the place of the program's own.
    fonts.face()
    stream = io.BytesIO()
    height = 397
    canvas = Canvas(stream, pagesize=(595, height * per_page))
    for place, sample in enumerate(samples):
        canvas.setFont(fonts.REGULAR, 9)
        bottom = height * (per_page - 1 - place % per_page)
        if code:
            canvas.drawImage(ImageReader(qr_image(qr_text(sample))), 20, bottom + 320, 57, 57)
        if text:
            year, month, day = sample.issued.split("-")
            for x, y, words in (
                (220, 370, "电子发票（增值税专用发票）" if sample.special else "电子发票（普通发票）"),
                (420, 370, f"发票号码：{sample.number}"),
                (420, 355, f"开票日期：{year}年{month}月{day}日"),
                (40, 300, f"名称：{sample.buyer}"),
                (40, 280, f"统一社会信用代码/纳税人识别号：{sample.buyer_id}"),
                (320, 300, f"名称：{sample.seller}"),
                (320, 280, f"统一社会信用代码/纳税人识别号：{sample.seller_id}"),
                (40, 250, "项目名称"),
                (40, 230, sample.lines[0].name),
                (40, 130, "合　　计"),
                (380, 130, f"¥{yuan(sample.net)}"),
                (500, 130, f"¥{yuan(sample.tax)}"),
                (40, 110, f"价税合计（大写） {capital(sample.gross)}"),
                (380, 110, f"（小写）¥{yuan(sample.gross)}"),
                (40, 80, f"备注 {sample.remark}"),
            ):
                canvas.drawString(x, bottom + y, words)
        if place % per_page == per_page - 1:
            canvas.showPage()
    canvas.save()
    return stream.getvalue()


def numbered(count: int) -> list[Sample]:
    return [replace(Sample(), number=f"2644{place:016d}") for place in range(1, count + 1)]
