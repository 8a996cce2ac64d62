"""A cross-encoder as the rerank model: the numbers of sentence-transformers, bounded, and named when it cannot be had."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.errors import RerankModelError
from index.store.reranking import INSTALL, CrossEncoderReranker
from tests.conftest import ROOT
from tests.index.store.cross_encoder import write_cross_encoder

TEXTS = ["固定资产投资增长5%。", "财政收入增长3%。", "新建公园3，河滨公园面积最大。", "", "长" * 100_000]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("rerank") / "tiny-reranker")


def test_scores_are_the_models_own_in_bounds(folder: Path) -> None:
    """Those of ``CrossEncoder`` with a sigmoid, for texts of any length; the same alone and among others."""
    from sentence_transformers import CrossEncoder
    from torch.nn import Sigmoid

    model = CrossEncoderReranker(str(folder))
    found = model.scores("固定资产投资", TEXTS)
    pairs = [("固定资产投资", text) for text in TEXTS[:4]]
    expected = CrossEncoder(str(folder)).predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)
    np.testing.assert_allclose(found[:4], expected, atol=1e-5)
    assert found.shape == (5,)
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()
    assert len(set(found[:4].round(4).tolist())) == 4
    np.testing.assert_allclose(model.scores("固定资产投资", TEXTS[2:3]), found[2:3], atol=1e-5)
    assert model.scores("固定资产投资", []).shape == (0,)


def test_name_and_identity_are_the_folders(folder: Path, tmp_path: Path) -> None:
    model = CrossEncoderReranker(str(folder))
    assert model.name == "tiny-reranker"
    other = CrossEncoderReranker(str(write_cross_encoder(tmp_path / "tiny-reranker")))
    assert other.identity == model.identity
    assert model.identity.startswith("sha256:")


def test_threads_may_share_it(folder: Path) -> None:
    """A tokenizer is set anew at each call, and says so if two do it at once."""
    model = CrossEncoderReranker(str(folder))
    expected = model.scores("财政收入", TEXTS[:4])
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: model.scores("财政收入", TEXTS[:4]), range(24)):
            np.testing.assert_allclose(found, expected, atol=1e-5)


def test_nothing_is_drawn_while_it_loads(folder: Path) -> None:
    """Standard error is read by others: no bars in it."""
    code = "import sys; from index.store.reranking import CrossEncoderReranker as C; C(sys.argv[1]).scores('a', ['b'])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_model_of_several_numbers_is_no_reranker(tmp_path: Path) -> None:
    with pytest.raises(RerankModelError, match="gives 3 numbers for a pair, not one"):
        CrossEncoderReranker(str(write_cross_encoder(tmp_path / "m", labels=3)))


def test_what_cannot_be_opened_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RerankModelError, match=r"holds no config\.json"):
        CrossEncoderReranker(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RerankModelError, match="the folder is broken"):
        CrossEncoderReranker(str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(RerankModelError, match="hub cannot be reached"):
        CrossEncoderReranker("wenju-test/no-such-reranker")


def test_without_the_extra_the_command_that_brings_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(RerankModelError) as raised:
        CrossEncoderReranker(str(folder))
    assert INSTALL in str(raised.value)
