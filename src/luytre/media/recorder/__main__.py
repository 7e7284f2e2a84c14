"""`python -m luytre.media.recorder`: the recorder under the supervisor."""

from __future__ import annotations

import sys

import uvloop

from luytre.base.environment import read_environment
from luytre.base.errors import LuytreError
from luytre.base.i18n import language_from_environment, use_language
from luytre.media.recorder.logs import set_up
from luytre.media.recorder.memory import keep_heap
from luytre.media.recorder.node import run


def main() -> int:
    use_language(language_from_environment())
    set_up()
    keep_heap()
    try:
        uvloop.run(run(read_environment()))
    except LuytreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
