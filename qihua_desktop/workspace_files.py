"""Opening, backing up and protecting workspace files for the windows; the seam between them and the storage layer."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db.opening import FileKind, create_workspace, inspect, open_workspace
from qihua_desktop import paths
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Person
from qihua_desktop.services import people
from qihua_desktop.services.session import Session
from qihua_desktop.settings_store import SettingsStore

if TYPE_CHECKING:
    from db import backup


class WorkspaceFiles:
    """What ``ui.shell.ports.WorkspaceFiles`` describes, over ``db``."""

    def __init__(self, store: SettingsStore) -> None:
        self._store = store
        self._last: dict[Path, datetime] = {}

    @property
    def backup_folder(self) -> Path:
        """The folder backups go to."""
        chosen = self._store.settings.backup_folder
        return Path(chosen) if chosen else paths.default_backup_folder()

    def open(self, path: Path, *, password: str | None = None, read_only: bool = False) -> Session:
        """Open a workspace with the person who worked in it last on this machine."""
        workspace = open_workspace(path, password=password, read_only=read_only, backup_folder=self.backup_folder)
        return self._with_actor(Session(workspace), path)

    def open_with_code(self, path: Path, code: str) -> Session:
        """Open with the recovery code."""
        return self._with_actor(
            Session(open_workspace(path, recovery_code=code, backup_folder=self.backup_folder)), path
        )

    def create(self, path: Path, *, password: str | None = None) -> tuple[Session, str]:
        """Create a workspace; with a password also returns its recovery code."""
        from db import password as passwords

        workspace = create_workspace(path, password=password)
        return Session(workspace), passwords.recovery_code(workspace) if password is not None else ""

    def create_demo(self) -> Path:
        """Make the sample workspace when it is not there, and return it."""
        path = paths.demo_file()
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            make_demo(path, date.today())
        return path

    def backups(self, path: Path, *, password: str | None = None) -> tuple[backup.BackupInfo, ...]:
        """Return a workspace's backups, newest first."""
        from db import backup

        return backup.list_backups(path, self.backup_folder, password=password)

    def back_up(self, session: Session) -> datetime | None:
        """Make a verified backup when something changed since the last one."""
        workspace = session.workspace
        if workspace.read_only or not self._schedule(session).due_on_close(workspace.head()[0]):
            return None
        return self._make(session)

    def back_up_if_due(self, session: Session) -> datetime | None:
        """Make a backup when half an hour has passed since the last one and something changed."""
        workspace = session.workspace
        if workspace.read_only or not self._schedule(session).due(workspace.head()[0], workspace.now_ms()):
            return None
        return self._make(session)

    def last_backup(self, path: Path) -> datetime | None:
        """Return when the newest backup was made."""
        if path not in self._last:
            from db import backup

            files = backup.backup_files(path, self.backup_folder)
            newest = max((file.stat().st_mtime for file in files), default=None)
            if newest is None:
                return None
            self._last[path] = datetime.fromtimestamp(newest)
        return self._last[path]

    def restore(self, path: Path, chosen: Path, *, password: str | None = None) -> Path | None:
        """Put a backup in the place of a closed workspace."""
        from db import backup

        self._last.pop(path, None)
        return backup.restore_backup(path, chosen, password=password)

    def save_copy(self, session: Session, target: Path) -> None:
        """Write a verified copy."""
        from db import copies

        copies.save_copy_as(session.workspace.file, target)

    def compact(self, session: Session) -> tuple[int, int]:
        """Make the file as small as it can be."""
        from db import compaction

        done = compaction.compact(session.workspace)
        return done.before, done.after

    def is_encrypted(self, session: Session) -> bool:
        """Return whether the file has a password."""
        return session.workspace.encrypted

    def needs_password(self, path: Path) -> bool:
        """Return whether the file is encrypted."""
        return inspect(path).kind is FileKind.ENCRYPTED

    def set_password(self, session: Session, new: str) -> str:
        """Set or change the password."""
        from db import password as passwords

        return passwords.set_password(session.workspace, new, backup_folder=self.backup_folder)

    def remove_password(self, session: Session) -> None:
        """Store the file without encryption from now on."""
        from db import password as passwords

        passwords.remove_password(session.workspace, backup_folder=self.backup_folder)

    def readable_backups(self, session: Session) -> int:
        """Return how many backups of an encrypted workspace are not encrypted themselves."""
        from db import backup

        found = backup.backup_files(session.workspace.path, self.backup_folder)
        return sum(inspect(one).kind is not FileKind.ENCRYPTED for one in found)

    def discard_readable_backups(self, session: Session) -> int:
        """Make an encrypted backup, then remove those that are not encrypted; returns how many went."""
        from db import backup

        self._make(session)
        return backup.discard_unencrypted(session.workspace.path, self.backup_folder)

    def check_password(self, session: Session, given: str) -> bool:
        """Return whether this is the password."""
        from db import password as passwords

        return passwords.check_password(session.workspace, given)

    def password_problem(self, given: str) -> str:
        """Return why a password is too weak, empty for a good one."""
        from db import password as passwords

        return passwords.password_problem(given) or ""

    def location_warning(self, path: Path) -> str:
        """Return why a place is a risk for a workspace."""
        from db import location

        return location.location_warning(path) or ""

    def _schedule(self, session: Session) -> backup.BackupSchedule:
        from db import backup

        file = session.workspace.file
        return backup.schedule_from(file.path, self.backup_folder, key=file.key)

    def _make(self, session: Session) -> datetime:
        from db import backup

        workspace = session.workspace
        second = self._store.settings.second_backup_folder
        backup.make_backup(
            workspace.file,
            self.backup_folder,
            now_ms=workspace.now_ms(),
            second_folder=Path(second) if second else None,
        )
        made = datetime.fromtimestamp(workspace.now_ms() / 1000)
        self._last[workspace.path] = made
        return made

    def _with_actor(self, session: Session, path: Path) -> Session:
        stored = self._store.profile_of(path)
        profiles = people.profiles(session)
        session.actor = _chosen(profiles, stored)
        return session


def make_demo(path: Path, today: date) -> None:
    """Create the sample workspace as of a day; nothing is left behind when that fails."""
    from qihua_desktop.services.demo import DemoClock, build_demo

    clock = DemoClock(datetime.combine(today, datetime.min.time()))
    workspace = create_workspace(path, clock=clock.ms)
    try:
        build_demo(Session(workspace), today, clock)
    except BaseException:
        workspace.close()
        path.unlink(missing_ok=True)
        raise
    workspace.close()


def _chosen(profiles: tuple[Person, ...], stored: bytes | None) -> Person | None:
    if stored is not None:
        for person in profiles:
            if person.id == EntityId(stored):
                return person
    return profiles[0] if len(profiles) == 1 else None
