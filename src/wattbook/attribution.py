"""Who says what: places where a text reports what a source states, estimates, forecasts or believes.

Three patterns are known: a source before a reporting verb in one clause (輝達指出), a frame that opens with 據 or 根據
(據路透報導), and a quoted source (援引官員的話).  The verbs and the nouns for sources without a name are data:
``reporting_verbs.csv`` and ``source_nouns.csv``.  Work is bounded per verb, so time grows linearly with the text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from wattbook.lexicon import Mention, entity, find_mentions, fold, load_reporting_verbs, load_source_nouns

Kind = Literal["named", "unnamed", "anaphor"]

# How far before its verb a source may begin, and how much may stand between the two, in characters.
_REACH = 80
_GAP = 26
# How far back the antecedent of 他 or 該公司 is looked for.
_MEMORY = 400

_ORGANISATIONS = frozenset({"agency", "bank", "company", "fund", "institute", "media"})
_SOURCES = _ORGANISATIONS | {"person"}
# The entities that stand for sources without a name.
_NAMELESS = frozenset({"analysts", "unnamed-sources"})
_ANTECEDENTS = {
    "any": _SOURCES,
    "person": frozenset({"person"}),
    "organisation": _ORGANISATIONS - {"media"},
    "company": frozenset({"company"}),
    "bank": frozenset({"bank"}),
    "media": frozenset({"media"}),
}

# All patterns are written in folded form: Simplified, half-width, lower case.
# A clause ends at its punctuation; a comma between digits is part of a number.
_CLAUSE_END = re.compile(r"(?<!\d),|,(?!\d)|[、。!?;:\n“”「」『』\"*]|--|——")
# What may stand between a source and its verb without being part of the subject.
_BRACKETED = re.compile(r"\([^()]*\)|《[^《》]*》|<[^<>]*>")
_ADVERBIAL = re.compile(r"(?:在|于)(?!于)[^,。]{1,45}?(?:中|上|里|时|后|前|期间|内|前夕)(?!国|心|海|市)")
_QUOTING = re.compile(r"(?:援引|引述|引用)[^,。]{1,30}?(?:的话|的说法|并|$)")
_ADVERBS = (
    r"(?:方面|公司|集团|本人|自己|官方|政府|当局|普遍|大多|多数|均|都|也|亦|则|还|又|曾|已|已经|就|便|更|仍|却|进一步|明确|公开|"
    r"近日|日前|此前|稍早|早前|随后|同时|周[一二三四五六日末]|上周|昨天|今天|当天|上月|最新|近期|\d+月\d+日|预计)*"
)
# 预期 and its kin are nouns after a comparison (高于市场预期); a subject that is acted on says nothing (被提醒).
_COMPARED = re.compile(r"超乎|超出|超过|好于|高于|低于|优于|符合|不及|不如|较|比")
_OF = re.compile(r"[的之]?(?:前|高级|多位|几位|一位|首席)?")
_CONDITION = re.compile(r" *(?:如果|假如|倘若|若|一旦)")
_NOT_OBJECT = re.compile(r"(?:对|向|给|就|针对|告诉|援引|引述|关于)$")
_TITLE = re.compile(
    r"官|长$|长(?!期|远)|总裁|主席|总监|主管|发言人|人士|经理|分析师|研究员|人员|合伙人|团队|管理层|高层|高管|负责人|创办人"
    r"|代表|总统|总理"
)
_OFFICE = re.compile(r"(?:政府|官方|方面|当局)")
_DOCUMENT = re.compile(r"资料|数据|报告|研报|统计|观点|调查|调研|民调|研究|评估|档案|文件|说法|消息|分析|中值")
# 据 and 根据 up to the comma that closes the frame; not the 据 of 数据 or 证据.
_FRAME = re.compile(
    r"(?:根据|依据|(?<![数证占单收票凭论根依])据)(?![点此])"
    r"([^,。;!?\n]{0,70}(?:(?<=\d),(?=\d)[^,。;!?\n]{0,40})?)"
)
_PREPOSITIONS = {"据": "據", "根据": "根據", "依据": "依據"}
_UNSTATED = re.compile(r"(?:报道|报导|悉|称|了解|传|估计|估算|统计|分析|介绍|透露)$")
_PUBLISHED = re.compile(r"(?:发布|发表|公布|发出).{0,12}(?:观点|报告|研报|文章|邮件|声明)$")
# What is no reporting verb although it holds one.
_NOT_VERB = {
    "称": re.compile(r"(?<![自堪号名简职所统俗全昵对人])称(?![为得之呼号谓赞霸])"),
    "说": re.compile(r"(?<![小学传据听再别虽可的来])说(?![法服话辞白不到的])"),
    "显示": re.compile(r"显示(?!卡|器|屏|出近期)"),
    "表示": re.compile(r"表示(?!赞赏|感谢|欢迎)"),
    "分析": re.compile(r"分析(?!师|人士|家|中|方法|机构)"),
    "认为": re.compile(r"(?<!被)(?<!他)认为|(?<=他)认为"),
    "预测": re.compile(r"预测(?!试|上调|下调|模型|[中均数]?值)"),
    "预估": re.compile(r"预估(?![中均数]?值)"),
    "预期": re.compile(r"预期(?![中均数]?值)"),
    "报导": re.compile(r"报导(?!中)"),
    "发现": re.compile(r"发现(?!金)"),
    "警告": re.compile(r"警告(?!声|信号|不断)"),
}


class Attribution(NamedTuple):
    """One report of what a source says: offsets into the text, half-open.

    ``kind`` is ``named`` (an entity), ``unnamed`` (people, media or documents without a name; ``entity_id`` is empty
    unless the lexicon has an entity for them) or ``anaphor`` (他, 該公司: ``entity_id`` is that of the nearest fitting
    name before it, empty where there is none).  Where a text names nobody at all (據報導), the source is the empty
    span before the verb.  ``verb`` is the listed verb, or the preposition where a frame has none (根據).
    """

    kind: Kind
    entity_id: str
    source_start: int
    source_end: int
    verb: str
    verb_start: int
    verb_end: int


class _Verb(NamedTuple):
    verb: str
    subject: str


class _Source(NamedTuple):
    kind: str
    entity_id: str
    start: int
    end: int


def find_attributions(text: str) -> list[Attribution]:
    """Find the attributions in ``text``, ordered by their source, at most one for each source phrase."""
    return _Finder(text).find()


@cache
def _verbs() -> tuple[dict[str, _Verb], re.Pattern[str]]:
    rows = load_reporting_verbs()
    verbs = {fold(verb): _Verb(verb, subject) for verb, subject in zip(rows["verb"], rows["subject"], strict=True)}
    return verbs, _any_of(verbs)


@cache
def _nouns() -> tuple[dict[str, str], re.Pattern[str]]:
    rows = load_source_nouns()
    nouns = {fold(noun): kind for noun, kind in zip(rows["noun"], rows["kind"], strict=True)}
    return nouns, _any_of(nouns)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


class _Finder:
    """The search in one text: its folded form, its names and what has been found so far."""

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        self.mentions = [m for m in find_mentions(text) if entity(m.entity_id).type in _SOURCES | {"country"}]
        self.starts = [m.start for m in self.mentions]
        self.found: dict[tuple[int, int], Attribution] = {}

    def find(self) -> list[Attribution]:
        self.frames = self._frames()
        verbs, pattern = _verbs()
        for hit in pattern.finditer(self.folded):
            verb = verbs[hit[0]]
            check = _NOT_VERB.get(hit[0])
            if (check and not check.match(self.folded, hit.start())) or self.folded.startswith("的", hit.end()):
                continue
            if verb.subject == "quoted":
                source = self._quoted(hit.end())
            elif self._framed(hit.start()):
                continue
            else:
                source = self._subject(hit.start(), verb.subject)
            if source:
                self._add(source, verb.verb, hit.span())
        return self._resolved()

    def _add(self, source: _Source, verb: str, span: tuple[int, int]) -> None:
        kind: Kind = "anaphor"
        if source.kind == "named":
            kind = "unnamed" if source.entity_id in _NAMELESS else "named"
        elif source.kind in ("unnamed", "document"):
            kind = "unnamed"
        elif not source.entity_id:
            # The antecedent is looked up when all sources are known; until then its class is kept in its place.
            source = source._replace(entity_id=source.kind)
        self.found.setdefault((source.start, source.end), Attribution(kind, source.entity_id, *source[2:], verb, *span))

    # --- 据 and 根据 ---------------------------------------------------------------------------------------------

    def _frames(self) -> list[tuple[int, int]]:
        """Find the frames, add their attributions and give the spans that they take."""
        spans = []
        verbs, pattern = _verbs()
        for frame in _FRAME.finditer(self.folded):
            start, end = frame.span(1)
            closings = list(pattern.finditer(self.folded, start, end))
            closing = closings[-1] if closings else None
            unstated = _UNSTATED.fullmatch(frame[1]) is not None
            if not (closing or unstated or _DOCUMENT.search(frame[1])):
                continue
            speakers = self._candidates(start, closing.start() if closing else end)
            speakers = [one for one in speakers if one.kind != "document"]
            named = [one for one in speakers if one.kind == "named"]
            if speakers:
                last = (named or speakers)[-1]
                # A name and its short form in brackets are one source.
                source = next(one for one in speakers if one.entity_id == last.entity_id)
            elif unstated:
                source = _Source("unnamed", "", start, start)
            else:
                continue
            if closing:
                self._add(source, verbs[closing[0]].verb, closing.span())
            else:
                self._add(source, _PREPOSITIONS[self.folded[frame.start() : start]], (frame.start(), start))
            spans.append((frame.start(), end))
        return spans

    def _framed(self, at: int) -> bool:
        before = bisect_left(self.frames, (at + 1, 0)) - 1
        return before >= 0 and at < self.frames[before][1]

    # --- sources before and after a verb -------------------------------------------------------------------------

    def _candidates(self, start: int, end: int, window: str | None = None) -> list[_Source]:
        """List the names and nouns between two offsets that can be a source; blanked parts of ``window`` count out."""
        window = self.folded[start:end] if window is None else window
        found = []
        for mention in self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]:
            inside = window[mention.start - start : mention.end - start]
            if mention.end > end or "\0" in inside or _NOT_OBJECT.search(window, 0, mention.start - start):
                continue
            if self._can_speak(mention, end):
                found.append(_Source("named", mention.entity_id, mention.start, mention.end))
        taken = {at for source in found for at in range(source.start, source.end)}
        nouns, pattern = _nouns()
        for noun in pattern.finditer(window):
            at = start + noun.start()
            other = noun[0][0] in "他它" and window[noun.start() - 1 : noun.start()] in ("其", "吉")
            if at not in taken and not other and not _NOT_OBJECT.search(window, 0, noun.start()):
                found.append(_Source(nouns[noun[0]], "", at, start + noun.end()))
        return sorted(found, key=lambda source: source.start)

    def _can_speak(self, mention: Mention, end: int) -> bool:
        """Tell whether a name is a source's; a country speaks through its government or where it stands at the verb."""
        if entity(mention.entity_id).type != "country":
            return True
        after = self.folded[mention.end : end]
        return not after or _OFFICE.match(after) is not None

    def _clause(self, at: int) -> int:
        """Give where the clause that ``at`` stands in begins."""
        start = max(0, at - _REACH)
        for mark in _CLAUSE_END.finditer(self.folded, start, at):
            start = mark.end()
        return start

    def _window(self, start: int, end: int) -> str:
        """Give a part of the folded text with brackets, titles and adverbials blanked."""
        window = self.folded[start:end]
        for part in (_BRACKETED, _QUOTING, _ADVERBIAL):
            window = part.sub(lambda hit: "\0" * len(hit[0]), window)
        return window

    def _quoted(self, start: int) -> _Source | None:
        """Give the source that follows 援引."""
        end = min(start + _GAP, len(self.folded))
        sources = self._candidates(start, end)
        cut = _CLAUSE_END.search(self.folded, start, end)
        return next((one for one in sources if cut is None or one.end <= cut.start()), None)

    def _subject(self, at: int, subject: str) -> _Source | None:
        """Give the source that is the subject of the verb at ``at``."""
        start = self._clause(at)
        if _CONDITION.match(self.folded, start):
            return None
        window = self._window(start, at)
        sources = self._candidates(start, at, window)
        if not sources:
            return self._publisher(start) if subject in ("any", "adjacent") and not window.strip("\0 ") else None
        last = sources[-1]
        gap = window[last.end - start :].replace("\0", "").replace(" ", "")
        if "被" in gap or (subject == "adjacent" and _COMPARED.search(window)):
            return None
        owner = self._owner(sources, start, window)
        if gap == "的" and _DOCUMENT.match(self.folded, at):  # 贝瑞的 + 分析认为
            gap = ""
        if not _fits(last, gap, subject, owner):
            return None
        return owner or last

    def _publisher(self, clause: int) -> _Source | None:
        """Give who published something in the clause before one that opens with a verb (發布報告,預測)."""
        end = clause - 1
        if end <= 0 or self.folded[end] != ",":
            return None
        start = self._clause(end)
        window = self._window(start, end)
        named = [one for one in self._candidates(start, end, window) if one.kind == "named"]
        return named[0] if named and _PUBLISHED.search(window) else None

    def _owner(self, sources: list[_Source], start: int, window: str) -> _Source | None:
        """Give whose the noun at the end is: 高盛報告, 學者的研究, 英國央行官員, Meta公司."""
        last = sources[-1]
        if last.kind in ("named", "person") or len(sources) < 2:
            return None
        document = last.kind == "document"
        unnamed = None
        for before in reversed(sources[:-1]):
            between = window[before.end - start : last.start - start].replace("\0", "").replace(" ", "")
            if len(between) <= _GAP if document else _OF.fullmatch(between):
                if before.kind == "named":
                    return before
                if document and before.kind == "unnamed":
                    unnamed = unnamed or before
        return unnamed

    # --- antecedents ---------------------------------------------------------------------------------------------

    def _resolved(self) -> list[Attribution]:
        """Put the attributions in order and give each anaphor its antecedent."""
        done: list[Attribution] = []
        for one in sorted(self.found.values(), key=lambda one: (one.source_start, one.verb_start)):
            if one.kind == "anaphor":
                one = one._replace(entity_id=self._antecedent(one, _ANTECEDENTS[one.entity_id], done))
            done.append(one)
        return done

    def _antecedent(self, one: Attribution, types: frozenset[str], before: list[Attribution]) -> str:
        """Give the nearest fitting source before an anaphor, or else the nearest fitting name; for 他 always a name."""
        if types != _ANTECEDENTS["person"]:
            for earlier in reversed(before):
                if one.source_start - earlier.source_end > _MEMORY:
                    break
                if earlier.entity_id and earlier.kind != "unnamed" and entity(earlier.entity_id).type in types:
                    return earlier.entity_id
        first = bisect_left(self.starts, one.source_start - _MEMORY)
        for mention in reversed(self.mentions[first : bisect_left(self.starts, one.source_start)]):
            if entity(mention.entity_id).type in types and mention.entity_id not in _NAMELESS:
                return mention.entity_id
        return ""


def _fits(last: _Source, gap: str, subject: str, owner: _Source | None) -> bool:
    """Tell whether a source with this much before the verb can be its subject."""
    document = last.kind == "document" or _DOCUMENT.search(gap) is not None
    if subject == "revision":
        return last.kind not in ("unnamed", "document") and "将" in gap
    if subject == "media":
        media = last.kind == "named" and entity(last.entity_id).type == "media"
        return (media or last.kind == "unnamed") and len(gap) <= 4
    if subject == "document":
        return document or re.fullmatch(_ADVERBS, gap) is not None
    if subject == "adjacent" or last.kind == "document":
        return re.fullmatch(_ADVERBS, gap) is not None or (document and owner is None and len(gap) <= 6)
    if gap.startswith("的"):
        return document or _TITLE.search(gap) is not None
    return len(gap) <= _GAP
