"""How the shipped vocabulary and embedding model are made. Nothing outside this package imports it.

Run from the repository root, in this order (see ``docs/embedding.md``)::

    python -m index.training.vocabulary      # index/data/wenju_zh.tiktoken
    python -m index.training.tokenizer       # the embedding model's tokenizer
    python -m index.training.teacher         # optional: English teacher vectors, for distillation
    python -m index.training.static          # the static model
    python -m index.training.overlap         # proof that no evaluation text was trained on
"""
