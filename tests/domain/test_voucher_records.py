"""Which vouchers are the same, whatever the order and number of them."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.invoice import InvoiceKind, InvoiceSource
from qihua_desktop.domain.voucher_records import DuplicateKind, find_duplicates, keys_of, soft_key_of
from qihua_desktop.domain.vouchers import Voucher, VoucherState
from tests.domain.money_rows import voucher

_NUMBERS = ("", "26310000000000000001", "26310000000000000002")
_FILES = ("", "aa", "bb")
_ATTACHED = (None, new_id(), new_id())
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(_NUMBERS), st.sampled_from(_FILES), st.sampled_from(_ATTACHED), st.sampled_from([500, 700]),
        st.sampled_from(VoucherState),
    ),
    max_size=8,
)  # fmt: skip


def _made(row: tuple[str, str, bytes | None, int, VoucherState]) -> Voucher:
    number, digest, attached, gross, state = row
    return voucher(
        gross, state, id=new_id(), number=number, duplicate_key=number, file_sha256=digest, attachment_id=attached,
        seller_name="老张文印", issued_on=date(2026, 8, 1), invoice_kind=InvoiceKind.DIGITAL_ORDINARY.value,
        source=InvoiceSource.XML.value,
    )  # fmt: skip


def _kind(one: Voucher, other: Voucher) -> DuplicateKind | None:
    """What a pair is by the rule itself."""
    if one.id == other.id or other.state is VoucherState.REJECTED:
        return None
    if set(keys_of(one)) & set(keys_of(other)):
        return DuplicateKind.NUMBER
    if keys_of(one) and keys_of(other):
        return None
    apart = one.attachment_id is None or one.attachment_id != other.attachment_id
    if one.file_sha256 and one.file_sha256 == other.file_sha256 and apart:
        return DuplicateKind.FILE
    return DuplicateKind.SIMILAR if soft_key_of(one) == soft_key_of(other) else None


@settings(max_examples=150, deadline=None)
@given(_ROWS)
def test_every_pair_is_judged_by_number_then_file_then_look(
    rows: list[tuple[str, str, bytes | None, int, VoucherState]],
) -> None:
    made = [_made(row) for row in rows]
    found = find_duplicates(made, made)
    for one in made:
        wanted = {other.id: kind for other in made if (kind := _kind(one, other)) is not None}
        assert {same.other.id: same.kind for same in found.get(one.id, ())} == wanted


def test_numbered_invoices_of_one_seller_day_and_amount_are_not_alike() -> None:
    made = [_made((f"2631{place:016d}", "", None, 500, VoucherState.PENDING)) for place in range(4_000)]
    receipt = _made(("", "", None, 500, VoucherState.PENDING))
    found = find_duplicates([*made, receipt], [*made, receipt])
    assert all([same.other.id for same in found[one.id]] == [receipt.id] for one in made)
    assert len(found[receipt.id]) == len(made)
