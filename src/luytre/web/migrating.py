"""Migrating a database without drawing all its models anew for each new one.

Before Django makes a table it draws the class of its model again, and that of every model that hangs together with it: of a
hundred and fifty models nearly all, a hundred and fifty times over, two thirds of the processor's time of a first start. A model
that was not there needs nobody else's class drawn again: the classes that it points at learn of it when its own is drawn, and
look up who points at them in the registry that is alive.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def only_new_models_drawn() -> Iterator[None]:
    """What migrates inside of it does the same as without, sooner (tests/civic/test_upgrade_register.py compares the two)."""
    as_django_does = ProjectState.add_model

    def add_model(state: ProjectState, model: ModelState) -> None:
        drawn = state.__dict__.pop("apps", None)  # what is not there, Django does not draw again
        as_django_does(state, model)
        if drawn is not None:
            state.__dict__["apps"] = drawn
            drawn.render_multiple([model])

    ProjectState.add_model = add_model  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        ProjectState.add_model = as_django_does  # type: ignore[method-assign]


def migrate_all() -> None:
    """Every migration that is not there yet, without a question and without a word."""
    with only_new_models_drawn():
        call_command("migrate", verbosity=0, interactive=False)
