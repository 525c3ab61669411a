"""The tab 凭证报销: invoices and receipts taken in, checked and booked, and the expense claims made of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from qihua_desktop.domain.errors import Cancelled, QihuaError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.exchange.invoices import ReadResult
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import claims, vouchers
from qihua_desktop.services.vouchers import ImportReport
from ui.budget.tabs import BudgetTab, problem_words
from ui.common import dialogs
from ui.common.actions import Action, ActionRegistry
from ui.common.context import AppContext
from ui.common.icons import set_icon
from ui.common.jobs import JobHandle
from ui.common.widgets import Banner, Segment, SegmentedControl, Tone, primary_button, set_tool_tip

from .claim_pane import ClaimPane
from .forms import ClaimForm, VoucherForm
from .reading import FILTERS, read_paths
from .result_card import ResultCard
from .voucher_pane import VoucherPane

_TABLES = frozenset({
    "voucher", "voucher_share", "expense_claim", "payment", "contract", "supplier", "budget", "budget_line", "setting",
    "project", "person", "plan_version", "attachment",
})  # fmt: skip
_PLACE_TABLES = frozenset({"budget", "budget_line", "contract", "project"})
VOUCHERS, CLAIMS = "vouchers", "claims"
_LONGEST_SCAN = 20_000


class VouchersTab(BudgetTab):
    """Vouchers and claims; files may be dropped anywhere on it."""

    key = "vouchers"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setAcceptDrops(True)
        self.job: JobHandle | None = None
        self.actions_of_tab = ActionRegistry(self)
        self.parts = SegmentedControl(
            (Segment(VOUCHERS, _("All vouchers")), Segment(CLAIMS, _("Expense claims"))),
            accessible_name=_("Vouchers or claims"),
        )
        self.scan = QLineEdit()
        self.scan.setMaxLength(_LONGEST_SCAN)
        self.scan.setPlaceholderText(_("Scan a QR code"))
        self.scan.setAccessibleName(_("Scan a QR code"))
        self.scan.setFixedWidth(176)
        self._hints: dict[QWidget, str] = {
            self.scan: _("A hand scanner types the text of the invoice's QR code and ends with Enter.")
        }
        icon = self.scan.addAction(self.windowIcon(), QLineEdit.ActionPosition.LeadingPosition)
        icon.setText(_("Scan a QR code"))
        set_icon(icon, "scan-line")
        self.scan.returnPressed.connect(self._on_scanned)
        self.drop_hint = Banner(_("Let go to import the files into this project."), Tone.ACCENT)
        self.drop_hint.hide()
        self.result = ResultCard()
        self.result.voucher_wanted.connect(self._on_voucher_wanted)
        self._add_actions()
        self.vouchers = VoucherPane(self)
        self.claims = ClaimPane(self)
        self._build()

    @classmethod
    def title(cls) -> str:
        """Return the tab's name."""
        return _("Vouchers")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown; lines and contracts are only fetched again when they may be others."""
        tables = {table for table, _row in changed}
        touched = not tables.isdisjoint(_TABLES)
        if touched and not (self.isVisible() and tables.isdisjoint(_PLACE_TABLES)):
            self.vouchers.forget_places()
        return touched

    def show_project(self, project_id: EntityId) -> None:
        """Show a project; what was said about another one's files is forgotten."""
        if project_id != self.project_id:
            self.result.hide()
        super().show_project(project_id)

    def reload(self) -> None:
        """Fetch vouchers and claims anew."""
        self.vouchers.reload()
        self.claims.reload()
        reason = self.why_not_edit()
        for key in ("import", "type", "new_claim"):
            self.actions_of_tab.set_enabled(f"budget.vouchers.{key}", not reason)
        for widget in (self.import_button, self.type_button, self.claim_button, self.scan):
            widget.setEnabled(not reason)
            set_tool_tip(widget, reason or self._hints.get(widget, ""))
        self.actions_of_tab.set_enabled("budget.vouchers.list", bool(self.vouchers.model.rows))

    def reveal(self, row_id: bytes) -> bool:
        """Select a voucher or a claim."""
        identifier = EntityId(row_id)
        if self.vouchers.select(identifier):
            self.parts.set_current(VOUCHERS)
            return True
        if self.claims.select(identifier):
            self.parts.set_current(CLAIMS)
            return True
        return False

    def focus_first(self) -> None:
        """Let the list have the keys."""
        pane = self.vouchers if self.parts.current_key() == VOUCHERS else self.claims
        (pane.table if pane.model.rows else self.parts).setFocus()

    # --- taking in ---

    def choose_files(self) -> None:
        """Ask for files and import them."""
        paths = dialogs.open_files(
            self, _("Import invoices"), _("Invoices and photos ({patterns})").format(patterns=FILTERS)
        )
        if paths:
            self.import_paths(paths)

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Read files in the background and store what they hold in one step."""
        project_id = self.project_id
        reason = self.why_not_edit()
        if reason or project_id is None:
            self.problem.show_message(reason, Tone.BAD)
            return
        chosen = tuple(paths)
        count = len(chosen)
        self.job = self.context.jobs.submit(
            lambda job: read_paths(chosen, job),
            on_done=lambda results: self._store(project_id, results),
            on_failed=self._on_failed,
            title=ngettext("Reading {count} file", "Reading {count} files", count).format(count=count),
        )

    def type_voucher(self) -> None:
        """Type a receipt."""
        if not self.may_edit():
            return
        form = VoucherForm(self, self.vouchers.places)
        if dialogs.run_form(form) and form.made is not None:
            self.show_voucher(form.made.id)

    def add_scan(self, text: str) -> None:
        """Take in what a scanner typed."""
        project_id = self.project_id
        if project_id is None or not text.strip():
            return
        found: list[ImportReport] = []
        if self.perform(lambda: found.append(vouchers.add_text(self.context.session, project_id, text))):
            self._show_report(found[0])

    def show_voucher(self, voucher_id: EntityId) -> None:
        """Show a voucher of this project."""
        self.parts.set_current(VOUCHERS)
        self.vouchers.select(voucher_id)

    # --- claims ---

    def new_claim(self, voucher_ids: tuple[EntityId, ...]) -> None:
        """Make an expense claim over accepted vouchers."""
        rows = {row.voucher.id: row.voucher for row in self.vouchers.model.rows}
        chosen = [rows[one] for one in voucher_ids if one in rows and rows[one].state is VoucherState.ACCEPTED]
        if not chosen or not self.may_edit():
            dialogs.inform(self, _("Select accepted vouchers first."),
                           advice=_("A claim is made of vouchers that are accepted and not yet paid."))  # fmt: skip
            return
        form = ClaimForm(self, tuple(one.id for one in chosen), sum(one.gross for one in chosen))
        if dialogs.run_form(form) and form.made is not None:
            self.claims.select(form.made.id)
            self.parts.set_current(CLAIMS)

    def new_claim_of_all(self) -> None:
        """Make a claim over the vouchers selected, else over all that can stand on one."""
        selected = tuple(
            row.voucher.id
            for row in self.vouchers.selected()
            if row.voucher.state is VoucherState.ACCEPTED and not row.claim_number and not row.paid
        )
        if not selected and self.project_id is not None:
            selected = tuple(one.id for one in claims.claimable(self.context.session, self.project_id))
        self.new_claim(selected)

    def export_list(self) -> None:
        """Ask for the list of vouchers as PDF."""
        self.context.export_requested.emit("voucher-list", None)

    # --- building ---

    def _add_actions(self) -> None:
        group = self.title()
        for key, text, callback, shortcut, icon in (
            ("import", _("Import files…"), self.choose_files, "Ctrl+Shift+I", "upload"),
            ("type", _("Type a voucher…"), self.type_voucher, "Insert", "pen-line"),
            ("scan", _("Go to the scanner's field"), lambda: self.scan.setFocus(), "F9", "scan-line"),
            ("find", _("Search vouchers"), lambda: self.vouchers.search.setFocus(), "Ctrl+F", "search"),
            ("new_claim", _("Claim over all open vouchers…"), self.new_claim_of_all, "", "receipt"),
            ("list", _("Voucher list as PDF"), self.export_list, "Ctrl+Shift+X", "file-text"),
        ):
            self.actions_of_tab.add(
                Action(f"budget.vouchers.{key}", text, callback, shortcut=shortcut, icon=icon, group=group)
            )

    def _build(self) -> None:
        registry = self.actions_of_tab
        self.type_button = registry.button("budget.vouchers.type")
        self._hints[self.type_button] = _("Type a voucher…")
        self.import_button = primary_button(_("Import…"), self.choose_files)
        self.claim_button = primary_button(_("New expense claim…"), self.new_claim_of_all)
        self.list_button = registry.icon_button("budget.vouchers.list")
        self.toolbar.add(self.parts, self.scan)
        self.toolbar.add_stretch()
        self.toolbar.add(self.list_button, self.type_button, self.import_button, self.claim_button)
        self.body.addWidget(self.drop_hint)
        self.body.addWidget(self.result)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.vouchers)
        self.stack.addWidget(self.claims)
        self.body.addWidget(self.stack, 1)
        self.parts.current_changed.connect(self._on_part)
        self._on_part(VOUCHERS)

    @Slot(str)
    def _on_part(self, key: str) -> None:
        is_list = key == VOUCHERS
        self.stack.setCurrentWidget(self.vouchers if is_list else self.claims)
        for widget in (self.scan, self.type_button, self.import_button):
            widget.setVisible(is_list)
        self.claim_button.setVisible(not is_list)

    # --- results ---

    def _store(self, project_id: EntityId, results: tuple[ReadResult, ...]) -> None:
        self.job = None
        found: list[ImportReport] = []
        if self.perform(lambda: found.append(vouchers.store_read(self.context.session, project_id, results))):
            self._show_report(found[0])

    def _show_report(self, report: ImportReport) -> None:
        self.result.show_report(report)
        stored = report.voucher_ids
        if stored and self.vouchers.model.index_of(stored[0]).isValid():
            self.parts.set_current(VOUCHERS)
            self.vouchers.select(stored[0])

    def _on_failed(self, error: BaseException) -> None:
        self.job = None
        if isinstance(error, Cancelled):
            self.context.notice_posted.emit(_("The import was stopped; nothing was stored."))
        elif isinstance(error, QihuaError):
            self.problem.show_message(problem_words(error, " "), Tone.BAD)
        else:
            dialogs.show_error(self, error)

    @Slot()
    def _on_scanned(self) -> None:
        text = self.scan.text()
        self.scan.clear()
        self.add_scan(text)
        self.scan.setFocus()

    @Slot(object, object)
    def _on_voucher_wanted(self, project_id: EntityId, voucher_id: EntityId) -> None:
        if project_id == self.project_id:
            self.show_voucher(voucher_id)
        else:
            self.context.page_requested.emit("budget", (project_id, voucher_id))

    # --- dropping ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()) and self.may_edit():
            self.drop_hint.show()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_hint.hide()
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            event.acceptProposedAction()
            self.import_paths(paths)
