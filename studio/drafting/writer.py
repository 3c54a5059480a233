"""The writer: a slot in, sections and their provenance out, by model or by template."""

from __future__ import annotations

import threading
from collections.abc import Callable, MutableMapping, Sequence
from datetime import datetime
from typing import Any

from studio.brand import Brand, Segment
from studio.drafting.composer import Composer, shorten
from studio.drafting.context import MAX_FACTS, facts_for_slot, facts_in, prompt_context
from studio.drafting.draft import Origin, Provenance, Sections
from studio.drafting.ladder import Ladder
from studio.drafting.llm import Chat, Endpoint, Patience
from studio.drafting.openers import OpenerLibrary
from studio.drafting.prompts import PromptLibrary, RenderedPrompt
from studio.errors import InputError
from studio.library.posts import Post
from studio.planning.calendar import Slot
from studio.vocabulary import Word

_SAMPLES = 3


class Rewrite(Word):
    """A quick rewrite; the code is also the suffix of its prompt's name."""

    SPOKEN = "spoken", "更口语"
    SHORTER = "shorter", "更短"
    OPENER = "opener", "换开头"


class Writer:
    """Writes drafts for one brand.

    ``endpoint`` None means templates only. ``similar(text, count)`` finds past posts to take the voice from.
    ``memory`` maps endpoints to what they support (see :class:`Ladder`); pass a persistent one to keep it.
    Setting ``stop`` ends a wait for the model.
    """

    def __init__(
        self,
        brand: Brand,
        prompts: PromptLibrary,
        openers: OpenerLibrary,
        *,
        endpoint: Endpoint | None,
        similar: Callable[[str, int], Sequence[Post]],
        clock: Callable[[], datetime],
        memory: MutableMapping[str, str] | None = None,
        patience: Patience | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self._brand = brand
        self._prompts = prompts
        self._composer = Composer(openers)
        self._endpoint = endpoint
        self._similar = similar
        self._clock = clock
        memory = {} if memory is None else memory
        self._ladder = Ladder(Chat(endpoint, patience=patience, stop=stop), memory) if endpoint else None

    def draft(
        self,
        slot: Slot,
        segment: Segment | None = None,
        *,
        offline: bool = False,
        seed: int = 0,
        avoid: Sequence[str] = (),
    ) -> tuple[Sections, Provenance]:
        """Return a draft of the slot and where it came from.

        ``segment`` None means the slot's own. ``avoid`` holds the texts of other drafts of the week: a template
        draft repeats none of their openers. Raises a :class:`~studio.errors.ModelError` when the model fails,
        :class:`~studio.errors.PromptError` when the prompt file is broken.
        """
        segment = segment or self._brand.segment(slot.segment)
        if self._ladder is None or offline:
            sections = self._composer.compose(slot, self._brand, segment, seed=seed, avoid=avoid)
            return sections, self._template_provenance(sections, slot, segment, {"seed": seed})
        prompt, retrieved = self._prepare(slot, segment)
        return self._ask(self._ladder, prompt, slot, segment, retrieved)

    def prompt(self, slot: Slot, segment: Segment | None = None) -> RenderedPrompt:
        """Return the prompt a draft of this slot would be asked with: to show, or to hand off."""
        return self._prepare(slot, segment or self._brand.segment(slot.segment))[0]

    def rewrite(
        self, sections: Sections, instruction: Rewrite, slot: Slot, *, offline: bool = False, seed: int = 0
    ) -> tuple[Sections, Provenance]:
        """Return the sections rewritten; without a model 更短 and 换开头 work by rule, 更口语 raises."""
        segment = self._brand.segment(slot.segment)
        if self._ladder is None or offline:
            changed = self._rewrite_by_rule(sections, instruction, slot, seed)
            return changed, self._template_provenance(changed, slot, segment, {"rewrite": instruction.value})
        context = prompt_context(slot, self._brand, segment, (), sections)
        prompt = self._prompts.render(f"rewrite-{instruction.value}", context)
        return self._ask(self._ladder, prompt, slot, segment, ())

    def _rewrite_by_rule(self, sections: Sections, instruction: Rewrite, slot: Slot, seed: int) -> Sections:
        if instruction is Rewrite.SHORTER:
            return shorten(sections)
        if instruction is Rewrite.OPENER:
            return self._composer.reopen(sections, slot, self._brand, seed=seed)
        raise InputError(f"「{instruction.label}」要用模型来改。请先在设置里接上模型，原稿没有动")

    def _prepare(self, slot: Slot, segment: Segment | None) -> tuple[RenderedPrompt, tuple[str, ...]]:
        question = " ".join(filter(None, [slot.theme, slot.occasion, segment.need if segment else ""]))
        posts = [post for post in self._similar(question, _SAMPLES) if not post.is_example][:_SAMPLES]
        context = prompt_context(slot, self._brand, segment, posts)
        prompt = self._prompts.render(self._prompts.for_slot(slot.pillar, slot.channel), context)
        return prompt, tuple(post.id for post in posts)

    def _ask(
        self, ladder: Ladder, prompt: RenderedPrompt, slot: Slot, segment: Segment | None, retrieved: tuple[str, ...]
    ) -> tuple[Sections, Provenance]:
        assert self._endpoint is not None
        wanted = prompt.parameters
        answer = ladder.ask(prompt.messages, temperature=wanted.temperature, max_tokens=wanted.max_tokens)
        return answer.sections, Provenance(
            Origin.MODEL,
            prompt=prompt.name,
            prompt_hash=prompt.hash,
            model=self._endpoint.model,
            endpoint=self._endpoint.host,
            parameters={**answer.parameters, "format": answer.dialect.rung.value},
            retrieved=retrieved,
            facts=self._facts_used(answer.sections, slot, segment),
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            created_at=self._clock(),
        )

    def _template_provenance(
        self, sections: Sections, slot: Slot, segment: Segment | None, parameters: dict[str, Any]
    ) -> Provenance:
        return Provenance(
            Origin.TEMPLATE,
            parameters=parameters,
            facts=self._facts_used(sections, slot, segment),
            created_at=self._clock(),
        )

    def _facts_used(self, sections: Sections, slot: Slot, segment: Segment | None) -> tuple[str, ...]:
        facts = facts_for_slot(slot, self._brand, segment)[:MAX_FACTS]
        return facts_in(f"{sections.text}\n{sections.comment}", facts)
