"""What training reads beside the shared files: WordNet, CLDR, and what the teacher lends. Small parts of each."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from index.training import teacher, tokenizer
from index.training.texts import corpus, wordnet

LINE = (
    "11052955 18 n 02 Hobbes 0 Thomas_Hobbes 0 002 @i 10423589 n 0000 + 03012356 a 0101 | "
    'English philosopher (1588-1679); "Hobbes wrote Leviathan"  \n'
)


def test_a_wordnet_line_gives_words_gloss_examples_and_the_sense_above() -> None:
    key, sense = wordnet.parse(LINE, "n")
    assert key == "n11052955"
    assert sense == wordnet.Synset(
        ("Hobbes", "Thomas Hobbes"), "English philosopher (1588-1679)", ("Hobbes wrote Leviathan",), "n10423589"
    )


def test_markers_of_adjectives_are_no_part_of_the_word() -> None:
    line = "00003553 00 s 01 abounding(p) 0 001 & 00003356 a 0000 | existing in abundance; "
    assert wordnet.parse(line, "a")[1] == wordnet.Synset(("abounding",), "existing in abundance", (), None)


def test_another_edition_of_wordnet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_WORDNET", str(tmp_path))
    wordnet.hashes.cache_clear()
    with pytest.raises(SystemExit, match="apt-get install wordnet-base"):
        wordnet.hashes()
    for name in wordnet.KNOWN:
        (tmp_path / name).write_text(LINE, encoding="ascii")
    with pytest.raises(SystemExit, match=r"data.noun.*not as in Debian wordnet-base"):
        wordnet.hashes()


CHINESE_UNITS = {"万": 1e4, "亿": 1e8, "万亿": 1e12}
ENGLISH_UNITS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


def test_figures_are_the_same_quantity_in_both_languages() -> None:
    """Ten thousands here, thousands there, each rounded to two places of its own unit."""
    cldr = pytest.importorskip("index.training.texts.cldr", exc_type=ImportError)
    assert ("中国", "China") in cldr.names()
    assert cldr.written(200) == cldr.written(200)
    units = set()
    for seed in range(300):
        chinese, english = cldr._amount(random.Random(seed))
        parts = re.fullmatch(r"([\d.,]+)(\D*)", chinese)
        assert parts
        number, unit = parts.groups()
        value, _, word = english.partition(" ")
        said = float(number.replace(",", "")) * CHINESE_UNITS.get(unit, 1)
        told = float(value.replace(",", "")) * ENGLISH_UNITS.get(word, 1)
        assert said == pytest.approx(told, rel=0.006)
        units |= {unit, word}
    assert units >= {"万", "亿", "thousand", "million", "billion"}


def test_words_of_the_general_vocabulary_are_kept_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A word never met in the text stands behind those met; a common word of the text fills what is left."""
    (tmp_path / "vocab.txt").write_text("[PAD]\nthe\nparis\nzeppelin\n##ing\nx\n", encoding="utf-8")
    monkeypatch.setattr(teacher, "folder", lambda: tmp_path)
    found = tokenizer.english_words(["the gdp of paris", "the gdp and the rest"] * 20, 4)
    assert set(found) == {"the", "paris", "zeppelin", "gdp"}
    assert found["the"] > found["gdp"] > found["zeppelin"]


def test_pieces_stand_in_one_order_however_the_trainer_found_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Order and the last digits differ from run to run; the assembled tokenizer does not."""
    monkeypatch.setattr(corpus, "traditional", lambda: {"資": "资"})
    pytest.importorskip("sentencepiece")  # compiles the character map
    first = tokenizer.assemble({"投资": -8.001, "粮食": -8.1, "粮": -12.31, "鬱": -12.2})
    second = tokenizer.assemble({"鬱": -12.21, "粮": -12.3, "粮食": -8.1, "投资": -8.0})
    assert first.to_str() == second.to_str()
    assert first.encode("粮食投资").tokens == ["粮食", "投资"]


@pytest.fixture
def taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A teacher in miniature: a random transformer of the words of three senses, in the package's layout."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", "grain", "jobs", "income", "exports"]
    cutter = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    cutter.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    base, folder = tmp_path / "base", tmp_path / "model"
    PreTrainedTokenizerFast(tokenizer_object=cutter, unk_token="[UNK]", pad_token="[PAD]").save_pretrained(base)  # type: ignore[no-untyped-call]
    torch.manual_seed(1)
    BertModel(
        BertConfig(
            vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
        )
    ).save_pretrained(base)
    SentenceTransformer(modules=[Transformer(str(base), max_seq_length=8), Pooling(16)]).save(str(folder))
    monkeypatch.setattr(teacher, "folder", lambda: folder)
    pairs = [corpus.Pair("粮食", "grain", "t"), corpus.Pair("就业", "jobs", "t")]
    monkeypatch.setattr(corpus, "pairs", lambda _: pairs)
    return ["[UNK]", "grain", "jobs", "粮食", "就业", "未知"]


def test_pieces_start_near_what_the_teacher_says_of_them(taught: list[str]) -> None:
    """A Chinese piece starts at its dictionary sense; one that the dictionary lacks keeps its random vector."""
    torch.manual_seed(2)
    own = torch.nn.Parameter(torch.randn(len(taught), 24) * 24**-0.5)
    before = own.detach().clone()
    teacher.start_from(own, taught, 0.9)
    unit = torch.nn.functional.normalize(own.detach(), dim=-1)
    assert unit[1] @ unit[3] > 0.9
    assert unit[2] @ unit[4] > 0.9
    assert unit[1] @ unit[2] < 0.5
    assert torch.equal(own.detach()[5], before[5])


def test_similarities_are_given_only_where_the_teacher_has_read_every_text() -> None:
    rows = np.eye(3, dtype=np.float16)
    vectors = teacher.Vectors(rows, ["a", "b", "c"])
    found = vectors.similarities(["b", "b", "c"])
    assert found is not None
    assert found.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert vectors.similarities(["b", "unread"]) is None
    with pytest.raises(SystemExit, match="belong to other data"):
        teacher.Vectors(rows, ["a"])


def test_the_second_author_repeats_no_question_of_the_first() -> None:
    first = Path(tokenizer.__file__).parents[2] / "eval" / "embedding" / "data" / "paraphrase.jsonl"
    second = first.with_name("paraphrase_second.jsonl")
    asked = [
        {json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()} for path in (first, second)
    ]
    assert len(asked[1]) >= 60
    assert not asked[0] & asked[1]
