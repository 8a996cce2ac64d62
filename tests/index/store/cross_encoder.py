"""A small real cross-encoder, made where a test wants it: its order means nothing, but it is one."""

from __future__ import annotations

from pathlib import Path


def write_cross_encoder(folder: Path, *, labels: int = 1) -> Path:
    """A folder of one BERT layer with chance weights, a tokenizer of single characters and 64 places."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    signs = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = [*signs, *dict.fromkeys("固定资产投增长财政收入新建公园河滨面积最大粮食量abcdefgh0123456789.%，。")]
    cutter = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    cutter.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    cutter.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=cutter, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, initializer_range=0.5,
    )  # fmt: skip
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder
