"""Whatever is imported, accepted, rejected and undone: no two accepted vouchers are the same invoice."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from itertools import combinations
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import tables
from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.invoice import InvoiceKind, ParsedInvoice
from qihua_desktop.domain.voucher_records import keys_of
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.services import vouchers
from tests.services.voucher_samples import VoucherSample, invoice, open_voucher_sample, read

_CODE, _PAPER = "3100261130", "01234567"
_INVOICES: tuple[ParsedInvoice, ...] = (
    invoice(1),
    invoice(2),
    invoice(3, kind=InvoiceKind.PAPER_DIGITAL_SPECIAL, code=_CODE, paper_number=_PAPER),
    invoice(0, number=_PAPER, code=_CODE, kind=InvoiceKind.SPECIAL),
    invoice(4, -106_000),
    ParsedInvoice("", kind=InvoiceKind.OTHER, gross=500, issued_on="2026-08-01"),
)
_STEP = st.one_of(
    st.tuples(st.just("import"), st.lists(st.integers(0, len(_INVOICES) - 1), min_size=1, max_size=3), st.booleans()),
    st.tuples(st.sampled_from(["accept", "reject", "reopen", "delete"]), st.integers(0, 20), st.booleans()),
    st.tuples(st.sampled_from(["undo", "redo", "split"]), st.integers(0, 20), st.booleans()),
)


def _step(sample: VoucherSample, name: str, value: int | list[int], *, flag: bool) -> None:
    session = sample.session
    if isinstance(value, list):
        where = sample.other if flag else sample.project
        files = [read(_INVOICES[at], f"file {at}".encode()) for at in value]
        vouchers.store_read(session, where, files, sample.first_line(where))
        return
    if name == "undo":
        session.undo()
        return
    if name == "redo":
        session.redo()
        return
    known = tables.vouchers.all(session.workspace)
    if not known:
        return
    chosen = known[value % len(known)]
    if name == "accept":
        vouchers.accept(session, [chosen.id])
    elif name == "reject":
        vouchers.reject(session, chosen.id, "退回")
    elif name == "reopen":
        vouchers.reopen(session, chosen.id)
    elif name == "delete":
        vouchers.delete_voucher(session, chosen.id)
    else:
        line = sample.first_line(chosen.project_id)
        part = chosen.gross // 3
        rest = chosen.gross - part - (1 if flag else 0)
        vouchers.assign(session, chosen.id, [(line, None, part), (line, None, rest)])


def _check(sample: VoucherSample) -> None:
    workspace = sample.session.workspace
    accepted = tables.vouchers.all(workspace, state=VoucherState.ACCEPTED)
    for one, other in combinations(accepted, 2):
        assert not set(keys_of(one)) & set(keys_of(other))
    shares: dict[bytes, int] = {}
    for share in tables.voucher_shares.all(workspace):
        shares[share.voucher_id] = shares.get(share.voucher_id, 0) + share.gross
    for one in accepted:
        assert shares[one.id] == one.gross


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(_STEP, max_size=14))
def test_no_sequence_of_steps_accepts_an_invoice_twice(steps: list[tuple[str, int | list[int], bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sample = open_voucher_sample(Path(folder))
        start = sample.rows()
        for name, value, flag in steps:
            if name == "undo" and sample.rows() == start:
                continue  # the projects themselves stay
            with suppress(QihuaError):
                _step(sample, name, value, flag=flag)
            _check(sample)
        while sample.session.undo_label() and sample.rows() != start:
            sample.session.undo()
            _check(sample)
        sample.session.workspace.close()
