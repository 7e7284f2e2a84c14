"""The catalogue: every word is translated, and every place in it agrees."""

from __future__ import annotations

from pathlib import Path

from luytre.base.errors import GAP_WORDS, PROBLEM_WORDS
from luytre.base.i18n import translate
from luytre.web import messages


def test_every_word_is_in_vietnamese_and_its_places_agree() -> None:
    assert messages.faults() == []


def test_a_missing_translation_and_a_lost_place_are_found() -> None:
    class Text:
        def __init__(self, string: object) -> None:
            self.string = string

    assert messages._compare("Hello {name}", "Hello {name}", None) == ["no translation: 'Hello {name}'"]
    assert messages._compare("Hello {name}", "Hello {name}", Text("")) == ["no translation: 'Hello {name}'"]
    assert messages._compare("Hello {name}", "Hello {name}", Text("Chào")) == ["places differ: 'Hello {name}'"]
    assert messages._compare("%(n)d day", "%(n)d days", Text(("%(n)d ngày",))) == []


def test_what_is_translated_twice_is_found() -> None:
    """Also where one of them is long or has a plural; the same words in another context are others."""
    one = 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s ngày"'
    long = 'msgid ""\n"a long one, "\n"in two lines"\nmsgstr "một câu dài"'
    assert messages.twice(f'{one}\n\n{long}\n\nmsgctxt "of a week"\n{one}\n') == []
    assert len(messages.twice(f"{one}\n\n{long}\n\n#, python-format\n{one}\n\n{long}\n")) == 2


def test_problems_and_gaps_read_in_vietnamese_from_the_base_too() -> None:
    for words in PROBLEM_WORDS.values():
        assert translate(words.cause, "vi") != words.cause
        assert translate(words.hint, "vi") != words.hint
        assert translate(words.cause, "en") == words.cause
    for text in GAP_WORDS.values():
        assert translate(text, "vi") != text


def test_no_sentence_for_users_stands_in_a_script() -> None:
    for path in (Path(__file__).parents[2] / "web-ui" / "src").rglob("*.ts"):
        text = path.read_text("utf-8")
        assert 'textContent = "' not in text, path.name
        assert "alert(" not in text, path.name


def test_names_used_in_scripts_are_sent_by_the_page() -> None:
    import re

    from luytre.web import map_words, survey_words, words

    sent = {"wall.ts": set(words.for_wall()), "masks.ts": set(words.for_masks()), "map.ts": set(map_words.for_map())}
    sent |= {name: set(words.for_blur()) for name in ("blur.ts", "blur-list.ts")}
    sent |= {f"map-{name}.ts": sent["map.ts"] for name in ("side", "measure", "edit", "eye", "draw", "form", "plan")}
    sent |= {
        f"survey{name}.ts": set(survey_words.for_survey())
        for name in ("", "-form", "-place", "-compass", "-figures", "-photo", "-send", "-store")
    }
    for path in (Path(__file__).parents[2] / "web-ui" / "src").rglob("*.ts"):
        if path.parent.name == "verify":  # stands alone: TypeScript wants each of its words in both languages (words.ts)
            continue
        used = set(re.findall(r"""\b(?:say|text|tell)\((?:[\w.]+, )?"(\w+)\"""", path.read_text("utf-8")))
        assert used <= sent.get(path.name, set(words.for_playback())), path.name
