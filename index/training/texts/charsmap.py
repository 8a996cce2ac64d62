"""The character folding of the embedding tokenizer: one table, one pass.

Width (NFKC), case, Latin accents and traditional characters are folded by a single precompiled map. Thousands of
``Replace`` steps would do the same and cost a pass over the text each. The map's format is SentencePiece's, so
SentencePiece compiles it; the library is needed for training only.
"""

from __future__ import annotations

import sys
import tempfile
import unicodedata
from pathlib import Path

#: Planes above this one hold rare ideographs and emoji, which the vocabulary does not know anyway.
LAST = 0xFFFF
#: Signs that say what a figure is; all other punctuation and symbols become spaces.
KEPT_SIGNS = "%$€£¥"


def fold(character: str, simplified: dict[str, str]) -> str:
    """What one character becomes: NFKC, lower case, no accent on Latin letters, simplified."""
    text = unicodedata.normalize("NFKC", character).lower()
    if any("LATIN" in unicodedata.name(sign, "") for sign in text):
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return "".join(simplified.get(sign, sign) for sign in text)


def rules(simplified: dict[str, str]) -> dict[str, str]:
    """Every character that folding changes, to its folded form; a sign that is not kept, to a space."""
    table: dict[str, str] = {}
    for code in range(1, LAST + 1):
        character = chr(code)
        if unicodedata.category(character) in {"Cs", "Cn", "Co"} or character.isspace() or 0xAC00 <= code <= 0xD7A3:
            continue
        folded = "".join(sign if _speaks(sign) else " " for sign in fold(character, simplified))
        if folded != character:
            table[character] = folded.strip() or " "
    return table


def _speaks(sign: str) -> bool:
    return sign in KEPT_SIGNS or unicodedata.category(sign)[0] not in "PSC"


def compile_map(table: dict[str, str]) -> bytes:
    """The table as a SentencePiece ``precompiled_charsmap``, which ``tokenizers`` reads as ``Precompiled``."""
    try:
        import sentencepiece  # a training-only dependency
        from sentencepiece import sentencepiece_model_pb2 as proto
    except ImportError as error:
        raise SystemExit("training the tokenizer needs sentencepiece: pip install sentencepiece protobuf") from error
    with tempfile.TemporaryDirectory() as folder:
        rule_file = Path(folder, "rules.tsv")
        lines = (f"{_hex(source)}\t{_hex(target)}\n" for source, target in sorted(table.items()))
        rule_file.write_text("".join(lines), encoding="utf-8")
        # The model trained here is thrown away: only its normaliser is wanted.
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["a b c d e f g h"] * 20),
            model_prefix=f"{folder}/model",
            vocab_size=12,
            model_type="char",
            hard_vocab_limit=False,
            normalization_rule_tsv=str(rule_file),
            minloglevel=2,
        )
        model = proto.ModelProto()
        model.ParseFromString(Path(folder, "model.model").read_bytes())
    compiled: bytes = model.normalizer_spec.precompiled_charsmap
    if not compiled:
        print("no character map came back from sentencepiece", file=sys.stderr)
        raise SystemExit(1)
    return compiled


def _hex(text: str) -> str:
    return " ".join(f"{ord(sign):X}" for sign in text)
