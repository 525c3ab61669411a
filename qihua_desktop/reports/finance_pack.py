"""送财务: every document finance files, the originals of the vouchers and their hashes, in one folder or zip."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.files import file_name, write_safely
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import compliance, money_records, projects, review
from qihua_desktop.services.session import Session
from qihua_desktop.services.settings import company

from .catalogue import RenderTask, prepare
from .document import RenderOptions
from .export_report import Substitution
from .voucher_archive import PackFile, VoucherArchive, metadata_xml, voucher_archive


@dataclass(frozen=True, slots=True)
class PackTask:
    """The documents of a pack, ready to be rendered anywhere; ``missing`` says what could not be included.

    ``facts`` are names and texts of the pack itself for its XML.
    """

    name: str
    tasks: tuple[RenderTask, ...]
    missing: tuple[str, ...]
    head: str
    archive: VoucherArchive = field(default_factory=VoucherArchive)
    facts: tuple[tuple[str, str], ...] = ()

    def render(
        self, progress: Callable[[int, int, str], None] | None = None, cancelled: Callable[[], bool] | None = None
    ) -> Pack:
        """Render every document. Raises Cancelled; then nothing was written."""
        files: list[PackFile] = []
        substitutions: list[Substitution] = []
        for at, task in enumerate(self.tasks):
            if cancelled is not None and cancelled():
                raise Cancelled(_("The export was stopped."))
            if progress is not None:
                progress(at, len(self.tasks), task.title)
            result = task.render(RenderOptions(cancelled=cancelled))
            files.append(PackFile(task.file_name, result.data))
            substitutions.extend(result.substitutions)
        files += self.archive.originals
        facts = (*self.facts, ("JournalHead", self.head))
        files.append(PackFile(_("Metadata.xml"), metadata_xml(facts, self.archive, tuple(files))))
        files.append(PackFile(_("Contents.txt"), self._contents(files).encode("utf-8-sig")))
        if progress is not None:
            progress(len(self.tasks), len(self.tasks), "")
        return Pack(self.name, tuple(files), self.missing, tuple(substitutions))

    def _contents(self, files: list[PackFile]) -> str:
        lines = [self.name, _("Journal head: {hash}").format(hash=self.head), ""]
        lines += [f"{hashlib.sha256(file.data).hexdigest()}  {file.name}" for file in files]
        lines += ["", *(_("Not included: {reason}").format(reason=reason) for reason in self.missing)]
        return "\r\n".join(lines).rstrip() + "\r\n"


@dataclass(frozen=True, slots=True)
class Pack:
    """A rendered pack."""

    name: str
    files: tuple[PackFile, ...]
    missing: tuple[str, ...]
    substitutions: tuple[Substitution, ...]

    def write_folder(self, parent: Path) -> Path:
        """Write the files into a folder of the pack's name under ``parent`` and return it. Raises StorageError."""
        folder = parent / self.name
        for file in self.files:
            write_safely(folder / file.name, file.data)
        return folder

    def write_zip(self, path: Path) -> Path:
        """Write the pack as one zip file and return where it went. Raises StorageError."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in self.files:
                archive.writestr(file.name, file.data)
        return write_safely(path, buffer.getvalue())


def finance_pack(session: Session, project_id: EntityId) -> PackTask:
    """Gather the pack of a project: 预算审批单, 评审签批单, plan; with vouchers also report, lists and originals.

    Raises RuleError naming the compliance rules that stop it.
    """
    compliance.require_passed(session, project_id, compliance.GatePurpose.FINANCE_PACK)
    project = projects.project(session, project_id)
    tasks = [prepare(session, "budget-approval", project_id)]
    missing: list[str] = []
    if review.versions(session, project_id):
        tasks.append(prepare(session, "sign-off", project_id))
    else:
        missing.append(_("the sign-off sheet: the plan has not been submitted yet"))
    tasks.append(prepare(session, "plan", project_id))
    recorded = money_records.recorded(session, project_id)
    if recorded.vouchers:
        tasks.append(prepare(session, "budget-execution", project_id))
        tasks.append(prepare(session, "voucher-list", project_id))
        archive = voucher_archive(session, project_id)
    else:
        missing.append(_("execution report, voucher list and originals: there are no vouchers yet"))
        archive = VoucherArchive()
    if recorded.claims:
        tasks.append(prepare(session, "expense-claim", project_id))
    typed = sum(not one.file for one in archive.vouchers)
    if typed:
        text = ngettext(
            "the original of {count} typed voucher, which is on paper",
            "the originals of {count} typed vouchers, which are on paper",
            typed,
        )
        missing.append(text.format(count=typed))
    facts = (
        ("ProjectNumber", project.number),
        ("ProjectName", project.name),
        ("Company", company(session).name),
        ("CompanyTaxId", company(session).tax_id),
        ("Made", session.local_now().astimezone().isoformat(timespec="seconds")),
    )
    name = file_name(_("{number} {project} finance pack").format(number=project.number, project=project.name[:60]), "")
    return PackTask(name, tuple(tasks), tuple(missing), session.workspace.head()[1], archive, facts)
