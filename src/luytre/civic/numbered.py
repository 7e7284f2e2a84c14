"""Things with a number of their year: 1, 2, 3 … without a hole, also when several are made at once.

An abstract model and nothing else: the tables, and the constraint that a number is used once, are their rooms'.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.timezone import localdate

_TRIES = 20


class NumberedModel(models.Model):
    """`year` and `number` together are unique: each room says so with a constraint of its own."""

    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        abstract = True

    def save_with_next_number(self, at: datetime, is_twice: Callable[[], bool] = lambda: False) -> None:
        """Saves the new row under the next number of the year of `at`: who is overtaken takes the one after.

        `is_twice`: whether another constraint than the number's refused it, so that trying again is in vain.
        Errors: IntegrityError for what no number mends. A row that is not saved takes no number.
        """
        self.year = localdate(at).year
        for attempt in range(_TRIES):
            last = type(self)._default_manager.filter(year=self.year).aggregate(last=Max("number"))["last"] or 0
            self.number = last + 1
            try:
                with transaction.atomic():
                    self.save(force_insert=True)
                return
            except IntegrityError:
                if is_twice() or attempt == _TRIES - 1:
                    raise
