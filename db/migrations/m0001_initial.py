"""The first schema.

All tables that people edit have a 16-byte id and are recorded by the journal; ``journal``, ``blob`` and
``meta`` are not. Moments ending in ``_ms`` are UTC milliseconds, instants are wall-clock minutes, money is fen.
"""

from __future__ import annotations

import apsw

_ID = "id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16)"
_PROJECT = "project_id BLOB NOT NULL REFERENCES project(id) ON DELETE CASCADE"


def _reference(column: str, table: str, action: str = "SET NULL", null: str = "") -> str:
    return f"{column} BLOB {null} REFERENCES {table}(id) ON DELETE {action}"


_TABLES = (
    f"""CREATE TABLE setting ({_ID}, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE person ({_ID}, name TEXT NOT NULL, department TEXT NOT NULL, role TEXT NOT NULL,
        title TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, pin_hash TEXT NOT NULL,
        has_profile INTEGER NOT NULL CHECK (has_profile IN (0, 1)),
        active INTEGER NOT NULL CHECK (active IN (0, 1))) STRICT""",
    f"""CREATE TABLE strategy ({_ID}, year INTEGER NOT NULL, name TEXT NOT NULL, goal TEXT NOT NULL,
        position INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE programme ({_ID}, {_reference("strategy_id", "strategy", "CASCADE", "NOT NULL")},
        quarter INTEGER NOT NULL CHECK (quarter BETWEEN 0 AND 4), name TEXT NOT NULL, goal TEXT NOT NULL,
        position INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE project ({_ID}, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('brand', 'event', 'research')),
        {_reference("programme_id", "programme")}, {_reference("owner_id", "person")},
        goal TEXT NOT NULL, venue TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('forward', 'backward')), key_on TEXT NOT NULL,
        {_reference("stage_id", "stage")},
        status TEXT NOT NULL CHECK (status IN ('active', 'closed', 'cancelled')), template_key TEXT NOT NULL,
        work_hours TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE stage ({_ID}, {_PROJECT}, position INTEGER NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
        owner_role TEXT NOT NULL, {_reference("owner_id", "person")}, output TEXT NOT NULL,
        review_days INTEGER NOT NULL, completed_ms INTEGER, {_reference("completed_by", "person")}) STRICT""",
    f"""CREATE TABLE gate_item ({_ID}, {_PROJECT}, {_reference("stage_id", "stage", "CASCADE", "NOT NULL")},
        position INTEGER NOT NULL, kind TEXT NOT NULL, document_key TEXT NOT NULL, name TEXT NOT NULL,
        owner_role TEXT NOT NULL, target INTEGER NOT NULL, done_ms INTEGER,
        {_reference("done_by", "person")}) STRICT""",
    f"""CREATE TABLE attachment ({_ID}, project_id BLOB REFERENCES project(id) ON DELETE CASCADE, owner_id BLOB,
        name TEXT NOT NULL, media_type TEXT NOT NULL, size INTEGER NOT NULL CHECK (size >= 0),
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64), added_ms INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE project_document ({_ID}, {_PROJECT}, {_reference("stage_id", "stage")},
        position INTEGER NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, produced_ms INTEGER,
        {_reference("produced_by", "person")}, {_reference("attachment_id", "attachment")}) STRICT""",
    f"""CREATE TABLE risk ({_ID}, {_PROJECT}, position INTEGER NOT NULL, name TEXT NOT NULL, trigger TEXT NOT NULL,
        contingency TEXT NOT NULL, {_reference("owner_id", "person")}, owner_text TEXT NOT NULL,
        notice TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE task ({_ID}, {_PROJECT}, {_reference("parent_id", "task", "CASCADE")},
        {_reference("stage_id", "stage")}, position INTEGER NOT NULL, name TEXT NOT NULL,
        {_reference("owner_id", "person")}, owner_text TEXT NOT NULL, duration INTEGER NOT NULL CHECK (duration >= 0),
        elapsed INTEGER NOT NULL CHECK (elapsed IN (0, 1)), milestone INTEGER NOT NULL CHECK (milestone IN (0, 1)),
        mode TEXT NOT NULL CHECK (mode IN ('auto', 'pinned')), start INTEGER NOT NULL, finish INTEGER NOT NULL,
        "constraint" TEXT NOT NULL
            CHECK ("constraint" IN ('ASAP', 'ALAP', 'SNET', 'SNLT', 'FNET', 'FNLT', 'MSO', 'MFO')),
        constraint_at INTEGER, deadline INTEGER, progress INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 10000),
        actual_start INTEGER, actual_finish INTEGER, priority INTEGER NOT NULL, units INTEGER NOT NULL,
        notes TEXT NOT NULL, external_ref TEXT NOT NULL, splits TEXT NOT NULL,
        CHECK (finish >= start)) STRICT""",
    f"""CREATE TABLE link ({_ID}, {_PROJECT}, {_reference("predecessor_id", "task", "CASCADE", "NOT NULL")},
        {_reference("successor_id", "task", "CASCADE", "NOT NULL")},
        type TEXT NOT NULL CHECK (type IN ('FS', 'SS', 'FF', 'SF')), lag INTEGER NOT NULL,
        lag_kind TEXT NOT NULL CHECK (lag_kind IN ('working', 'elapsed', 'percent')),
        CHECK (predecessor_id <> successor_id)) STRICT""",
    f"""CREATE TABLE calendar_day ({_ID}, project_id BLOB REFERENCES project(id) ON DELETE CASCADE,
        {_reference("person_id", "person", "CASCADE")}, day TEXT NOT NULL,
        working INTEGER NOT NULL CHECK (working IN (0, 1)), hours TEXT NOT NULL, name TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE baseline ({_ID}, {_PROJECT}, name TEXT NOT NULL, taken_at INTEGER NOT NULL,
        {_reference("taken_by", "person")}, {_reference("plan_version_id", "plan_version")}) STRICT""",
    f"""CREATE TABLE baseline_task ({_ID}, {_reference("baseline_id", "baseline", "CASCADE", "NOT NULL")},
        task_id BLOB NOT NULL, name TEXT NOT NULL, start INTEGER NOT NULL, finish INTEGER NOT NULL,
        duration INTEGER NOT NULL, cost INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE budget ({_ID}, project_id BLOB NOT NULL UNIQUE REFERENCES project(id) ON DELETE CASCADE,
        total INTEGER NOT NULL CHECK (total >= 0), state TEXT NOT NULL, version INTEGER NOT NULL,
        notes TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE budget_line ({_ID}, {_PROJECT}, {_reference("parent_id", "budget_line", "CASCADE")},
        position INTEGER NOT NULL, name TEXT NOT NULL, amount INTEGER NOT NULL,
        lock TEXT NOT NULL CHECK (lock IN ('free', 'amount', 'percent', 'both')),
        percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 10000), quantity INTEGER NOT NULL, unit TEXT NOT NULL,
        unit_price INTEGER NOT NULL, tax_rate INTEGER NOT NULL, supplier TEXT NOT NULL, basis TEXT NOT NULL,
        colour TEXT NOT NULL, is_reserve INTEGER NOT NULL CHECK (is_reserve IN (0, 1)),
        {_reference("task_id", "task")}, notes TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE budget_version ({_ID}, {_PROJECT}, number INTEGER NOT NULL, total INTEGER NOT NULL,
        content TEXT NOT NULL, sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        {_reference("plan_version_id", "plan_version")}, created_ms INTEGER NOT NULL,
        {_reference("created_by", "person")}, UNIQUE (project_id, number)) STRICT""",
    f"""CREATE TABLE plan_document ({_ID}, {_PROJECT}, key TEXT NOT NULL, title TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE plan_section ({_ID}, {_PROJECT},
        {_reference("document_id", "plan_document", "CASCADE", "NOT NULL")},
        position INTEGER NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE plan_version ({_ID}, {_PROJECT},
        {_reference("document_id", "plan_document", "CASCADE", "NOT NULL")},
        number INTEGER NOT NULL, state TEXT NOT NULL, content TEXT NOT NULL,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64), dimension_sha256 TEXT NOT NULL, author_ids TEXT NOT NULL,
        {_reference("submitted_by", "person", "RESTRICT", "NOT NULL")}, submitted_ms INTEGER NOT NULL,
        closed_ms INTEGER, note TEXT NOT NULL, UNIQUE (document_id, number)) STRICT""",
    f"""CREATE TABLE review_seat ({_ID}, {_PROJECT}, {_reference("version_id", "plan_version", "CASCADE", "NOT NULL")},
        step INTEGER NOT NULL, position INTEGER NOT NULL, mode TEXT NOT NULL, department TEXT NOT NULL,
        {_reference("person_id", "person", "RESTRICT", "NOT NULL")},
        dimensions TEXT NOT NULL, due_ms INTEGER) STRICT""",
    f"""CREATE TABLE sign_off ({_ID}, {_PROJECT}, {_reference("version_id", "plan_version", "CASCADE", "NOT NULL")},
        {_reference("seat_id", "review_seat", "CASCADE", "NOT NULL")},
        {_reference("person_id", "person", "RESTRICT", "NOT NULL")}, verdict TEXT NOT NULL, comment TEXT NOT NULL,
        opinions TEXT NOT NULL, signature TEXT NOT NULL,
        content_sha256 TEXT NOT NULL CHECK (length(content_sha256) = 64), dimension_sha256 TEXT NOT NULL,
        signed_ms INTEGER NOT NULL, UNIQUE (seat_id)) STRICT""",
    f"""CREATE TABLE review_comment ({_ID}, {_PROJECT},
        {_reference("version_id", "plan_version", "CASCADE", "NOT NULL")},
        {_reference("person_id", "person", "RESTRICT", "NOT NULL")}, dimension TEXT NOT NULL, severity TEXT NOT NULL,
        section_key TEXT NOT NULL, quote TEXT NOT NULL, body TEXT NOT NULL, reply TEXT NOT NULL, resolved_ms INTEGER,
        {_reference("resolved_by", "person")}, created_ms INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE survey ({_ID}, {_PROJECT}, position INTEGER NOT NULL, title TEXT NOT NULL, intro TEXT NOT NULL,
        outro TEXT NOT NULL, state TEXT NOT NULL, target INTEGER NOT NULL) STRICT""",
    f"""CREATE TABLE question ({_ID}, {_PROJECT}, {_reference("survey_id", "survey", "CASCADE", "NOT NULL")},
        position INTEGER NOT NULL, code TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, hint TEXT NOT NULL,
        required INTEGER NOT NULL CHECK (required IN (0, 1)), minimum INTEGER NOT NULL, maximum INTEGER NOT NULL,
        low_label TEXT NOT NULL, high_label TEXT NOT NULL,
        randomise INTEGER NOT NULL CHECK (randomise IN (0, 1))) STRICT""",
    f"""CREATE TABLE option ({_ID}, {_PROJECT}, {_reference("question_id", "question", "CASCADE", "NOT NULL")},
        position INTEGER NOT NULL, label TEXT NOT NULL, exclusive INTEGER NOT NULL CHECK (exclusive IN (0, 1)),
        with_text INTEGER NOT NULL CHECK (with_text IN (0, 1))) STRICT""",
    f"""CREATE TABLE jump ({_ID}, {_PROJECT}, {_reference("question_id", "question", "CASCADE", "NOT NULL")},
        position INTEGER NOT NULL, {_reference("option_id", "option", "CASCADE")}, target TEXT NOT NULL,
        {_reference("target_question_id", "question", "CASCADE")}) STRICT""",
    f"""CREATE TABLE template ({_ID}, name TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
        created_ms INTEGER NOT NULL) STRICT""",
    """CREATE TABLE blob (sha256 TEXT NOT NULL PRIMARY KEY CHECK (length(sha256) = 64), data BLOB NOT NULL)
        STRICT, WITHOUT ROWID""",
    """CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE journal (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('edit', 'undo', 'redo')),
        target INTEGER NOT NULL, actor_id BLOB, actor_name TEXT NOT NULL, label TEXT NOT NULL, project_id BLOB,
        at_ms INTEGER NOT NULL, changeset BLOB NOT NULL, digest TEXT NOT NULL CHECK (length(digest) = 64),
        prev_hash TEXT NOT NULL, hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)) STRICT""",
)

