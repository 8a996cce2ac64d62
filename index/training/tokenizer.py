"""Train the embedding model's tokenizer: Unigram pieces, learned apart for Chinese and for English.

Text is folded (``charsmap``), which also turns punctuation into spaces, as a mean of token vectors gains nothing
from it, and is then cut at spaces. No piece mixes Han characters, letters and digits, so the vocabularies never
compete for the same characters and can simply be put side by side, each as large as we like. (Cutting runs of one
script apart by a regular expression gives the same tokens and takes twice the time.)

    python -m index.training.tokenizer --out runs/tokenizer.json
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from index.training import teacher
from index.training.texts import charsmap, corpus, wordnet

UNKNOWN = "[UNK]"
#: An English word this frequent in the training text gets the score of its share there.
COMMON = 16


def normalizer() -> normalizers.Normalizer:
    """Folding by the compiled table."""
    return normalizers.Precompiled(charsmap.compile_map(charsmap.rules(corpus.traditional())))


def chinese_text(seed: int) -> list[str]:
    """Chinese of every register, laws thinned out; every dictionary headword once."""
    rng = random.Random(seed)
    lines = [line for paragraphs in corpus.reports().values() for line in paragraphs]
    lines += corpus.texts("text_policy_zh")
    lines += _sample(corpus.texts("text_laws_zh"), 15_000, rng)
    lines += {pair.b: None for pair in corpus.pairs("cmrc2018_train_qa_zh")}
    lines += [pair.a for pair in corpus.pairs("cmrc2018_train_qa_zh")]
    lines += [pair.b for pair in corpus.pairs("csl_title_abstract_zh")]
    for name in corpus.PARALLEL:
        limit = 15_000 if name in {"tw_laws_zh_en", "bible_cuv_kjv"} else 40_000
        lines += _sample([pair.a for pair in corpus.pairs(name)], limit, rng)
    lines += [pair.a for pair in corpus.pairs("cedict_zh_en")]
    return lines


def english_text(seed: int) -> list[str]:
    """English of every register, laws and scripture thinned out; all dictionary senses."""
    rng = random.Random(seed)
    lines: list[str] = []
    for name in corpus.PARALLEL:
        limit = 12_000 if name in {"tw_laws_zh_en", "bible_cuv_kjv"} else 40_000
        lines += _sample([pair.b for pair in corpus.pairs(name)], limit, rng)
    lines += [text for synset in wordnet.synsets().values() for text in (synset.gloss, *synset.examples)]
    return lines + [pair.b for pair in corpus.pairs("cedict_zh_en")]


def _sample(values: Iterable[str], limit: int, rng: random.Random) -> list[str]:
    pool = list(values)
    return pool if len(pool) <= limit else rng.sample(pool, limit)


def unigram(
    texts: Iterable[str], script: str, size: int, longest: int, folding: normalizers.Normalizer
) -> dict[str, float]:
    """Pieces of one script with their log probabilities. ``script`` is a regular expression class."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = folding
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(script), behavior="removed", invert=True)
    trainer = trainers.UnigramTrainer(
        vocab_size=size, max_piece_length=longest, special_tokens=[UNKNOWN], unk_token=UNKNOWN, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    pieces = json.loads(tokenizer.to_str())["model"]["vocab"]
    return {piece: score for piece, score in pieces if piece != UNKNOWN}


def number_pieces() -> dict[str, float]:
    """Digits, pairs, triples and the years 1600–2049. Equal scores make the fewest pieces win."""
    digits = [f"{number:0{width}}" for width in (1, 2, 3) for number in range(10**width)]
    return dict.fromkeys([*digits, *map(str, range(1600, 2050))], -8.0)


def english_words(texts: Iterable[str], size: int) -> dict[str, float]:
    """``size`` whole English words with the logarithm of their share, commonest of the teacher's vocabulary first.

    That vocabulary was made from an encyclopaedia and novels and is sorted by frequency there, so it holds names and
    words that the training text seldom has; a whole word keeps a vector of its own even if training hardly meets it.
    A word too rare in the text to count gets its share by Zipf's law. The text's own commonest words fill the rest.
    """
    counts = Counter(word for text in texts for word in re.findall(r"[a-z]{2,14}", text.lower()))
    total = counts.total()
    general = [word for word in teacher.vocabulary() if re.fullmatch(r"[a-z]{2,14}", word)]
    found = {word: 1 / (12 * (place + 10)) for place, word in enumerate(general)}
    common = sorted((word for word in counts if counts[word] >= COMMON), key=lambda word: (-counts[word], word))
    found |= {word: counts[word] / total for word in common if word in found}
    fill = (word for word in common if word not in found)
    found |= {word: counts[word] / total for word in itertools.islice(fill, max(0, size - len(found)))}
    return {word: math.log(share) for word, share in found.items()}


def assemble(vocabulary: dict[str, float]) -> Tokenizer:
    """A tokenizer of the pieces given, and of every single character worth having.

    The trainer adds up in no fixed order, and numbers the characters that it keeps only because they occur in no
    fixed order. Sorted pieces, rounded scores and one score for those characters make the same file every time.
    """
    rounded = {piece: round(vocabulary[piece], 2) for piece in sorted(vocabulary)}
    floor = min((score for piece, score in rounded.items() if len(piece) > 1), default=0.0)
    rounded |= {piece: floor - 1 for piece, score in rounded.items() if len(piece) == 1 and score < floor}
    complete = {UNKNOWN: 0.0} | rounded | number_pieces()
    least = min(complete.values())
    singles = set(re.sub(r"\s", "", "".join(corpus.traditional().values())))
    singles |= (
        {chr(code) for code in range(0x3B1, 0x3CA)} | set("abcdefghijklmnopqrstuvwxyz") | set(charsmap.KEPT_SIGNS)
    )
    for character in sorted(singles):
        complete.setdefault(character, least - 1)
    tokenizer = Tokenizer(models.Unigram(list(complete.items()), unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def build(chinese: int, words: int, parts: int, longest: int, seed: int) -> Tokenizer:
    """Learn both vocabularies and put them together: Chinese pieces, whole English words, parts of the others."""
    folding = normalizer()
    vocabulary = unigram(chinese_text(seed), r"\p{Han}+", chinese, longest, folding)
    english = english_text(seed)
    vocabulary |= unigram(english, r"[a-z]+", parts, 8, folding) | english_words(english, words)
    return assemble(vocabulary)


def compact(tokenizer: Tokenizer, path: Path) -> None:
    """Save without indentation and with short scores: half the size, the same cuts."""
    content = json.loads(tokenizer.to_str())
    content["model"]["vocab"] = [[piece, round(score, 2)] for piece, score in content["model"]["vocab"]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/tokenizer.json"))
    parser.add_argument("--chinese", type=int, default=17_500, help="pieces of Han characters")
    parser.add_argument("--words", type=int, default=25_150, help="whole English words")
    parser.add_argument("--parts", type=int, default=5_000, help="parts of English words, some of them words too")
    parser.add_argument("--longest", type=int, default=4, help="longest Chinese piece, in characters")
    parser.add_argument("--seed", type=int, default=20260101)
    options = parser.parse_args()
    tokenizer = build(options.chinese, options.words, options.parts, options.longest, options.seed)
    compact(tokenizer, options.out)
    size = tokenizer.get_vocab_size()
    print(f"{options.out}: {size} pieces, {math.ceil(options.out.stat().st_size / 1000)} kB")


if __name__ == "__main__":
    main()
