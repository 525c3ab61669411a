"""Several people on a task, people's own weeks, fixed durations, and what a plan file had that is not modelled."""

from __future__ import annotations

import apsw

_ID = "id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16)"
_PROJECT = "project_id BLOB NOT NULL REFERENCES project(id) ON DELETE CASCADE"

_STATEMENTS = (
    """ALTER TABLE task ADD COLUMN fixed_duration INTEGER NOT NULL DEFAULT 0 CHECK (fixed_duration IN (0, 1))""",
    f"""CREATE TABLE assignment ({_ID}, {_PROJECT},
        task_id BLOB NOT NULL REFERENCES task(id) ON DELETE CASCADE, position INTEGER NOT NULL,
        person_id BLOB REFERENCES person(id) ON DELETE CASCADE, name TEXT NOT NULL,
        units INTEGER NOT NULL CHECK (units >= 0), work INTEGER NOT NULL CHECK (work >= 0),
        duration INTEGER NOT NULL CHECK (duration >= 0)) STRICT""",
    f"""CREATE TABLE person_week ({_ID}, project_id BLOB REFERENCES project(id) ON DELETE CASCADE,
        person_id BLOB NOT NULL REFERENCES person(id) ON DELETE CASCADE, hours TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE plan_source ({_ID}, {_PROJECT}, format TEXT NOT NULL,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64)) STRICT""",
    "CREATE INDEX assignment_project ON assignment(project_id)",
    "CREATE INDEX assignment_task ON assignment(task_id)",
    "CREATE INDEX assignment_person ON assignment(person_id)",
    "CREATE INDEX person_week_project ON person_week(project_id)",
    "CREATE INDEX person_week_person ON person_week(person_id)",
    "CREATE INDEX plan_source_project ON plan_source(project_id)",
)


def apply(connection: apsw.Connection) -> None:
    """Add the tables and the column."""
    for statement in _STATEMENTS:
        connection.execute(statement)
