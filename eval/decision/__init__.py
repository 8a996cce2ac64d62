"""How the decision of ``rag/decide/judge.py`` is fitted: judged questions, figures that could answer them, a conditional logit."""
