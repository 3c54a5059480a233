"""Three views of a text, each with an exact way back to the original.

``raw`` is the text itself; ``light`` undoes width, case, 繁体, styled letters and invisible characters;
``deep`` also undoes inserted noise and substitutes (薇 → 微, ➕ → 加). Positions are code points.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from studio.review.folding import TABLE, UNEVEN, extends, fold, phrase_exceptions


class Edit(NamedTuple):
    """Replace ``start:end`` of the parent's text; ``operator`` names the disguise that this undoes."""

    start: int
    end: int
    text: str
    operator: str


@dataclass(frozen=True, slots=True)
class _Edits:
    """Where a view differs in length from its parent: four parallel positions, ascending."""

    view_start: array[int] = field(default_factory=lambda: array("Q"))
    view_end: array[int] = field(default_factory=lambda: array("Q"))
    start: array[int] = field(default_factory=lambda: array("Q"))
    end: array[int] = field(default_factory=lambda: array("Q"))
    operator: list[str] = field(default_factory=list)

    def add(self, view_start: int, edit: Edit) -> None:
        self.view_start.append(view_start)
        self.view_end.append(view_start + len(edit.text))
        self.start.append(edit.start)
        self.end.append(edit.end)
        self.operator.append(edit.operator)

    def source(self, position: int) -> tuple[int, int]:
        """Return the parent's span behind the character at ``position`` of the view."""
        index = bisect_right(self.view_start, position) - 1
        if index < 0:
            return position, position + 1
        if position < self.view_end[index]:
            return self.start[index], self.end[index]
        start = position - self.view_end[index] + self.end[index]
        return start, start + 1


_UNCHANGED = _Edits()


@dataclass(frozen=True, slots=True)
class View:
    """One form of a text. ``parent`` is the view it was made from (None: the original)."""

    text: str
    parent: View | None = None
    _edits: _Edits = field(default=_UNCHANGED, repr=False)

    @property
    def original(self) -> str:
        """The text that all positions returned by :meth:`span` belong to."""
        return self.text if self.parent is None else self.parent.original

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the code points of the original that ``text[start:end]`` stands for.

        ``0 <= start <= end <= len(text)``. An empty span stays empty; a non-empty one never does.
        """
        if self.parent is None:
            return start, end
        first = self._edits.source(start)[0]
        last = self._edits.source(end - 1)[1] if end > start else first
        return self.parent.span(first, last)

    def operators(self, start: int, end: int, *, above: View | None = None) -> tuple[str, ...]:
        """Return the disguises undone inside ``text[start:end]``, a name each time; only those ``above`` that view."""
        if self.parent is None or self is above or end <= start:
            return ()
        first, last = self._edits.source(start)[0], self._edits.source(end - 1)[1]
        low = bisect_left(self._edits.end, first + 1)
        high = bisect_left(self._edits.start, last)
        here = (name for name in self._edits.operator[low:high] if name)
        return (*here, *self.parent.operators(first, last, above=above))

    def rewritten(self, edits: Iterable[Edit], base: str | None = None) -> View:
        """Return the view with ``edits`` (ascending, apart) made to ``base``, an equally long form of this text."""
        base = self.text if base is None else base
        recorded = _Edits()
        pieces: list[str] = []
        done = length = 0
        for edit in edits:
            length += edit.start - done
            pieces += (base[done : edit.start], edit.text)
            recorded.add(length, edit)
            length += len(edit.text)
            done = edit.end
        if not pieces:
            return self if base == self.text else View(base, self)
        pieces.append(base[done:])
        return View("".join(pieces), self, recorded)


@dataclass(frozen=True, slots=True)
class Views:
    """The three forms of one text; two of them are the same object where nothing had to be undone."""

    raw: View
    light: View
    deep: View


def views(text: str) -> Views:
    """Return the raw, light and deep view of ``text``; any ``str`` is fine, lone surrogates included."""
    from studio.review.restoring import deepened

    raw = View(text)
    light = lightened(raw)
    return Views(raw, light, deepened(light))


def lightened(raw: View) -> View:
    """Return the light view of the original."""
    base = raw.text if raw.text.isascii() else raw.text.translate(TABLE)
    if raw.text.isascii():
        base = base.lower()
        if base.isprintable():
            return raw.rewritten((), base)
        base = base.translate(TABLE)
    exceptions = phrase_exceptions(raw.text)
    if UNEVEN not in base and not exceptions:
        return raw.rewritten((), base)
    kept = [Edit(position, position + 1, char, "") for position, char in exceptions]
    edits = sorted([*kept, *_uneven(raw.text, base)]) if kept else _uneven(raw.text, base)
    return raw.rewritten(_apart(edits), base)


def _uneven(text: str, base: str) -> Iterator[Edit]:
    """Yield the light form of every cluster that is not one character for one."""
    end = 0
    start = base.find(UNEVEN)
    while start >= 0:
        if start > end and extends(text[start]):
            start -= 1
        end = start + 1
        while end < len(text) and extends(text[end]):
            end += 1
        folded = fold(text[start:end])
        yield Edit(start, end, folded, "" if folded else "zero_width")
        start = base.find(UNEVEN, end)


def _apart(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the edits without overlaps, neighbouring deletions as one."""
    pending: Edit | None = None
    for edit in edits:
        if pending is None:
            pending = edit
        elif edit.start < pending.end:
            continue
        elif not pending.text and not edit.text and edit.start == pending.end:
            pending = Edit(pending.start, edit.end, "", pending.operator)
        else:
            yield pending
            pending = edit
    if pending is not None:
        yield pending
