"""The training pipeline's small parts: folding, masking, overlap, export. No training, no shared data."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

import numpy as np
import pytest

from index.training import export
from index.training.texts import charsmap, domain, overlap, wordnet


@pytest.mark.parametrize(
    ("character", "folded"), [("Ａ", "a"), ("é", "e"), ("資", "资"), ("％", "%"), ("①", "1"), ("的", "的")]
)
def test_folding_evens_width_case_accent_and_script(character: str, folded: str) -> None:
    assert charsmap.fold(character, {"資": "资"}) == folded


def test_punctuation_becomes_a_space_and_percent_stays() -> None:
    rules = charsmap.rules({})
    assert rules["，"] == " "
    assert rules["。"] == " "
    assert rules["％"] == "%"
    assert "%" not in rules


def test_masking_hides_every_figure_but_no_name() -> None:
    """PM2.5 and 5G are names; 18.3 is a figure."""
    text = "PM2.5浓度下降18.3%，新建5G基站1,200个"
    for seed in range(20):
        masked = domain.mask(text, random.Random(seed))
        assert "PM2.5" in masked
        assert "5G" in masked
        assert "18.3" not in masked
        assert "1,200" not in masked


def test_a_clause_is_cut_around_the_indicator() -> None:
    text = "一般公共预算收入增长5%，固定资产投资完成10亿元，同比增长3%，其他不变"
    assert domain.clause(text, ("固定资产投资",)) == "固定资产投资完成10亿元，同比增长3%，"


def test_wordings_have_three_columns() -> None:
    assert len(domain.wordings()) > 90
    assert all(one.formal and one.casual and one.english for one in domain.wordings())


def test_no_test_question_is_a_training_wording() -> None:
    """The test half of the paraphrase set stands in no list that training reads."""
    rows = [json.loads(line) for line in domain.PARAPHRASES.read_text(encoding="utf-8").splitlines()]
    test = {overlap.even_plain(row["question"]) for row in rows if row["split"] == "test"}
    train = {overlap.even_plain(row["question"]) for row in rows if row["split"] == "train"}
    words = {overlap.even_plain(word) for one in domain.wordings() for word in (*one.formal, *one.casual, *one.english)}
    assert not test & train
    assert not test & words


def test_an_indicator_only_the_test_half_asks_for_is_unknown_to_training() -> None:
    rows = [json.loads(line) for line in domain.PARAPHRASES.read_text(encoding="utf-8").splitlines()]
    unseen = {row["indicator"] for row in rows if not row["seen"]}
    assert unseen
    assert not unseen & {one.name for one in domain.indicators()}


def test_window_hashes_tell_equal_runs_and_only_those() -> None:
    first, second = (overlap.window_hashes(text, 3) for text in ("abcdefg", "xxcdeyy"))
    assert len(first) == 5
    assert [int(place) for place in np.flatnonzero(np.isin(first, second))] == [2]


def test_overlap_finds_shared_runs_and_whole_questions() -> None:
    """A run of forty characters, and a short question inside a longer text; nothing across a border."""
    passage = "".join(chr(0x4E00 + place) for place in range(60))
    question = "甲乙丙丁戊己庚辛壬癸子丑寅"
    training = ["无关的文字在这里", "前" + passage[5:50] + "后", "问" + question + "吗", passage[:39]]
    assert set(overlap.overlaps(training, [passage, question])) == {1, 2}


def test_rotation_keeps_inner_products_and_sorts_axes() -> None:
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(50, 8)).astype(np.float32)
    turned = export.rotate(matrix, np.arange(50))
    np.testing.assert_allclose(turned @ turned.T, matrix @ matrix.T, atol=1e-4)
    power = (turned**2 * (np.arange(50) + 1)[:, None]).sum(axis=0)
    assert (np.diff(power) <= 1e-3).all()


def test_quantised_rows_come_back_within_half_a_step() -> None:
    matrix = np.random.default_rng(2).normal(size=(20, 16)).astype(np.float32)
    matrix[0] = 0
    steps, scales = export.quantise(matrix)
    np.testing.assert_allclose(steps * scales[:, None], matrix, atol=float(scales.max()) / 2 + 1e-6)
    assert not steps[0].any()


def test_manifest_of_the_shipped_model_names_its_data() -> None:
    """Also the packages beside the shared folder; the tokenizer named is the one that lies there."""
    folder = Path(export.__file__).parents[1] / "models" / "wenju-embed"
    manifest = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    assert len(manifest["data_sha256"]) > 100
    assert not any("bench" in name for name in manifest["data_sha256"])
    assert manifest["settings"]["seed"]
    assert manifest["packages"][wordnet.PACKAGE] == wordnet.KNOWN
    assert set(manifest["made_with"]) >= {"numpy", "python", "tokenizers", "torch"}
    assert manifest["tokenizer_sha256"] == hashlib.sha256((folder / "tokenizer.json").read_bytes()).hexdigest()
    # The sources from packages and those made here are in the shipped model.
    assert {name.partition(":")[0] for name in manifest["rows_by_group"]} >= {"wordnet", "cldr", "domain", "cloze"}


def test_what_the_model_is_shown_off_with_is_not_trained_on() -> None:
    """The lexicon knows 老百姓手里的钱; the model must find it by itself."""
    spoken = {phrase for one in domain.indicators() for phrase in (*one.asked, *one.questions)}
    spoken |= {word for one in domain.wordings() for word in (*one.casual, *one.english)}
    assert len(spoken) > 500
    assert not [phrase for phrase in spoken if any(unheard in phrase for unheard in domain.UNHEARD)]
