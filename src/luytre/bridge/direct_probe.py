"""A test of a camera without the recorder, for `luytre camera test`: opens the camera from this very process."""

from __future__ import annotations

import asyncio

from luytre.base.errors import PROBLEM_WORDS
from luytre.base.i18n import translate
from luytre.civic.ports import ProbeAnswer

TIMEOUT_S = 15.0


class DirectProbe:
    """CameraProbe over `media.source.probe`. Files may be read: whoever has this machine's shell has its files too."""

    def probe(self, url: str, username: str, password: str, language: str) -> ProbeAnswer:
        from luytre.media.source.probe import probe  # brings PyAV along: only where it is used

        result = asyncio.run(probe(url, username, password, TIMEOUT_S, files_allowed=True))
        words = PROBLEM_WORDS[result.problem] if result.problem is not None else None
        return ProbeAnswer(
            ok=words is None,
            problem=str(result.problem or ""),
            sentence=translate(words.cause, language) if words else "",
            hint=translate(words.hint, language) if words else "",
            codec=result.codec,
            width_px=result.width_px,
            height_px=result.height_px,
            fps=result.fps,
            audio=result.audio,
            picture_jpeg=result.picture_jpeg,
        )
