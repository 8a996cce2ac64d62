"""How the shipped vocabulary and embedding model are made. Nothing outside this package imports it.

Run from the repository root, in this order (see ``docs/embedding.md``)::

    python -m index.training.vocabulary      # index/data/wenju_zh.tiktoken
    python -m index.training.tokenizer       # the embedding model's tokenizer
    python -m index.training.texts.overlap         # proof that no evaluation text is trained on
    python -m index.training.static --out index/models/wenju-embed
    python -m index.training.teacher         # only for experiments: English teacher vectors, for distillation
    python -m index.training.student         # only for experiments: a small transformer started from the static model
"""