_INDEXES = (
    "CREATE INDEX stage_project ON stage(project_id, position)",
    "CREATE INDEX gate_item_stage ON gate_item(stage_id)",
    "CREATE INDEX gate_item_project ON gate_item(project_id)",
    "CREATE INDEX attachment_owner ON attachment(owner_id)",
    "CREATE INDEX attachment_project ON attachment(project_id)",
    "CREATE INDEX project_document_project ON project_document(project_id)",
    "CREATE INDEX risk_project ON risk(project_id)",
    "CREATE INDEX task_project ON task(project_id, position)",
    "CREATE INDEX task_parent ON task(parent_id)",
    "CREATE INDEX task_owner ON task(owner_id)",
    "CREATE INDEX task_stage ON task(stage_id)",
    "CREATE INDEX link_project ON link(project_id)",
    "CREATE INDEX link_predecessor ON link(predecessor_id)",
    "CREATE INDEX link_successor ON link(successor_id)",
    "CREATE INDEX calendar_day_project ON calendar_day(project_id)",
    "CREATE INDEX calendar_day_person ON calendar_day(person_id)",
    "CREATE INDEX baseline_project ON baseline(project_id)",
    "CREATE INDEX baseline_task_baseline ON baseline_task(baseline_id)",
    "CREATE INDEX budget_line_project ON budget_line(project_id)",
    "CREATE INDEX budget_line_parent ON budget_line(parent_id)",
    "CREATE INDEX budget_line_task ON budget_line(task_id)",
    "CREATE INDEX plan_document_project ON plan_document(project_id)",
    "CREATE INDEX plan_section_document ON plan_section(document_id)",
    "CREATE INDEX plan_section_project ON plan_section(project_id)",
    "CREATE INDEX plan_version_project ON plan_version(project_id)",
    "CREATE INDEX review_seat_version ON review_seat(version_id)",
    "CREATE INDEX review_seat_project ON review_seat(project_id)",
    "CREATE INDEX review_seat_person ON review_seat(person_id)",
    "CREATE INDEX sign_off_version ON sign_off(version_id)",
    "CREATE INDEX sign_off_project ON sign_off(project_id)",
    "CREATE INDEX sign_off_person ON sign_off(person_id)",
    "CREATE INDEX review_comment_version ON review_comment(version_id)",
    "CREATE INDEX review_comment_project ON review_comment(project_id)",
    "CREATE INDEX survey_project ON survey(project_id)",
    "CREATE INDEX question_survey ON question(survey_id, position)",
    "CREATE INDEX question_project ON question(project_id)",
    "CREATE INDEX option_question ON option(question_id, position)",
    "CREATE INDEX option_project ON option(project_id)",
    "CREATE INDEX jump_question ON jump(question_id)",
    "CREATE INDEX jump_option ON jump(option_id)",
    "CREATE INDEX jump_target ON jump(target_question_id)",
    "CREATE INDEX jump_project ON jump(project_id)",
    "CREATE INDEX journal_project ON journal(project_id, seq)",
)

_TRIGGERS = (
    """CREATE TRIGGER sign_off_not_by_author BEFORE INSERT ON sign_off
        WHEN EXISTS (SELECT 1 FROM plan_version v WHERE v.id = NEW.version_id
                     AND instr(v.author_ids, lower(hex(NEW.person_id))) > 0)
        BEGIN SELECT RAISE(ABORT, 'the author of a plan cannot sign it off'); END""",
    """CREATE TRIGGER plan_version_frozen BEFORE UPDATE OF content, sha256, dimension_sha256, author_ids ON plan_version
        BEGIN SELECT RAISE(ABORT, 'a submitted version cannot be changed'); END""",
    """CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER journal_no_update BEFORE UPDATE OF seq, kind, target, at_ms, digest, prev_hash, hash ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
)


def apply(connection: apsw.Connection) -> None:
    """Create every table, index and trigger of the first schema."""
    for statement in (*_TABLES, *_INDEXES, *_TRIGGERS):
        connection.execute(statement)
