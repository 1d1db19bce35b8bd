"""All clauses, ready to be asked: by meaning and by words, within the policies the asker may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.core.found import Found, Hit
from bot.core.policies import Clause, Policy, sentences
from bot.search.abstain import Seldom, Settled
from bot.search.asking import Asking
from bot.search.concepts import Concepts
from bot.search.encoder import Encoder
from bot.search.features import Background, Ranking, Unlike, features, share_met
from bot.search.postings import Field
from bot.search.thesaurus import Thesaurus
from bot.search.vectors import Vectors, alike, content, embedded, views
from bot.search.words import stems

Array = NDArray[np.float32]
SHOWN = 3  # so many of the best clauses are looked at closely


@dataclass(frozen=True)
class Entry:
    """One clause that can be found."""

    policy: Policy
    clause: Clause

    @property
    def shown(self) -> str:
        """The clause with its heading and lead-in: what an asked-for fact may stand in."""
        lead = self.policy.lead_of(self.clause)
        return " ".join([*self.clause.headings[-1:], lead.text if lead else "", self.clause.text])

    @property
    def field(self) -> Field:
        lead = self.policy.lead_of(self.clause)
        heading = self.clause.headings[-1] if self.clause.headings else ""
        return Field(self.clause.text, heading, lead.text if lead else "", self.policy.id)


class Index:
    """Made once for the policies of the house; ``find`` then takes a few milliseconds."""

    def __init__(
        self,
        policies: Sequence[Policy],
        thesaurus: Thesaurus,
        asking: Asking,
        encoder: Encoder | None = None,
        cache: Path | None = None,
    ) -> None:
        self._asking = asking
        self._encoder = encoder
        self._entries = [
            Entry(policy, clause)
            for policy in policies
            for clause in policy.clauses
            if clause.kind != "or" and clause.text.strip()
        ]
        self._concepts = Concepts([e.field for e in self._entries], thesaurus, asking.weights)
        self._places = self._places_by_policy()
        fields = np.array([entry.clause.kind != "clause" for entry in self._entries], bool)
        self._share = np.where(fields, asking.field_share, 1).astype(np.float32)
        self._seldom = Seldom.read()
        self._vectors = self._embedded(cache)
        self._background = self._bank(asking.background, cache)
        self._unsettled = self._bank(self._seldom.questions, cache)
        self._known: dict[str, Array] = {}
        self._settled = Settled.read(with_vectors=encoder is not None)

    def _places_by_policy(self) -> Mapping[str, NDArray[np.intp]]:
        names = np.array([entry.policy.id for entry in self._entries], object)
        return {name: np.flatnonzero(names == name) for name in dict.fromkeys(names)}

    def _embedded(self, cache: Path | None) -> Vectors | None:
        if self._encoder is None:
            return None
        shown = [views(entry.policy, entry.clause) for entry in self._entries]
        rows = [
            embedded(self._encoder, [t for at in places for t in shown[at].texts], cache)
            for places in self._places.values()
        ]
        return Vectors(shown, np.concatenate(rows) if rows else np.zeros((0, 384), np.float32))

    def _bank(self, questions: Sequence[str], cache: Path | None) -> Background:
        if self._encoder is None or self._vectors is None:
            return Background()
        bank = embedded(self._encoder, questions, cache)
        near = self._vectors.nearest(bank)
        return Background(tuple(questions), bank, near, self._asking.covered)

    def know(self, questions: Sequence[str], cache: Path | None) -> None:
        """Keep the vectors of questions that come again and again (the leaves of the guides)."""
        if self._encoder is not None:
            rows = embedded(self._encoder, questions, cache)
            self._known = dict(zip(questions, rows, strict=True))

    def find(self, question: str, among: Collection[str] | None = None, limit: int = 10) -> Found:
        """The clauses that may answer, best first, only of the policies ``among`` (all when None)."""
        view = self._view(among)
        if not view.any() or not question.strip():
            return Found()
        ranking, each = self._ranked(question, view)
        order = _best(ranking.score, view, limit)
        found = [at for at in order if ranking.score[at] > 0]
        hits = tuple(self._hit(at, ranking, each, n < SHOWN) for n, at in enumerate(found))
        if not hits:
            return Found()
        if not ranking.words[
            view
        ].any():  # no word or concept of it is met: likeness alone settles nothing
            return Found(hits)
        return Found(hits, round(self._settled.of(self._features(ranking, order)), 4))

    def features(
        self, question: str, among: Collection[str] | None = None, leave: Collection[str] = ()
    ) -> Mapping[str, float]:
        """What the settled estimate is made from; training learns from it, `ask --why` can show it.

        ``leave`` names unsettled questions that must not be known: those training learns from.
        """
        view = self._view(among)
        ranking, _ = self._ranked(question, view, leave)
        return self._features(ranking, _best(ranking.score, view, 10))

    def _view(self, among: Collection[str] | None) -> NDArray[np.bool_]:
        view = np.zeros(len(self._entries), bool)
        for policy in self._places if among is None else set(among) & set(self._places):
            view[self._places[policy]] = True
        return view

    def _ranked(
        self, question: str, view: NDArray[np.bool_], leave: Collection[str] = ()
    ) -> tuple[Ranking, Array]:
        concepts = self._concepts.of(question)
        met = self._concepts.met(concepts, view)
        said = self._concepts.score(concepts, stems(question), view)
        if self._vectors is None or self._encoder is None:
            return Ranking(question, said * self._share, said, met, view), np.zeros(0, np.float32)
        known = self._known.get(question)
        vector = self._encoder.one(question) if known is None else known
        cosine, each = self._vectors.cosines(vector)
        mixed = self._asking.cosine * np.maximum(cosine, 0) + self._asking.concept * said
        score = np.where(view, mixed * self._share, 0).astype(np.float32)
        unlike = Unlike(
            self._background.likeness(vector, view, 1, leave),
            self._unsettled.likeness(vector, view, 3, leave),
            self._seldom.leaning(content(self._encoder, question)),
        )
        return Ranking(question, score, said, met, view, cosine, unlike), each

    def _features(self, ranking: Ranking, order: NDArray[np.intp]) -> Mapping[str, float]:
        return features(
            ranking, order, [self._entries[at].shown for at in order[:SHOWN]], self._asking
        )

    def _hit(self, at: int, ranking: Ranking, each: Array, closely: bool) -> Hit:
        entry = self._entries[at]
        nearest = (
            self._vectors.sentence(at, each) if self._vectors else self._by_words(entry, ranking)
        )
        # Rounded: the last bits of a matrix product depend on how many rows it has.
        score = round(min(1.0, max(0.0, float(ranking.score[at]))), 4)
        met = self._met(at, ranking) if closely else 0.0
        return Hit(entry.policy.id, entry.clause.id, score, nearest, met)

    def _met(self, at: int, ranking: Ranking) -> float:
        shown = self._entries[at].shown
        near = alike(self._encoder, ranking.question, shown) if self._encoder else {}
        return share_met(ranking.met, at, near)

    def _by_words(self, entry: Entry, ranking: Ranking) -> int:
        """Without vectors: the sentence sharing most words with the question."""
        wanted = {
            word for met in ranking.met for phrase, _ in met.concept.members for word in phrase
        }
        shared = [
            len(wanted & set(stems(entry.clause.text[start:end])))
            for start, end in sentences(entry.clause.text)
        ]
        return shared.index(max(shared)) if shared else 0


def _best(score: Array, view: NDArray[np.bool_], limit: int) -> NDArray[np.intp]:
    """Places of the best scores; equal ones in the order of the document."""
    count = min(limit, int(view.sum()))
    seen = np.where(view, score, -1)
    near = np.argpartition(-seen, count - 1)[:count] if count < len(seen) else np.arange(len(seen))
    at_least = seen[near].min() if len(near) else 0
    near = np.flatnonzero(view & (seen >= at_least))
    return near[np.argsort(-seen[near], kind="stable")][:count]
