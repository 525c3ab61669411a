"""Rows and repositories of questionnaires."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.survey import Jump, JumpTarget, Option, Question, QuestionKind, Survey, SurveyState

from ..fields import EnumField, FlagField, IdField
from ..table import Table
from .base import Row


class SurveyRow(Row):
    project_id = IdField()
    position = IntegerField()
    title = TextField()
    intro = TextField()
    outro = TextField()
    state = EnumField(SurveyState)
    target = IntegerField()

    class Meta:
        table_name = "survey"


class QuestionRow(Row):
    project_id = IdField()
    survey_id = IdField()
    position = IntegerField()
    code = TextField()
    kind = EnumField(QuestionKind)
    text = TextField()
    hint = TextField()
    required = FlagField()
    minimum = IntegerField()
    maximum = IntegerField()
    low_label = TextField()
    high_label = TextField()
    randomise = FlagField()

    class Meta:
        table_name = "question"


class OptionRow(Row):
    project_id = IdField()
    question_id = IdField()
    position = IntegerField()
    label = TextField()
    exclusive = FlagField()
    with_text = FlagField()

    class Meta:
        table_name = "option"


class JumpRow(Row):
    project_id = IdField()
    question_id = IdField()
    position = IntegerField()
    option_id = IdField(null=True)
    target = EnumField(JumpTarget)
    target_question_id = IdField(null=True)

    class Meta:
        table_name = "jump"


surveys = Table(SurveyRow, Survey, label="title")
questions = Table(QuestionRow, Question, label="text")
options = Table(OptionRow, Option, label="label")
jumps = Table(JumpRow, Jump, label="target")
