"""The finance pack: stopped by compliance in words, originals byte for byte, hashes and XML of what is inside."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qihua_desktop.domain.errors import RuleError
from qihua_desktop.reports.finance_pack import finance_pack
from qihua_desktop.reports.voucher_archive import VoucherArchive, metadata_xml, voucher_archive
from qihua_desktop.services import claims, vouchers
from tests.services.voucher_samples import VoucherSample, invoice, open_voucher_sample, read


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[VoucherSample]:
    made = open_voucher_sample(tmp_path)
    yield made
    made.session.workspace.close()


def put(sample: VoucherSample, *files: object) -> tuple[bytes, ...]:
    """Import files onto the first line and accept them."""
    report = vouchers.store_read(sample.session, sample.project, list(files), sample.first_line(sample.project))  # type: ignore[arg-type]
    vouchers.accept(sample.session, report.voucher_ids)
    return report.voucher_ids


def test_originals_of_accepted_vouchers_are_in_the_pack_byte_for_byte(sample: VoucherSample, tmp_path: Path) -> None:
    data = bytes(range(256)) * 3 + b"\r\n<EInvoice/>\x00"
    put(sample, read(invoice(1), data), read(invoice(3)))
    vouchers.store_read(sample.session, sample.project, [read(invoice(5), b"waits")], None)
    pack = finance_pack(sample.session, sample.project).render()
    originals = {file.name: file.data for file in pack.files if file.name.startswith("原件/")}
    assert len(originals) == 2
    assert data in originals.values()
    assert b"waits" not in originals.values()
    zipped = zipfile.ZipFile(pack.write_zip(tmp_path / "p.zip"))
    folder = pack.write_folder(tmp_path)
    listed = zipped.read("目录.txt").decode("utf-8-sig")
    for file in pack.files:
        assert zipped.read(file.name) == file.data == (folder / file.name).read_bytes()
        if file.name != "目录.txt":
            assert f"{hashlib.sha256(file.data).hexdigest()}  {file.name}" in listed


def test_the_xml_names_every_file_and_voucher(sample: VoucherSample) -> None:
    (voucher_id, *_rest) = put(sample, read(invoice(1)), read(invoice(3, -53_000)))
    assert sample.session.actor is not None
    claims.add_claim(sample.session, sample.project, claims.ClaimDraft(sample.session.actor.id, "物料", (voucher_id,)))
    pack = finance_pack(sample.session, sample.project).render()
    files = {file.name: file.data for file in pack.files}
    root = ElementTree.fromstring(files["元数据.xml"])
    for one in root.iterfind("Files/File"):
        assert one.text is not None
        assert one.get("sha256") == hashlib.sha256(files[one.text]).hexdigest()
    assert len(root.findall("Files/File")) == len(files) - 2, "all but itself and the list"
    amounts = [one.findtext("AmountWithTax") for one in root.iterfind("Vouchers/Voucher")]
    assert amounts == ["1060.00", "-530.00"]
    assert root.findtext("Vouchers/Voucher/ExpenseClaim") == "BX-2026-0001"
    assert root.findtext("Vouchers/Voucher/Number") == invoice(1).number
    assert sum(name.endswith(".pdf") for name in files) == 5, files


def test_hostile_texts_and_file_names_stay_texts_and_inside_the_folder(sample: VoucherSample, tmp_path: Path) -> None:
    from dataclasses import replace

    seller = '</SellerName><x a="1">&#0;\x01\ud7ff𬭼]]>'
    put(sample, replace(read(invoice(1, seller_name=seller)), name="../../a<b>|c.x/m:l"))
    archive = voucher_archive(sample.session, sample.project)
    (original,) = archive.originals
    assert original.name.count("/") == 1
    assert ".." not in Path(original.name).parts
    root = ElementTree.fromstring(metadata_xml((("Name", seller),), archive, archive.originals))
    assert (root.findtext("Pack/Name") or "").replace("\ufffd", "\x01") == seller
    folder = finance_pack(sample.session, sample.project).render().write_folder(tmp_path / "out")
    assert all(path.resolve().is_relative_to(folder.resolve()) for path in (tmp_path / "out").rglob("*"))


def test_a_broken_rule_stops_the_pack_and_says_which_and_what_to_do(sample: VoucherSample) -> None:
    put(sample, read(invoice(1, issued_on="2019-03-01")))
    with pytest.raises(RuleError) as caught:
        finance_pack(sample.session, sample.project)
    assert "资料包" in caught.value.message
    assert any(invoice(1).number in line for line in caught.value.details)


def test_without_vouchers_the_pack_says_what_it_lacks(sample: VoucherSample) -> None:
    task = finance_pack(sample.session, sample.project)
    assert any("预算执行报告" in reason for reason in task.missing)
    assert task.archive == VoucherArchive()
