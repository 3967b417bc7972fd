"""The code of the last release works on the tables of this one: while machines are upgraded in turn, both serve.

Every migration after the last release is read. What goes, or becomes stricter, takes two releases (CONTRIBUTING.md, « A
migration »). SQL and Python are not understood: such a migration gives a reason in `former_version_works_because`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

# The last release, and the last migration of each app in it: whoever makes a release writes both anew. 0.1.0 is not out
# yet; the migrations up to here were made one of each app, and count as its tables: the habit comes before the users.
VERSION = "0.1.0"
LAST = {
    "accounts": "0001_tables",
    "directory": "0002_full_text",
    "drafts": "0001_tables",
    "drops": "0001_tables",
    "flows": "0001_tables",
    "hooks": "0001_initial",
    "invoices": "0003_frozen",
    "library": "0001_initial",
    "mail": "0001_tables",
    "mandates": "0001_initial",
    "notices": "0001_initial",
    "pins": "0001_initial",
    "queue": "0001_initial",
    "searches": "0001_initial",
    "store": "0001_tables",
    "structures": "0001_tables",
    "tickets": "0001_initial",
}
REASON = "former_version_works_because"
_READ_ALOUD = f'{REASON} = "{VERSION}: …" in the Migration class, if that version truly goes on working'
_WIDER = {
    ("CharField", "TextField"),
    ("IntegerField", "BigIntegerField"),
    ("PositiveIntegerField", "BigIntegerField"),
    ("PositiveIntegerField", "PositiveBigIntegerField"),
    ("PositiveSmallIntegerField", "PositiveIntegerField"),
}


class Reader:
    """Says what in a migration the last release cannot live with. ``released``: its tables and columns."""

    def __init__(self, released: ProjectState) -> None:
        self._released = released

    def troubles(self, migration: Migration, before: ProjectState) -> list[str]:
        """``before`` is changed: it holds the tables after the migration then."""
        reason = getattr(migration, REASON, "")
        is_excused = reason.startswith(f"{VERSION}: ") and len(reason) > len(VERSION) + 20
        found = [
            sentence
            for operation in migration.operations
            for sentence, may_be_excused in self._operation(operation, migration.app_label, before)
            if not (may_be_excused and is_excused)
        ]
        return [f"{migration.app_label}.{migration.name}: {sentence}" for sentence in found]

    def _operation(self, operation: Operation, app: str, state: ProjectState) -> Iterator[tuple[str, bool]]:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            for inner in operation.database_operations:
                yield from self._one(inner, app, state.clone())
            for inner in operation.state_operations:
                yield from self._forgotten(inner, app, state)
        else:
            yield from self._one(operation, app, state)
        operation.state_forwards(app, state)

    def _one(self, operation: Operation, app: str, state: ProjectState) -> Iterator[tuple[str, bool]]:
        name = operation.describe()
        match operation:
            case migrations.RunPython() | migrations.RunSQL():
                yield f"{name}: this rule cannot read it. Write {_READ_ALOUD}", True
            case migrations.DeleteModel() if self._model(app, operation.name):
                yield f"{name}: {VERSION} still uses the table. {_TAKE_TWO}", False
            case migrations.RenameModel() if self._model(app, operation.old_name):
                yield f"{name}: {VERSION} knows the former name only. {_RENAME}", False
            case migrations.AlterModelTable() if self._model(app, operation.name):
                yield f"{name}: {VERSION} knows the former name only. {_RENAME}", False
            case migrations.RemoveField() if self._field(app, operation.model_name, operation.name):
                yield f"{name}: {VERSION} still uses the column. {_TAKE_TWO}", False
            case migrations.RenameField() if self._field(app, operation.model_name, operation.old_name):
                yield f"{name}: {VERSION} knows the former name only. {_RENAME}", False
            case migrations.AddField() if self._model(app, operation.model_name):
                field = operation.field
                if not (field.many_to_many or field.null or field.has_db_default()):
                    yield (
                        f"{name}: {VERSION} inserts rows without it. Give it null=True, or db_default=… beside its "
                        "default (Django takes a mere default away from the database again)",
                        False,
                    )
            case migrations.AlterField() if self._field(app, operation.model_name, operation.name):
                now = state.models[app, operation.model_name_lower].fields[operation.name]
                for change in _stricter(now, operation.field):
                    yield f"{name}: {change}, and {VERSION} does not know. Write {_READ_ALOUD}", True
            case migrations.AddConstraint() if self._model(app, operation.model_name):
                yield f"{name}: {VERSION} may write rows that break it. Write {_READ_ALOUD}", True
            case migrations.AlterUniqueTogether() if self._model(app, operation.name):
                yield f"{name}: {VERSION} may write rows that break it. Write {_READ_ALOUD}", True

    def _forgotten(self, operation: Operation, app: str, state: ProjectState) -> Iterator[tuple[str, bool]]:
        """The first of two steps: this version's models forget a column that stays. Its inserts no longer name it."""
        if isinstance(operation, migrations.RemoveField) and self._field(app, operation.model_name, operation.name):
            field = state.models[app, operation.model_name_lower].fields[operation.name]
            if not (field.many_to_many or field.null or field.has_db_default()):
                yield (
                    f"{operation.describe()}: the column stays and this version inserts rows without it. "
                    "Alter it before, to null=True or to a db_default",
                    False,
                )

    def _model(self, app: str, name: str) -> ModelState | None:
        return self._released.models.get((app, name.lower()))

    def _field(self, app: str, model: str, name: str) -> object:
        found = self._model(app, model)
        return found and found.fields.get(name)


