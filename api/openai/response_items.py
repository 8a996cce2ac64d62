"""The objects that OpenAI's Responses are made of: a search, a message, and the whole around them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from api.openai.chat import annotations_of, within
from api.openai.limits import Limit, tokens_of
from api.openai.schemas import ResponsesRequest
from api.openai.structured import Form
from api.shared.conditions import metadata_of
from api.shared.links import Links
from api.shared.protocols import Pipeline
from index.text.counting import TokenCounter
from rag.errors import QuestionError
from rag.types import Answer, Understood

RESULTS = "file_search_call.results"
MAX_ATTRIBUTES = 16


class MadeResponse:
    """One response as far as it is made."""

    def __init__(
        self,
        data: ResponsesRequest,
        links: Links,
        pipeline: Pipeline,
        turns: Sequence[tuple[str, str]],
        counter: TokenCounter,
    ) -> None:
        self.limit = Limit(counter, data.max_output_tokens)
        self._counter = counter
        self._sent = tokens_of(counter, [text for _, text in turns])
        self._data = data
        self._links = links
        self._pipeline = pipeline
        self._wants_results = RESULTS in data.include
        self._limit = min((t.max_num_results for t in data.tools if t.type == "file_search"), default=50)
        self._head = {
            "id": f"resp_{uuid.uuid4().hex}",
            "object": "response",
            "created_at": int(time.time()),
            "model": data.model,
        }
        self.output: list[dict[str, Any]] = []
        self._usage = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}

    def body(self, status: str, error: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The whole object as it stands."""
        usage = {
            **self._usage,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        }
        return {
            **self._head,
            "status": status,
            "error": error,
            "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
            "instructions": self._data.instructions,
            "metadata": self._data.metadata,
            "output": [dict(item) for item in self.output],
            "parallel_tool_calls": False,
            "previous_response_id": None,
            "store": False,
            "temperature": None,
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": None,
            "usage": usage if status in ("completed", "incomplete") else None,
        }

    def search(self, understood: Understood) -> dict[str, Any]:
        """Put the search first: its query is the question as understood."""
        self.output.append(
            {
                "id": f"fs_{uuid.uuid4().hex}",
                "type": "file_search_call",
                "status": "completed",
                "queries": [understood.text],
                "results": None,
            }
        )
        return self.output[-1]

    def message(self, text: str, notes: list[dict[str, Any]], status: str = "completed") -> dict[str, Any]:
        """Put the message behind what is there."""
        self.output.append(
            {
                "id": f"msg_{uuid.uuid4().hex}",
                "type": "message",
                "role": "assistant",
                "status": status,
                "content": [{"type": "output_text", "text": text, "annotations": notes, "logprobs": []}],
            }
        )
        return self.output[-1]

    @property
    def status(self) -> str:
        """How it ended."""
        return "incomplete" if self.limit.finish == "length" else "completed"

    def rest(self, answer: Answer, form: Form) -> str:
        """What of the text is still to be told; of a form all of it."""
        if not form.structured:
            return self.limit.close()
        told = form.filled(answer)
        if told is None:
            raise QuestionError("text.format", f"the form cannot be filled: {answer.answer}")
        return self.limit.feed(told) + self.limit.close()

    def finish(self, answer: Answer, form: Form) -> None:
        """Take the whole answer: results of the search, the message, and what it took."""
        self.set_results(answer)
        if not form.structured:
            self.limit.feed(answer.answer)
        self.rest(answer, form)
        self.message(self.limit.text, self.notes(answer, form))
        self.use(answer)

    def use(self, answer: Answer) -> None:
        """Tokens of a language model where one was asked and told them, else of what was sent and is given back."""
        sent, written = answer.prompt_tokens, answer.completion_tokens
        if sent + written == 0:
            sent, written = self._sent, self._counter.count(self.limit.text)
        self._usage = {"input_tokens": sent, "output_tokens": written, "total_tokens": sent + written}

    def set_results(self, answer: Answer) -> None:
        if self._wants_results:
            self.output[0]["results"] = self._results(answer)

    def notes(self, answer: Answer, form: Form) -> list[dict[str, Any]]:
        """None of a form, which has places of its own; else each place of the text twice: as a link to the passage, and as the file it stands in."""
        found: list[dict[str, Any]] = []
        if form.structured:
            return found
        cited = {self._links.cited(c): c for c in [*answer.citations, *(n.citation for n in answer.nearest)]}
        for note in within(annotations_of(answer, self._links), len(self.limit.text)):
            place = note["url_citation"]
            citation = cited[place["url"]]
            found.append({"type": "url_citation", **place})
            found.append(
                {
                    "type": "file_citation",
                    "file_id": citation.document_id,
                    "filename": citation.document,
                    "index": max(0, place["end_index"] - 1),
                }
            )
        return found

    def _results(self, answer: Answer) -> list[dict[str, Any]]:
        cited = [*answer.citations, *(near.citation for near in answer.nearest)][: self._limit]
        found = []
        for citation in cited:
            document = self._pipeline.snapshot.document(citation.document_id)
            known = metadata_of(document) if document is not None else {}
            plain = {name: value for name, value in known.items() if isinstance(value, str) and value}
            found.append(
                {
                    "file_id": citation.document_id,
                    "filename": citation.document,
                    "score": min(1.0, max(0.0, answer.support)),
                    "text": citation.quote,
                    "attributes": dict(list(plain.items())[:MAX_ATTRIBUTES]),
                }
            )
        return found
