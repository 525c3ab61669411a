"""Steps on the tab of quotes and contracts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from qihua_desktop.services import contracts, quotes
from qihua_desktop.services.contracts import ContractDraft
from qihua_desktop.services.quotes import QuoteDraft
from tests.services.money_samples import DAY, add_supplier


def open_tab(window):
    window.host.show_tab("procurement")
    QApplication.processEvents()
    return window.host.current_tab()


def add_three(window, tab, line_id):
    """Add three quotes: 38,500, 39,000 and 41,000."""
    made = [
        quotes.add_quote(window.session, line_id, QuoteDraft(None, gross, 1300, supplier_name=name))
        for name, gross in (("华彩礼品", 3_850_000), ("江南礼坊", 3_900_000), ("云上文创", 4_100_000))
    ]
    tab.reveal(line_id)
    QApplication.processEvents()
    return made


def signed(window, line_id, gross=3_850_000, **fields):
    supplier = add_supplier(window.session, "华彩礼品有限公司")
    draft = ContractDraft(line_id, supplier, "礼品采购合同", gross, 1300, **({"signed_on": DAY} | fields))
    return contracts.add_contract(window.session, draft)


def line_of(tab, name):
    return next(row for row in tab.found.lines if row.name == name)


def do(tab, key):
    tab.commands.registry.trigger(f"budget.procurement.{key}")
    QApplication.processEvents()


def allowed(tab, key):
    return tab.commands.registry.get(f"budget.procurement.{key}").isEnabled()


def cell(card, row, key):
    return card.model.index(row, card.model.column_number(key))


def enter(window, card, row, key, text):
    """Edit a cell with the keyboard."""
    index = cell(card, row, key)
    card.table.setFocus()
    card.table.setCurrentIndex(index)
    window.qtbot.keyClick(card.table, Qt.Key.Key_Return)
    editor = next(one for one in card.table.viewport().findChildren(QLineEdit) if one.isVisible())
    editor.selectAll()
    if text:
        window.write(editor, text)
    else:
        window.qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    window.qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def fill(field, text):
    field.setText(text)
    field.setModified(True)
