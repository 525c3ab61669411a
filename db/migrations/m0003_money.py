"""The money after the allocation: suppliers, quotes, contracts, vouchers, annual pools, execution and waivers."""

from __future__ import annotations

import apsw

_ID = "id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16)"
_PROJECT = "project_id BLOB NOT NULL REFERENCES project(id) ON DELETE CASCADE"


def _reference(column: str, table: str, action: str = "SET NULL", null: str = "") -> str:
    return f"{column} BLOB {null} REFERENCES {table}(id) ON DELETE {action}"


_TABLES = (
    f"""CREATE TABLE supplier ({_ID}, name TEXT NOT NULL, tax_id TEXT NOT NULL, category TEXT NOT NULL,
        contact TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, bank TEXT NOT NULL, account TEXT NOT NULL,
        notes TEXT NOT NULL, active INTEGER NOT NULL CHECK (active IN (0, 1)), created_ms INTEGER NOT NULL)
        STRICT""",
    f"""CREATE TABLE quote ({_ID}, {_PROJECT}, {_reference("line_id", "budget_line")},
        {_reference("supplier_id", "supplier", "NO ACTION", "NOT NULL")}, gross INTEGER NOT NULL CHECK (gross >= 0),
        tax_rate INTEGER NOT NULL, received_on TEXT, valid_until TEXT,
        chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)), reason TEXT NOT NULL, notes TEXT NOT NULL,
        created_ms INTEGER NOT NULL)
        STRICT""",
    f"""CREATE TABLE contract ({_ID}, {_PROJECT}, {_reference("line_id", "budget_line")},
        {_reference("supplier_id", "supplier", "NO ACTION", "NOT NULL")}, {_reference("quote_id", "quote")},
        position INTEGER NOT NULL, number TEXT NOT NULL, title TEXT NOT NULL,
        gross INTEGER NOT NULL CHECK (gross >= 0), tax_rate INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('draft', 'signed', 'finished', 'cancelled')), signed_on TEXT,
        unavoidable INTEGER NOT NULL CHECK (unavoidable >= 0), notes TEXT NOT NULL, created_ms INTEGER NOT NULL)
        STRICT""",
    f"""CREATE TABLE expense_claim ({_ID}, {_PROJECT}, number TEXT NOT NULL, department TEXT NOT NULL,
        {_reference("claimant_id", "person")}, claimant TEXT NOT NULL, claimed_on TEXT NOT NULL, purpose TEXT NOT NULL,
        advance INTEGER NOT NULL CHECK (advance >= 0),
        state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'paid')), paid_on TEXT, notes TEXT NOT NULL,
        created_ms INTEGER NOT NULL)
        STRICT""",
    f"""CREATE TABLE voucher ({_ID}, {_PROJECT}, {_reference("supplier_id", "supplier")},
        {_reference("claim_id", "expense_claim")}, {_reference("attachment_id", "attachment")},
        state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'rejected')), invoice_kind TEXT NOT NULL,
        source TEXT NOT NULL, number TEXT NOT NULL, code TEXT NOT NULL, duplicate_key TEXT NOT NULL, issued_on TEXT,
        seller_name TEXT NOT NULL, seller_tax_id TEXT NOT NULL, buyer_name TEXT NOT NULL, buyer_tax_id TEXT NOT NULL,
        currency TEXT NOT NULL, foreign_gross INTEGER NOT NULL, net INTEGER NOT NULL, tax INTEGER NOT NULL,
        gross INTEGER NOT NULL, capital TEXT NOT NULL, content TEXT NOT NULL, file_sha256 TEXT NOT NULL,
        red_of TEXT NOT NULL, item TEXT NOT NULL, purpose TEXT NOT NULL, reason TEXT NOT NULL,
        added_ms INTEGER NOT NULL, {_reference("added_by", "person")}, decided_ms INTEGER,
        {_reference("decided_by", "person")}) STRICT""",
    f"""CREATE TABLE voucher_share ({_ID}, {_PROJECT}, {_reference("voucher_id", "voucher", "CASCADE", "NOT NULL")},
        {_reference("line_id", "budget_line")}, {_reference("contract_id", "contract")}, position INTEGER NOT NULL,
        gross INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE payment ({_ID}, {_PROJECT}, {_reference("contract_id", "contract", "CASCADE")},
        {_reference("voucher_id", "voucher")}, position INTEGER NOT NULL, name TEXT NOT NULL, amount INTEGER NOT NULL,
        due_on TEXT, paid_on TEXT, paid INTEGER NOT NULL, notes TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE stock_item ({_ID}, name TEXT NOT NULL, spec TEXT NOT NULL, unit TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity >= 0), internal_price INTEGER NOT NULL CHECK (internal_price >= 0),
        location TEXT NOT NULL, {_reference("supplier_id", "supplier")}, notes TEXT NOT NULL,
        active INTEGER NOT NULL CHECK (active IN (0, 1)), created_ms INTEGER NOT NULL)
        STRICT""",
    f"""CREATE TABLE stock_use ({_ID}, {_PROJECT}, {_reference("line_id", "budget_line")},
        {_reference("item_id", "stock_item", "NO ACTION", "NOT NULL")}, position INTEGER NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity >= 0), unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
        from_on TEXT, until_on TEXT, state TEXT NOT NULL CHECK (state IN ('reserved', 'out', 'returned')),
        notes TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE annual_pool ({_ID}, year INTEGER NOT NULL, name TEXT NOT NULL,
        amount INTEGER NOT NULL CHECK (amount >= 0),
        level TEXT NOT NULL CHECK (level IN ('ignore', 'warn', 'explain', 'stop')), notes TEXT NOT NULL,
        position INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE pool_adjustment ({_ID}, {_reference("pool_id", "annual_pool", "CASCADE", "NOT NULL")},
        amount INTEGER NOT NULL, reason TEXT NOT NULL, {_reference("made_by", "person")}, made_ms INTEGER NOT NULL)
        STRICT""",
    f"""CREATE TABLE pool_exception ({_ID}, {_PROJECT}, {_reference("pool_id", "annual_pool", "CASCADE", "NOT NULL")},
        allowed INTEGER NOT NULL CHECK (allowed >= 0), reason TEXT NOT NULL,
        {_reference("signed_by", "person", "NO ACTION", "NOT NULL")}, signed_ms INTEGER NOT NULL,
        content_sha256 TEXT NOT NULL CHECK (length(content_sha256) = 64)) STRICT""",
    f"""CREATE TABLE reserve_release ({_ID}, {_PROJECT}, {_reference("reserve_line_id", "budget_line")},
        {_reference("line_id", "budget_line")}, amount INTEGER NOT NULL CHECK (amount >= 0), code TEXT NOT NULL,
        reason TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'refused')),
        {_reference("requested_by", "person")}, requested_ms INTEGER NOT NULL, {_reference("decided_by", "person")},
        decided_ms INTEGER, note TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE line_forecast ({_ID}, {_PROJECT},
        line_id BLOB NOT NULL UNIQUE REFERENCES budget_line(id) ON DELETE CASCADE,
        to_go INTEGER NOT NULL CHECK (to_go >= 0), basis TEXT NOT NULL, {_reference("made_by", "person")},
        made_ms INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE deviation_reason ({_ID}, {_PROJECT}, {_reference("line_id", "budget_line", "CASCADE")},
        code TEXT NOT NULL, text TEXT NOT NULL, {_reference("made_by", "person")}, made_ms INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE outcome_basis ({_ID}, project_id BLOB NOT NULL UNIQUE REFERENCES project(id) ON DELETE CASCADE,
        guests_planned INTEGER NOT NULL, leads_planned INTEGER NOT NULL, income_planned INTEGER NOT NULL,
        method TEXT NOT NULL, fixed_ms INTEGER, {_reference("fixed_by", "person")}, guests_actual INTEGER,
        leads_actual INTEGER, income_actual INTEGER, notes TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE waiver ({_ID}, {_PROJECT}, rule TEXT NOT NULL, subject TEXT NOT NULL, inputs TEXT NOT NULL,
        reason TEXT NOT NULL, {_reference("waived_by", "person", "NO ACTION", "NOT NULL")},
        waived_ms INTEGER NOT NULL) STRICT""",
)

