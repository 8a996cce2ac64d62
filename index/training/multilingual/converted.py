"""The published weights as a sentence-transformers folder whose vocabulary is cut to Chinese and English.

A piece stays when the training texts (Chinese in both scripts, English) hold it, when it is a single character of
either language, or when it is a special one. Left-out pieces fall apart into shorter ones that stay, so nothing that
is written in these languages should become unknown: the command counts what does, on all reports and benchmarks, for the
whole vocabulary and for the cut one.

    python -m index.training.multilingual.converted --out runs/e5 [--size 36000]
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from eval.embedding.tasks import benchmark_tasks
from index.training.multilingual import packed
from index.training.texts import corpus, mixing

PROMPTS = {"query": "query: ", "passage": "passage: "}
#: Tokens of a text beyond which the model does not read; it was published for 512.
LONGEST = 512
#: A piece met in fewer training texts than this is spelled by shorter ones.
SELDOM = 3
TOGETHER = 4096

# The published normaliser is NFKC, with separators for spaces and other control characters taken out. `otherwise` compares
# every sign of the published map.
_SPACES = Regex(r"[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]")
_CONTROLS = Regex(r"[\x01-\x08\x0b\x0e-\x1f\x7f\u008f\u009f]")


def tokenizer(pieces: Sequence[packed.Piece], *, unknown: int, bos: int, eos: int) -> Tokenizer:
    """A SentencePiece unigram as the published model cuts text, over the given pieces."""
    made = Tokenizer(models.Unigram([(piece.text, piece.score) for piece in pieces], unk_id=unknown))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(_SPACES, " "),
            normalizers.Replace(_CONTROLS, ""),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    made.decoder = decoders.Metaspace()
    start, end = pieces[bos].text, pieces[eos].text
    made.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, bos), (end, eos)]
    )
    return made


def otherwise(cut: Tokenizer, normalised: Mapping[str, str]) -> list[str]:
    """The signs that ``cut`` evens out otherwise than the published map says."""
    return [sign for sign, told in normalised.items() if cut.normalizer.normalize_str(sign) != told]


def unknown_share(cut: Tokenizer, texts: Iterable[str]) -> tuple[int, int]:
    """How many tokens of the texts are unknown, and how many there are."""
    unknown = cut.get_vocab()["<unk>"]
    counted: list[list[int]] = [
        encoding.ids for encoding in cut.encode_batch_fast(list(texts), add_special_tokens=False)
    ]
    missed: int = sum(ids.count(unknown) for ids in counted)
    return missed, sum(map(len, counted))


def _letter(text: str) -> bool:
    """One character of either language: ASCII, CJK punctuation, kana excepted, full width, ideographs."""
    return len(text) == 1 and (
        text.isascii() or "\u2000" <= text <= "\u2bff" or "\u3000" <= text <= "\u303f" or "\u3400" <= text <= "\u9fff"
    )


def kept(whole: packed.Packed, full: Tokenizer, texts: Iterable[str], size: int) -> list[int]:
    """Numbers of the pieces that stay, in the published order, ``size`` at most; ``full`` cuts with all of them."""
    seen: Counter[int] = Counter()
    block: list[str] = []
    for text in texts:
        block.append(text)
        if len(block) == TOGETHER:
            _count(full, block, seen)
            block = []
    _count(full, block, seen)
    special = {whole.bos, whole.eos, whole.pad, whole.unknown}
    single = {number for number, piece in enumerate(whole.pieces) if _letter(piece.text.removeprefix("▁") or "▁")}
    room = size - len(special | single)
    if room < 0:
        raise SystemExit(f"--size {size}: single characters alone are {len(special | single)} pieces")
    common = [number for number, count in seen.most_common() if count >= SELDOM and number not in special | single]
    print(f"{len(single)} single characters, {len(common)} more pieces seen, {len(common[room:])} of them left out")
    return sorted({*special, *single, *common[:room]})


def _count(full: Tokenizer, block: list[str], seen: Counter[int]) -> None:
    for encoding in full.encode_batch_fast(block, add_special_tokens=False):
        seen.update(set(encoding.ids))


def model(whole: packed.Packed, numbers: Sequence[int]) -> BertModel:
    """The network in float32, its word vectors those of the pieces ``numbers``."""
    shape = whole.shape
    config = BertConfig(
        vocab_size=len(numbers), hidden_size=shape.hidden, num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads, intermediate_size=shape.inner, max_position_embeddings=shape.positions,
        type_vocab_size=1, layer_norm_eps=1e-12, pad_token_id=list(numbers).index(whole.pad),
    )  # fmt: skip
    made = BertModel(config, add_pooling_layer=False)
    held = {name: torch.from_numpy(tensor.copy()) for name, tensor in whole.tensors.items()}
    state = {
        "embeddings.word_embeddings.weight": held["emb.word"].view(-1, shape.hidden)[list(numbers)],
        "embeddings.position_embeddings.weight": held["emb.pos"].view(-1, shape.hidden),
        # All tokens are of the first type.
        "embeddings.token_type_embeddings.weight": held["emb.type"].view(-1, shape.hidden)[:1],
        "embeddings.LayerNorm.weight": held["emb.ln.w"],
        "embeddings.LayerNorm.bias": held["emb.ln.b"],
    }
    parts = {
        "attention.self.query": ("q", shape.hidden), "attention.self.key": ("k", shape.hidden),
        "attention.self.value": ("v", shape.hidden), "attention.output.dense": ("ao", shape.hidden),
        "attention.output.LayerNorm": ("aln", 0), "intermediate.dense": ("fi", shape.hidden),
        "output.dense": ("fo", shape.inner), "output.LayerNorm": ("oln", 0),
    }  # fmt: skip
    for layer in range(shape.layers):
        for name, (short, width) in parts.items():
            weight = held[f"l{layer}.{short}.w"]
            state[f"encoder.layer.{layer}.{name}.weight"] = weight.view(-1, width) if width else weight
            state[f"encoder.layer.{layer}.{name}.bias"] = held[f"l{layer}.{short}.b"]
    made.load_state_dict(state)
    return made.eval()


def save(network: BertModel, cut: Tokenizer, out: Path, *, small: bool = False, longest: int = LONGEST) -> None:
    """A sentence-transformers folder: mean of the tokens, length 1, the published prompts, weights in half precision.

    ``small`` keeps matrices in eight bits (E4M3), which transformers turns back into float32 when it opens the folder.
    """
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=cut, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<pad>",
        cls_token="<s>", sep_token="</s>", model_max_length=longest,
    )  # fmt: skip
    inner = out.with_name(out.name + ".plain")
    network.half().save_pretrained(inner)
    network.float()
    wrapped.save_pretrained(inner)
    module = Transformer(str(inner), max_seq_length=longest)
    whole = SentenceTransformer(
        modules=[module, Pooling(network.config.hidden_size), Normalize()], prompts=PROMPTS, device="cpu"
    )
    whole.half().save(str(out), create_model_card=False)
    shutil.rmtree(inner)
    _rewrite(out, small=small)


def _rewrite(folder: Path, *, small: bool) -> None:
    """Make the weights readable by all and, if ``small``, keep matrices in eight bits.

    sentence-transformers opens a pooling layer that it never asks; its random numbers become zeros.
    """
    path = folder / "model.safetensors"
    held = load_file(path)
    for name, tensor in held.items():
        if name.startswith("pooler"):
            held[name] = torch.zeros_like(tensor)
        if small and name.startswith(("pooler", "encoder", "embeddings.word")) and tensor.ndim == 2:
            held[name] = held[name].to(torch.float8_e4m3fn)
    save_file(held, path, metadata={"format": "pt"})
    path.chmod(0o644)  # safetensors makes it readable by its owner only
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["dtype"] = "float32" if small else "float16"
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def training_texts() -> Iterator[str]:
    """Every text that training may see, and the reports."""
    for group in mixing.groups():
        yield from dict.fromkeys((*group.left, *group.right))
    for lines in corpus.reports().values():
        yield from lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=36_000, help="pieces that stay, at most")
    options = parser.parse_args()
    path = packed.packaged()
    whole = packed.read(path)
    full = tokenizer(whole.pieces, unknown=whole.unknown, bos=whole.bos, eos=whole.eos)
    if wrong := otherwise(full, whole.normalised):
        raise SystemExit(f"{len(wrong)} signs are evened out otherwise than the published model does: {wrong[:5]!r}")
    numbers = kept(whole, full, training_texts(), options.size)
    place = {number: new for new, number in enumerate(numbers)}
    cut = tokenizer(
        [whole.pieces[number] for number in numbers],
        unknown=place[whole.unknown], bos=place[whole.bos], eos=place[whole.eos],
    )  # fmt: skip
    save(model(whole, numbers), cut, options.out)
    made = {"from": packed.PACKAGE, "sha256": corpus.digest(path), "pieces": len(numbers)}
    (options.out / "training.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{options.out}: {len(numbers)} pieces")
    reports = [line for lines in corpus.reports().values() for line in lines]
    benchmarks = [text for task in benchmark_tasks(corpus.shared_root()) for text in (*task.queries, *task.passages)]
    for name, texts in (("reports", reports), ("benchmarks", benchmarks)):
        for label, one in (("whole", full), ("cut", cut)):
            unknown, tokens = unknown_share(one, texts)
            print(f"{name}, {label} vocabulary: {unknown:,} of {tokens:,} tokens unknown, {unknown / tokens:.4%}")


if __name__ == "__main__":
    main()
