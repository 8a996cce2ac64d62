"""Everyday Chinese and English, read as what reports say."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from index.errors import VocabularyError
from rag.find.synonyms import load_synonyms
from rag.understand.words import DATA


def test_every_group_says_something_else() -> None:
    """A word whose only reading is itself, or that has one letter, would be matched everywhere and help nobody."""
    synonyms = load_synonyms()
    assert len(synonyms.told) > 4000
    assert len(synonyms.english) > 3500
    with_one = [word for word in synonyms.told if len(word) < 2]
    same = [word for word, told in synonyms.told.items() if word in told]
    assert (with_one, same) == ([], [])


def test_english_terms_stand_once() -> None:
    """A term of the glossary in its base form, and Chinese words that hold Chinese or a mark such as 5G."""
    with (DATA / "glossary.toml").open("rb") as file:
        terms: dict[str, list[str]] = tomllib.load(file)["terms"]
    assert [term for term in terms if term != term.strip()] == []
    assert [term for term, told in terms.items() if not told or not all(told)] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("给多少打工人补了课", "给多少劳动者补了课"),
        ("renovated old residential communities", "改造 老旧小区"),
        ("sewage treatment plants", "污水处理厂"),
        ("flibbertigibbet", ""),
    ],
)
def test_what_is_asked_as_reports_would_say_it(words: str, told: str) -> None:
    """The longest term first, whatever its ending; Chinese that nobody knows stays, English has no Chinese."""
    assert load_synonyms().formally(words) == told


def test_a_part_keeps_what_was_asked_beside_its_other_readings() -> None:
    """A report may say 打工人 itself."""
    (part,) = load_synonyms().parts("打工人")
    assert part.readings[0] == ("打工", "工人")
    assert ("职工",) in part.readings


def test_unknown_words_stand_for_themselves() -> None:
    parts = load_synonyms().parts("冰糖泡泡")
    assert [part.readings for part in parts] == [((part.words,),) for part in parts]


def test_a_vocabulary_that_is_no_toml_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which file."""
    (tmp_path / "synonyms.toml").write_text("[[group]\n", encoding="utf-8")
    monkeypatch.setattr("rag.find.synonyms.DATA", tmp_path)
    with pytest.raises(VocabularyError, match=r"synonyms\.toml"):
        load_synonyms.__wrapped__()
