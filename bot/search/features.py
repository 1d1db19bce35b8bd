"""What tells a settled question from one that only sounds like the policy. Each feature has a name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.search.asking import Asking
from bot.search.concepts import Met

Array = NDArray[np.float32]
VIEWS = 64  # sets of policies in view that are remembered: a school has a handful


@dataclass(frozen=True)
class Background:
    """Questions seldom settled. One that a policy in view covers is no background there."""

    questions: tuple[str, ...] = ()
    bank: Array | None = None
    near: Array | None = None  # for every clause its likeness to each bank question
    covered: float = 0.6
    _views: dict[bytes, NDArray[np.bool_]] = field(default_factory=dict, init=False, compare=False)

    def likeness(
        self, question: Array, view: NDArray[np.bool_], count: int = 1, leave: Collection[str] = ()
    ) -> float:
        """The mean likeness to the ``count`` nearest; training leaves out those it learns from."""
        if self.bank is None or self.near is None or not len(self.bank):
            return 0.0
        outside = self._outside(view)
        if leave:
            outside = outside & [one not in leave for one in self.questions]
        nearest = np.sort((self.bank @ question)[outside])[-count:]
        return float(np.maximum(nearest, 0).mean()) if len(nearest) else 0.0

    def _outside(self, view: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The bank's questions that no policy in view covers. The same few views come again."""
        key = view.tobytes()
        if key not in self._views:
            if len(self._views) >= VIEWS:
                self._views.clear()
            assert self.near is not None
            self._views[key] = self.near[view].max(0) < self.covered
        return self._views[key]


@dataclass(frozen=True)
class Unlike:
    """How near a question is to office talk (``background``), to what policies ``seldom`` settle,
    and by its words alone to what they do settle (``leaning``). None of it looks at a clause."""

    background: float = 0.0
    seldom: float = 0.0
    leaning: float = 0.0


@dataclass(frozen=True)
class Ranking:
    """Everything the ranking knew about one question. ``cosine`` is None when searching by words only."""

    question: str
    score: Array
    words: Array
    met: Sequence[Met]
    view: NDArray[np.bool_]
    cosine: Array | None = None
    unlike: Unlike = Unlike()


def features(
    ranking: Ranking, order: NDArray[np.intp], shown: Sequence[str], asking: Asking
) -> dict[str, float]:
    """``order`` holds the best clauses, ``shown`` the texts of the first three."""
    found = _scores(ranking, order) | _meaning(ranking, asking) | _coverage(ranking.met, order)
    return found | _asked(ranking.question, shown, asking) | _slots(ranking.question, shown, asking)


def _scores(ranking: Ranking, order: NDArray[np.intp]) -> dict[str, float]:
    top = ranking.score[order]
    return {
        "top": float(top[0]),
        "lead": float(top[0] - top[min(3, len(top) - 1)]),
        "words": float(ranking.words[order].max()),
        "words_top": float(ranking.words[order[0]]),
    }


def _meaning(ranking: Ranking, asking: Asking) -> dict[str, float]:
    if ranking.cosine is None:
        return {}
    best = -np.sort(-ranking.cosine[ranking.view])[:5]
    unlike = ranking.unlike
    return {
        "cosine": float(best[0]),
        "cosine_lead": float(best[0] - best[min(3, len(best) - 1)]),
        "cosine_mean": float(best.mean()),
        "background": unlike.background,
        "seldom": unlike.seldom,
        "leaning": unlike.leaning,
        "over_background": float(best[0]) - asking.background_share * unlike.background,
    }


def _coverage(met: Sequence[Met], order: NDArray[np.intp]) -> dict[str, float]:
    """How much of what the question says the two best clauses say too, rare words counting more."""
    rarity = [one.rarity for one in met]
    unmet = [one.rarity * (1 - _strongest(one, order[:2])) for one in met]
    first = [one.rarity * (1 - _strongest(one, order[:1])) for one in met]
    never = [1 - float(one.strength.max(initial=0)) for one in met]
    everything = sum(rarity) or 1.0
    return {
        "unmet": sum(unmet) / everything,
        "unmet_first": sum(first) / everything,
        "rarest_unmet": max(unmet, default=0.0),
        "never": sum(never) / max(1, len(never)),
        "unmet_count": float(
            sum(share > 0.5 * full for share, full in zip(unmet, rarity, strict=True))
        ),
    }


def _strongest(met: Met, places: NDArray[np.intp]) -> float:
    return float(met.strength[np.isin(met.clauses, places)].max(initial=0))


def share_met(met: Sequence[Met], place: int, alike: Mapping[str, float]) -> float:
    """How much of the question's content words one clause meets; ``alike`` is by meaning, for each stem."""
    everything = sum(one.rarity for one in met)
    at = np.array([place])
    said = (one.rarity * max(_strongest(one, at), _alike(one, alike)) for one in met)
    return round(sum(said) / everything, 4) if everything else 1.0


def _alike(met: Met, alike: Mapping[str, float]) -> float:
    phrase = met.concept.phrase
    return sum(alike.get(word, 0.0) for word in phrase) / len(phrase)


def _asked(question: str, shown: Sequence[str], asking: Asking) -> dict[str, float]:
    """For each kind of fact: asked for, and not in the best clause; and how many no shown clause has."""
    wanted = [check for check in asking.asked_for if check.asked.search(question)]
    missing = {check.name: not check.needs.search(shown[0]) for check in wanted}
    nowhere = [c for c in wanted if not any(c.needs.search(text) for text in shown)]
    each = {f"asked_{c.name}": float(missing.get(c.name, False)) for c in asking.asked_for}
    return each | {"asked_nowhere": float(len(nowhere))}


def _slots(question: str, shown: Sequence[str], asking: Asking) -> dict[str, float]:
    """For each family: how many members the question names and the best clause does not; and a swap."""
    found = {}
    for family, members in asking.slots.items():
        named = {name for name, pattern in members.items() if pattern.search(question)}
        said = {name for name, pattern in members.items() if pattern.search(shown[0])}
        anywhere = {n for n in named if any(members[n].search(text) for text in shown)}
        found[f"{family}_missing"] = float(len(named - said))
        found[f"{family}_nowhere"] = float(len(named - anywhere))
        found[f"{family}_swapped"] = float(bool(named and said and not named & said))
    people = asking.slots.get("people", {})
    former = people.get("ex_pupil")
    found["former"] = float(
        bool(former and bool(former.search(question)) != bool(former.search(shown[0])))
    )
    return found