_COLUMNS = (
    f"ALTER TABLE budget ADD COLUMN {_reference('pool_id', 'annual_pool')}",
    f"ALTER TABLE budget_line ADD COLUMN {_reference('supplier_id', 'supplier')}",
    f"ALTER TABLE budget_line ADD COLUMN {_reference('pool_id', 'annual_pool')}",
)

_INDEXES = (
    "CREATE INDEX quote_project ON quote(project_id)",
    "CREATE INDEX quote_line ON quote(line_id)",
    "CREATE INDEX quote_supplier ON quote(supplier_id)",
    "CREATE INDEX contract_project ON contract(project_id)",
    "CREATE INDEX contract_line ON contract(line_id)",
    "CREATE INDEX contract_supplier ON contract(supplier_id)",
    "CREATE INDEX contract_quote ON contract(quote_id)",
    "CREATE INDEX expense_claim_project ON expense_claim(project_id)",
    "CREATE INDEX voucher_project ON voucher(project_id, added_ms)",
    "CREATE INDEX voucher_supplier ON voucher(supplier_id)",
    "CREATE INDEX voucher_claim ON voucher(claim_id)",
    "CREATE INDEX voucher_attachment ON voucher(attachment_id)",
    "CREATE INDEX voucher_key ON voucher(duplicate_key)",
    "CREATE INDEX voucher_file ON voucher(file_sha256)",
    "CREATE UNIQUE INDEX voucher_accepted_once ON voucher(duplicate_key)"
    " WHERE state = 'accepted' AND duplicate_key <> ''",
    "CREATE INDEX voucher_share_project ON voucher_share(project_id)",
    "CREATE INDEX voucher_share_voucher ON voucher_share(voucher_id)",
    "CREATE INDEX voucher_share_line ON voucher_share(line_id)",
    "CREATE INDEX voucher_share_contract ON voucher_share(contract_id)",
    "CREATE INDEX payment_project ON payment(project_id)",
    "CREATE INDEX payment_contract ON payment(contract_id)",
    "CREATE INDEX payment_voucher ON payment(voucher_id)",
    "CREATE INDEX stock_item_supplier ON stock_item(supplier_id)",
    "CREATE INDEX stock_use_project ON stock_use(project_id)",
    "CREATE INDEX stock_use_line ON stock_use(line_id)",
    "CREATE INDEX stock_use_item ON stock_use(item_id)",
    "CREATE INDEX pool_adjustment_pool ON pool_adjustment(pool_id)",
    "CREATE INDEX pool_exception_project ON pool_exception(project_id)",
    "CREATE INDEX pool_exception_pool ON pool_exception(pool_id)",
    "CREATE INDEX reserve_release_project ON reserve_release(project_id)",
    "CREATE INDEX reserve_release_line ON reserve_release(line_id)",
    "CREATE INDEX reserve_release_reserve ON reserve_release(reserve_line_id)",
    "CREATE INDEX line_forecast_project ON line_forecast(project_id)",
    "CREATE INDEX deviation_reason_project ON deviation_reason(project_id)",
    "CREATE INDEX deviation_reason_line ON deviation_reason(line_id)",
    "CREATE INDEX waiver_project ON waiver(project_id)",
    "CREATE INDEX budget_pool ON budget(pool_id)",
    "CREATE INDEX budget_line_supplier ON budget_line(supplier_id)",
    "CREATE INDEX budget_line_pool ON budget_line(pool_id)",
)

_TRIGGERS = (
    """CREATE TRIGGER budget_version_frozen BEFORE UPDATE OF number, total, content, sha256 ON budget_version
        BEGIN SELECT RAISE(ABORT, 'a submitted budget cannot be changed'); END""",
)


def apply(connection: apsw.Connection) -> None:
    """Create the tables of money, the references of lines to suppliers and pools, and their indexes."""
    for statement in (*_TABLES, *_COLUMNS, *_INDEXES, *_TRIGGERS):
        connection.execute(statement)
