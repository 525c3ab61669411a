"""One event's money in the real window: split, approved, bought, invoiced, overspent, reported; then all taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qihua_desktop import app
from qihua_desktop.domain.allocation import net_amount
from qihua_desktop.domain.budget import BudgetState, LineLock
from qihua_desktop.domain.execution import DeviationCode, ReleaseState, deviation_label
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.money import capital_amount
from qihua_desktop.domain.people import Person
from qihua_desktop.domain.procurement import ContractState
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.services import budget_view, ledger, reserve, vouchers
from qihua_desktop.services.session import Session
from qihua_desktop.services.settings import CompanyProfile, save_company
from tests.exchange.invoices.invoice_files import (
    COMPANY,
    COMPANY_ID,
    Line,
    Sample,
    as_bytes,
    bureau_xml,
    digital_ofd,
    invoice_pdf,
    qr_image,
    qr_text,
    yuan,
)
from tests.ui.real_window import NOW, PIN, content, page, sign, staff, submit, type_chinese, wizard_makes_event
from ui.budget.page import BudgetPage
from ui.common.dialogs import scripted
from ui.shell.main_window import MainWindow
from ui.shell.preview_window import PreviewWindow

NONE, CTRL, LEFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
VENUE, TRAVEL, PROMOTION, GIFTS = "场地租赁", "差旅与住宿", "传播投放", "伴手礼"
RESERVE = "应急预备金"
REASON = "嘉宾改签，往返机票与酒店上涨"
CATEGORY = {VENUE: "场地费", GIFTS: "物料费", TRAVEL: "嘉宾费"}
SHARES = (("场地费", 3000), ("物料费", 2500), ("嘉宾费", 2000), ("传播投放", 1500), (RESERVE, 1000))
COPY = "场地定金-补发.pdf"
WRONG = "伴手礼.xml"
BOOKED = (
    ("场地定金.xml", VENUE, 2_640_000, 900),
    ("场地尾款.ofd", VENUE, 6_160_000, 900),
    ("机票.pdf", TRAVEL, 2_100_000, 600),
    ("酒店.png", TRAVEL, 2_000_033, 600),
    ("接送.xml", TRAVEL, 2_199_967, 300),
    ("投放.ofd", PROMOTION, 1_234_567, 600),
)
"""File, line, gross and tax rate of the good invoices; those of the travel are 5 % more than its 60,000."""


@dataclass
class Story:
    """The window, and what a person does in it."""

    window: MainWindow
    qtbot: QtBot
    folder: Path
    project_id: EntityId

    @property
    def session(self) -> Session:
        return self.window.context.session

    @property
    def host(self) -> BudgetPage:
        return page(self.window, "budget")

    @property
    def view(self) -> budget_view.BudgetView:
        return budget_view.load_budget(self.session, self.project_id)

    def tab(self, key: str) -> Any:
        """Bring the window and a tab of the budget to the front."""
        to_front(self.window)
        self.window.show_page("budget")
        self.host.actions_of_page.trigger(f"budget.tab.{key}")
        QApplication.processEvents()
        return self.host.current_tab()

    def row(self, name: str) -> Any:
        return next(row for row in self.view.lines if row.line.name == name)

    def line(self, name: str) -> EntityId:
        return self.row(name).line.id

    def require_exact(self) -> None:
        """Every row is the sum of the rows below it, the total that of the categories."""
        view = self.view
        rows = [row.line for row in view.lines]
        assert sum(row.amount for row in rows if row.parent_id is None) == view.budget.total
        for row in rows:
            below = [one.amount for one in rows if one.parent_id == row.id]
            assert not below or sum(below) == row.amount
        assert sum(row.share for row in view.categories) == 10_000


def to_front(window: QWidget) -> None:
    """Make a window the active one again; closed menus and forms leave none here."""
    window.activateWindow()
    QApplication.processEvents()
    assert window.isActiveWindow()


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press a key in a widget that has the focus."""
    to_front(widget.window())
    widget.setFocus()
    QTest.keyClick(widget, key, modifiers)
    QApplication.processEvents()


def write(field: QWidget, text: str) -> None:
    """Type a text; what no key stands for arrives as from an input method."""
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        type_chinese(field, text)


def retype(field: Any, text: str) -> None:
    """Replace what a field says."""
    field.setFocus()
    field.selectAll()
    write(field, text)