_TAKE_TWO = (
    "Take two releases: in this one SeparateDatabaseAndState with the removal among its state_operations; in the next, "
    "when no code knows it, RunSQL that drops it"
)
_RENAME = "Give the field another name in Python (db_column, db_table), or add a new one and fill both for a release"


def _stricter(before: models.Field, after: models.Field) -> Iterator[str]:
    if before.null and not after.null:
        yield "NULL is refused from now on"
    if before.has_db_default() and not after.has_db_default() and not after.null:
        yield "the database fills it no longer"
    lengths = before.max_length, after.max_length
    if lengths[1] is not None and (lengths[0] is None or lengths[1] < lengths[0]):
        yield "what fits into it is shorter"
    if after.unique and not before.unique:
        yield "it becomes unique"
    types = before.get_internal_type(), after.get_internal_type()
    if types[0] != types[1] and types not in _WIDER:
        yield f"from {types[0]} to {types[1]}"
    if (before.db_column or before.name) != (after.db_column or after.name):
        yield "its column has another name"


def _ours() -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name.startswith("plainchant.")}


def test_the_last_release_works_on_the_tables_of_this_one() -> None:
    loader = MigrationLoader(None)
    last = list(LAST.items())
    released = {key for leaf in last for key in loader.graph.forwards_plan(leaf)}
    reader = Reader(loader.project_state(last))
    found = [
        sentence
        for key, migration in sorted(loader.disk_migrations.items())
        if key[0] in _ours() and key not in released
        for sentence in reader.troubles(migration, loader.project_state(key, at_end=False))
    ]
    assert found == [], "\n" + "\n".join(found)


# -- The rule itself ---------------------------------------------------------------------------------------------


def _released() -> ProjectState:
    state = ProjectState()
    fields: list[tuple[str, models.Field]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("note", models.CharField(max_length=50, null=True)),
    ]
    state.add_model(ModelState("shop", "Order", fields))
    return state


def _refused(*operations: Operation, reason: str = "") -> list[str]:
    migration = type("Migration", (Migration,), {"operations": list(operations)})("0002_next", "shop")
    setattr(migration, REASON, reason)
    return Reader(_released()).troubles(migration, _released())


def _alter(name: str, field: models.Field) -> Operation:
    return migrations.AlterField("order", name, field)


REFUSED: Sequence[Operation] = [
    migrations.RemoveField("order", "note"),
    migrations.DeleteModel("Order"),
    migrations.RenameField("order", "note", "remark"),
    migrations.RenameModel("Order", "Purchase"),
    migrations.AlterModelTable("order", "purchases"),
    migrations.AddField("order", "paid", models.BooleanField(default=False)),
    migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("order", "name")]),
    migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("order", "note")]),
]
EXCUSABLE: Sequence[Operation] = [
    migrations.RunPython(migrations.RunPython.noop),
    migrations.RunSQL("DROP TABLE shop_order"),
    _alter("note", models.CharField(max_length=50)),
    _alter("name", models.CharField(max_length=20)),
    _alter("name", models.CharField(max_length=50, unique=True)),
    _alter("name", models.IntegerField()),
    _alter("name", models.CharField(max_length=50, db_column="label")),
    migrations.AddConstraint("order", models.UniqueConstraint(fields=["name"], name="one")),
    migrations.AlterUniqueTogether("order", {("name", "note")}),
]
ADDITIVE: Sequence[Operation] = [
    migrations.AddField("order", "paid", models.BooleanField(default=False, db_default=False)),
    migrations.AddField("order", "paid_at", models.DateTimeField(null=True)),
    _alter("name", models.TextField()),
    _alter("name", models.CharField(max_length=50, null=True)),
    migrations.AddIndex("order", models.Index(fields=["name"], name="by_name")),
    migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("order", "note")]),
    migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True)), ("text", models.TextField())]),
]


def test_what_the_last_release_cannot_live_with_is_refused_whatever_its_reason() -> None:
    for operation in REFUSED:
        assert len(_refused(operation, reason=f"{VERSION}: nobody will notice it")) == 1, operation


def test_what_the_rule_cannot_judge_wants_a_reason_that_names_the_last_release() -> None:
    for operation in EXCUSABLE:
        assert len(_refused(operation)) == 1, operation
        assert len(_refused(operation, reason="0.0.9: it writes every column")) == 1, operation
        assert _refused(operation, reason=f"{VERSION}: it writes every column") == [], operation


def test_what_adds_is_free_and_so_is_what_no_release_has() -> None:
    for operation in ADDITIVE:
        assert _refused(operation) == [], operation
    new = [
        ADDITIVE[-1],
        migrations.RemoveField("line", "text"),
        migrations.AddField("line", "n", models.IntegerField()),
    ]
    assert _refused(*new, migrations.RenameModel("Line", "Row"), migrations.DeleteModel("Row")) == []
