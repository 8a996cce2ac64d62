"""Train the byte-pair vocabulary ``wenju_zh`` that counts tokens offline.

tiktoken's public vocabularies are fetched at run time, so this repository brings a small one of its own. It is
trained by ``tokenizers`` on byte-level pieces and rewritten as tiktoken ranks: rank *i* below 256 is a byte,
every merge gets the next rank in the order in which it was learned.

    python -m index.training.vocabulary [--size 14000]
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import random
from pathlib import Path

import tiktoken
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from index.training.texts import corpus
from tiktoken_ext.wenju import PATTERN, VOCABULARY

#: Characters of training text per language; enough for 14k merges to be stable, and two minutes of training.
CHINESE = 9_000_000
ENGLISH = 3_000_000


def byte_letters() -> dict[str, int]:
    """The printable letter that byte-level BPE writes for each byte, to the byte (GPT-2's table)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = (byte for byte in range(256) if byte not in printable)
    table = {chr(byte): byte for byte in printable}
    table.update({chr(0x100 + place): byte for place, byte in enumerate(hidden)})
    return table


def training_text(seed: int) -> list[str]:
    """A fixed sample of reports, policy papers and laws in Chinese, and of the English of the parallel files."""
    rng = random.Random(seed)
    chinese = [line for lines in corpus.reports().values() for line in lines]
    chinese += corpus.texts("text_policy_zh")
    laws = list(corpus.texts("text_laws_zh"))
    rng.shuffle(laws)
    english = [
        pair.b for name in ("gov_work_reports_zh_en", "sdg_zh_en", "tico19_zh_en") for pair in corpus.pairs(name)
    ]
    other = [pair.b for name in ("tw_laws_zh_en", "tatoeba_zh_en", "python_docs_zh_en") for pair in corpus.pairs(name)]
    rng.shuffle(other)
    return _up_to(chinese + laws, CHINESE) + _up_to(english + other, ENGLISH)


def _up_to(texts: list[str], characters: int) -> list[str]:
    total = itertools.accumulate(len(text) for text in texts)
    return [text for text, so_far in zip(texts, total, strict=True) if so_far <= characters]


def train(texts: list[str], size: int) -> Tokenizer:
    """A byte-level BPE of ``size`` pieces that cuts text as the tiktoken plugin does."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=sorted(byte_letters()), special_tokens=[], show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def to_ranks(tokenizer: Tokenizer) -> dict[bytes, int]:
    """Tiktoken ranks: the 256 bytes, then the result of each merge in order.

    Two merges may spell the same bytes; the first wins, as tiktoken knows a piece by its bytes alone.
    """
    letters = byte_letters()
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    ranks = {bytes([byte]): byte for byte in range(256)}
    for left, right in merges:
        piece = bytes(letters[letter] for letter in left + right)
        ranks.setdefault(piece, len(ranks))
    return ranks


def disagreements(tokenizer: Tokenizer, ranks: dict[bytes, int], texts: list[str]) -> int:
    """How many of ``texts`` tiktoken cuts differently from the trained tokenizer, or does not give back."""
    letters = byte_letters()
    encoding = tiktoken.Encoding("wenju_zh_check", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={})
    wrong = 0
    for text in texts:
        expected = [bytes(letters[letter] for letter in piece) for piece in tokenizer.encode(text).tokens]
        ids = encoding.encode_ordinary(text)
        wrong += [encoding.decode_single_token_bytes(number) for number in ids] != expected
        wrong += encoding.decode(ids) != text
    return wrong


def write(ranks: dict[bytes, int], path: Path) -> None:
    """The ranks as a ``.tiktoken`` file: base64 of the piece, a space, the rank."""
    lines = (f"{base64.b64encode(piece).decode()} {rank}\n" for piece, rank in ranks.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="ascii")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=14_000, help="pieces in the vocabulary, the 256 bytes included")
    parser.add_argument("--seed", type=int, default=20260101)
    options = parser.parse_args()
    texts = training_text(options.seed)
    tokenizer = train(texts, options.size)
    ranks = to_ranks(tokenizer)
    sample = random.Random(options.seed).sample(texts, 5_000)
    wrong = disagreements(tokenizer, ranks, sample)
    if wrong:
        raise SystemExit(f"{wrong} of {len(sample)} sample texts are cut differently by tiktoken; nothing written")
    write(ranks, VOCABULARY)
    print(f"{VOCABULARY.name}: {len(ranks)} pieces; {len(sample)} sample texts cut alike")


if __name__ == "__main__":
    main()