def enter_cell(view: Any, index: Any, text: str) -> None:
    """Open a cell with Return, type, and leave it with Return."""
    view.setCurrentIndex(index)
    press(view, Qt.Key.Key_Return)
    editor = [one for one in view.viewport().findChildren(QLineEdit) if one.isVisible()][-1]
    retype(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def filled(steps: Callable[[Any], None]) -> Callable[[Any], bool]:
    """Return the answer to a form: fill it in, accept it, and it must have been taken."""

    def answer(form: Any) -> bool:
        steps(form)
        form.accept()
        assert form.problem() == ""
        return form.result() == 1

    return answer


# --- the split ---


def type_share(story: Story, name: str, text: str) -> None:
    tab = story.host.allocation
    index = tab.model.index_of(story.line(name), tab.model.column_number("share"))
    enter_cell(tab.tree, index, text)
    story.require_exact()


def choose_lock(story: Story, name: str, lock: LineLock) -> None:
    """Open the menu of locks with its keys and choose one with Return."""
    tab = story.host.allocation
    tab.tree.select_identity(story.line(name))
    press(tab.tree, Qt.Key.Key_L, CTRL)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.setActiveAction(next(one for one in menu.actions() if one.data() == lock))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert story.row(name).line.lock is lock
    story.require_exact()


def refuse_a_share(story: Story, name: str, text: str) -> None:
    """With every other share locked another one cannot be typed: the editor stays open and names the locks."""
    tab, before = story.host.allocation, story.view
    index = tab.model.index_of(story.line(name), tab.model.column_number("share"))
    enter_cell(tab.tree, index, text)
    editor = next(one for one in tab.tree.viewport().findChildren(QLineEdit) if one.isVisible())
    assert RESERVE in editor.accessibleDescription()
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert story.view == before


def split_the_budget(story: Story) -> None:
    """500,000 become 600,000, the reserve is locked, one share moves the others; then 30/25/20/15/10."""
    tab = story.tab("allocation")
    choose_lock(story, RESERVE, LineLock.FREE)
    type_share(story, RESERVE, "8")
    total = tab.total_row.total
    retype(total, "200000*3")
    QTest.keyClick(total, Qt.Key.Key_Return)
    story.require_exact()
    assert story.view.budget.total == 60_000_000
    type_share(story, RESERVE, "10")
    choose_lock(story, RESERVE, LineLock.PERCENT)
    type_share(story, "场地费", "33.33")
    assert story.row("场地费").line.amount == 19_998_000
    assert story.row(RESERVE).line.amount == 6_000_000, "the lock holds while the others make room"
    for name, share in SHARES[:3]:
        type_share(story, name, f"{share / 100:g}")
        choose_lock(story, name, LineLock.PERCENT)
    refuse_a_share(story, PROMOTION, "20")
    for name, share in SHARES:
        assert (story.row(name).share, story.row(name).line.amount) == (share, 6_000 * share)
    for name in (VENUE, GIFTS, TRAVEL):
        type_share(story, name, "100/2")
        assert story.row(name).line.amount * 2 == story.row(CATEGORY[name]).line.amount
    for name, _share in SHARES[:3]:
        choose_lock(story, name, LineLock.FREE)
    assert story.row(RESERVE).line.lock is LineLock.PERCENT
    assert tab.allocation.chip.chip_text() == "全部分配"
    assert tab.total_row.capital.full_text() == "人民币陆拾万元整"


def approve(story: Story, team: dict[str, Person]) -> None:
    submit(story.window, [team["何静"], team["沈知远"]])
    for name in ("何静", "沈知远"):
        sign(story.window, team[name], story.qtbot)
    story.window.context.choose_actor(team["林晓岚"])
    assert story.view.budget.state is BudgetState.APPROVED


# --- quotes and the contract ---


def add_quote(story: Story, tab: Any, supplier: str, gross: str) -> None:
    def fill(form: Any) -> None:
        retype(form.supplier, supplier)
        retype(form.gross, gross)
        retype(form.tax_rate, "9")

    with scripted([filled(fill)]):
        press(tab.lines.table, Qt.Key.Key_Insert)
    QApplication.processEvents()


def choose_quotes(story: Story) -> None:
    """Three quotes; the dearest is refused without a reason, the lowest needs none."""
    tab = story.tab("procurement")
    assert any(row.name == VENUE and row.is_open for row in tab.found.lines), "90,000 ask for three quotes"
    for supplier, gross in (("静安会展中心", "90500"), ("恒隆物业", "88000"), ("云上空间", "9.5万")):
        tab.reveal(story.line(VENUE))
        add_quote(story, tab, supplier, gross)
    rows = {row.quote.gross: row.quote.id for row in tab.quotes.model.rows}
    assert list(rows) == [8_800_000, 9_050_000, 9_500_000]

    def refuse(form: Any) -> bool:
        form.accept()
        assert "理由" in form.problem()
        return False

    tab.reveal(rows[9_500_000])
    with scripted([refuse]):
        press(tab.quotes.table, Qt.Key.Key_C, CTRL | SHIFT)
    assert not any(row.quote.chosen for row in tab.quotes.model.rows)
    tab.reveal(rows[8_800_000])
    press(tab.quotes.table, Qt.Key.Key_C, CTRL | SHIFT)
    QApplication.processEvents()
    assert tab.current_quote().quote.chosen


def sign_the_contract(story: Story) -> None:
    """The contract takes the quote's figures, a payment plan of 30/70 and its day of signing."""
    tab: Any = story.host.current_tab()

    def fill(form: Any) -> None:
        assert (form.gross.fen(), form.supplier.text()) == (8_800_000, "恒隆物业")
        retype(form.number, "QH-HT-2026-031")
        form.plan.select((3_000, 7_000))

    with scripted([filled(fill)]):
        press(tab.quotes.table, Qt.Key.Key_G, CTRL | SHIFT)
    QApplication.processEvents()
    with scripted([NOW.date()]):
        press(tab.contracts.table, Qt.Key.Key_J, CTRL | SHIFT)
    QApplication.processEvents()
    view = tab.current_contract()
    assert (view.contract.state, view.open) == (ContractState.SIGNED, 8_800_000)
    assert [one.amount for one in view.payments] == [2_640_000, 6_160_000]
    assert ledger.load_ledger(story.session, story.project_id).rows[story.line(VENUE)].open_commitment == 8_800_000


# --- invoices ---


def invoice(serial: int, gross: int, rate: int, **fields: Any) -> Sample:
    net = net_amount(gross, rate)
    items = (Line("*会展服务*会议服务", net, gross - net, rate, unit_price=yuan(net)),)
    return Sample(number=f"2631{serial:016d}", issued="2026-08-02", lines=items, **fields)


def invoice_files(folder: Path) -> list[Path]:
    """Write eight files: six good invoices, the first again as a PDF, and one made out to another company."""
    made: list[tuple[str, bytes]] = []
    for serial, (name, _line, gross, rate) in enumerate(BOOKED, start=1):
        sample = invoice(serial, gross, rate)
        match name.rsplit(".", 1)[1]:
            case "xml":
                data = bureau_xml(sample)
            case "ofd":
                data = digital_ofd(sample)
            case "pdf":
                data = invoice_pdf([sample])
            case _:
                data = as_bytes(qr_image(qr_text(sample)))
        made.append((name, data))
    made.append((COPY, invoice_pdf([invoice(1, BOOKED[0][2], BOOKED[0][3])])))
    other = invoice(8, 1_130_000, 1_300, buyer="上海青禾文化传播有限公司", buyer_id="91310000MA1FL0QH11")
    made.append((WRONG, bureau_xml(other)))
    for name, data in made:
        (folder / name).write_bytes(data)
    return [folder / name for name, _data in made]


def drop(story: Story, tab: Any, paths: Sequence[Path]) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    entering = QDragEnterEvent(QPoint(50, 300), Qt.DropAction.CopyAction, mime, LEFT, NONE)
    QApplication.sendEvent(tab, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(tab, QDropEvent(QPointF(50, 300), Qt.DropAction.CopyAction, mime, LEFT, NONE))
    story.qtbot.waitUntil(lambda: tab.job is None, timeout=30_000)
    QApplication.processEvents()


def book(tab: Any, line_id: EntityId) -> None:
    """Choose the line of the voucher shown and accept it with the keyboard."""
    box = tab.vouchers.detail.shares.rows[0].line
    box.select(line_id)
    box.activated.emit(box.currentIndex())
    QApplication.processEvents()
    press(tab.vouchers.table, Qt.Key.Key_Return, CTRL)


def take_in_invoices(story: Story) -> None:
    """Eight files in one drop: six are booked, the copy is refused as 重复, the wrong buyer rejected with a reason."""
    tab = story.tab("vouchers")
    before = content(story.session)
    paths = invoice_files(story.folder)
    drop(story, tab, paths)
    pane = tab.vouchers
    assert len(pane.model.rows) == 8
    assert "重复 1 张" in tab.result.summary.chip_text()
    story.window.undo()
    assert content(story.session) == before, "the whole drop is one step"
    story.window.redo()
    for row, path in zip(pane.model.rows, paths, strict=True):
        assert vouchers.original_bytes(story.session, row.voucher.id) == path.read_bytes(), "kept to the byte"
    rows = {serial: row.voucher.id for serial, row in enumerate(pane.model.rows, start=1)}
    order = [row.voucher.number[-2:] for row in pane.model.rows]
    assert order == ["01", "02", "03", "04", "05", "06", "01", "08"]
    for serial, (_name, line_name, gross, _rate) in enumerate(BOOKED, start=1):
        assert pane.select(rows[serial])
        book(tab, story.line(line_name))
        row = pane.model.rows[serial - 1]
        assert (row.voucher.state, row.voucher.gross) == (VoucherState.ACCEPTED, gross), tab.problem.message()
    refuse_the_copy(story, tab, rows[7])
    reject_the_wrong_buyer(tab, rows[8])


def refuse_the_copy(story: Story, tab: Any, voucher_id: EntityId) -> None:
    pane = tab.vouchers
    assert pane.select(voucher_id)
    row = pane.model.rows[6]
    assert row.is_duplicate
    index = pane.model.index_of(voucher_id, pane.model.column_number("checks"))
    assert index.data() == "重复"
    book(tab, story.line(VENUE))
    assert pane.model.rows[6].voucher.state is VoucherState.PENDING
    assert row.voucher.number in tab.problem.message()


def reject_the_wrong_buyer(tab: Any, voucher_id: EntityId) -> None:
    pane = tab.vouchers
    assert pane.select(voucher_id)
    check = next(one for one in pane.detail.checks.checks if one.title.startswith("购买方"))
    assert check.outcome == "failed"
    with scripted(["购买方有误，退回重开"]):
        QTest.mouseClick(pane.detail.reject_button, LEFT)
    QApplication.processEvents()
    voucher = pane.model.rows[7].voucher
    assert (voucher.state, voucher.reason) == (VoucherState.REJECTED, "购买方有误，退回重开")


# --- the overspend ---


def execution_cell(tab: Any, line_id: EntityId, key: str) -> Any:
    return tab.model.index_of(line_id, tab.model.column_number(key))


def explain_the_overspend(story: Story) -> None:
    """+5 % on the guests' travel are shown, and explained with a code and words."""
    tab = story.tab("execution")
    travel = story.line(TRAVEL)
    assert execution_cell(tab, travel, "actual").data() == "63,000.00"
    assert execution_cell(tab, travel, "deviation").data() == "+3,000.00"
    assert execution_cell(tab, travel, "rate").data() == "+5.0%"
    tab.tree.setFocus()
    index = execution_cell(tab, travel, "code")
    tab.tree.setCurrentIndex(index)
    tab.tree.edit(index)
    QApplication.processEvents()
    box = next(one for one in tab.tree.viewport().findChildren(QComboBox) if one.isVisible())
    at = next(at for at in range(box.count()) if box.itemText(at).startswith(DeviationCode.PRICE.value))
    box.setCurrentIndex(at)
    box.activated.emit(at)
    QApplication.processEvents()
    editor = next(one for one in tab.tree.viewport().findChildren(QLineEdit) if one.isVisible())
    retype(editor, REASON)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert execution_cell(tab, travel, "text").data() == REASON
    assert execution_cell(tab, travel, "code").data().startswith(DeviationCode.PRICE.value)


def use_the_reserve(story: Story, director: Person) -> None:
    """3,000 of the reserve are asked for; a wrong PIN is refused, the director's releases them."""
    tab: Any = story.host.current_tab()
    travel = story.line(TRAVEL)
    tab.reveal(travel)

    def ask(form: Any) -> None:
        retype(form.amount, "1000*3")
        form.reason.set_text(REASON)

    def decide(form: Any) -> bool:
        assert form.person.currentText() == director.name
        retype(form.pin, "0000")
        form.accept()
        assert "口令" in form.problem()
        retype(form.pin, PIN)
        form.accept()
        return form.result() == 1

    with scripted([filled(ask)]):
        QTest.mouseClick(tab.use_button, LEFT)
    QApplication.processEvents()
    assert execution_cell(tab, travel, "released").data() == "0.00"
    with scripted([decide]):
        button = next(one for one in tab.reserve.findChildren(QPushButton) if one.text() == "审批…")
        QTest.mouseClick(button, LEFT)
    QApplication.processEvents()
    release = reserve.releases(story.session, story.project_id)[0].release
    assert (release.state, release.amount) == (ReleaseState.APPROVED, 300_000)
    assert execution_cell(tab, travel, "released").data() == "3,000.00"
    assert execution_cell(tab, travel, "deviation").data() == "0.00"
    assert tab.reserve.available.chip_text() == "可用 57,000.00"


# --- figures and the report ---


def require_figures_of_the_ledger(story: Story) -> None:
    """What both tabs say of every line is what the ledger says."""
    found = ledger.load_ledger(story.session, story.project_id)
    assert found.total.actual == sum(gross for _name, _line, gross, _rate in BOOKED)
    assert found.total.open_commitment == 0, "the invoices consumed the contract"
    executing = story.tab("execution")
    for line_id, one in found.rows.items():
        for key, value in (
            ("budget", one.budget), ("contracted", one.contracted), ("open", one.open_commitment),
            ("actual", one.actual), ("to_go", one.to_go), ("eac", one.eac),
        ):  # fmt: skip
            assert execution_cell(executing, line_id, key).data() == money_text(value)
    tab = story.tab("allocation")
    for line_id, one in found.rows.items():
        for key, value in (("amount", one.budget), ("committed", one.open_commitment + one.actual),
                           ("actual", one.actual)):  # fmt: skip
            assert execution_cell(tab, line_id, key).data() == money_text(value)
    assert tab.total_row.actual.full_text() == money_text(found.total.actual)


def export_the_report(story: Story) -> str:
    """Press the button, save the PDF from its preview, and return its text without blanks."""
    tab = story.tab("execution")
    target = story.folder / "执行报告.pdf"
    QTest.mouseClick(tab.report, LEFT)
    story.qtbot.waitUntil(lambda: bool(story.window.findChildren(PreviewWindow)), timeout=30_000)
    shown = story.window.findChildren(PreviewWindow)[0]
    with scripted([target]):
        shown.preview.save()
    shown.close()
    QApplication.processEvents()
    with pypdfium2.PdfDocument(target) as pdf:
        text = "".join(one.get_textpage().get_text_range() for one in pdf)
    return "".join(text.split())


def require_report(story: Story, text: str) -> None:
    found = ledger.load_ledger(story.session, story.project_id)
    for row in story.view.lines:
        figures = found.rows[row.line.id]
        assert row.line.name in text
        for value in (figures.budget, figures.actual, figures.eac):
            assert money_text(value) in text, (row.line.name, value)
    total = found.total
    for value in (total.budget, total.actual, total.eac, total.contracted):
        assert money_text(value) in text
    for value in (total.budget, total.actual, total.eac):
        assert capital_amount(value, prefix=True) in text
    assert "".join(REASON.split()) in text
    assert money_text(300_000) in text, "what was taken of the reserve"
    assert DeviationCode.PRICE.value + deviation_label(DeviationCode.PRICE) in text


# --- back and forth ---


def press_to_the_end(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier, left: Callable[[], Any]) -> int:
    """Press a key until nothing is left to undo or redo; returns how often."""
    count = 0
    while left() is not None:
        before = left()
        QTest.keyClick(window, key, modifiers)
        QApplication.processEvents()
        count += 1
        assert count < 300, f"stuck at {before}"
    return count


def test_an_events_money_from_the_first_share_to_the_report_and_back(
    desktop: app.Desktop, tmp_path: Path, qtbot: QtBot
) -> None:
    desktop.show_start()
    with scripted([tmp_path / "企划部.qihua"]):
        assert desktop.new_workspace(desktop.start)
    window = desktop.window
    assert window is not None
    window.resize(1440, 900)
    session = window.context.session
    session.local_now = lambda: NOW
    empty = content(session)
    team = staff(session)
    save_company(session, CompanyProfile(COMPANY, COMPANY_ID))
    window.context.choose_actor(team["林晓岚"])
    made = wizard_makes_event(window, "500000")
    window.context.choose_project(made.id)
    story = Story(window, qtbot, tmp_path, made.id)

    split_the_budget(story)
    approve(story, team)
    choose_quotes(story)
    sign_the_contract(story)
    take_in_invoices(story)
    explain_the_overspend(story)
    use_the_reserve(story, team["沈知远"])
    require_figures_of_the_ledger(story)
    require_report(story, export_the_report(story))

    story.tab("allocation")
    full = content(session)
    undone = press_to_the_end(window, Qt.Key.Key_Z, CTRL, session.undo_label)
    assert undone > 30
    assert content(session) == empty
    assert press_to_the_end(window, Qt.Key.Key_Z, CTRL | SHIFT, session.redo_label) == undone
    assert content(session) == full
