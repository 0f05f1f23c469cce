// Finds records of the search index (wattbook.site.search) for a query, and says where in them the terms stand.
//
// Text and query are folded alike: Traditional to Simplified characters by the index's table, capitals to small
// letters, full to half width, British to American spelling, word forms to a stem.  Folding keeps lengths, so a place
// in folded text is the same place in the text.  A query becomes units: names and terms that the index knows to have
// synonyms, else words.  Han text is looked through as a string, for any part of a longer word may be asked for.
(() => {
  "use strict";

  const HAN = "\\u3400-\\u9fff";
  const TOKEN = new RegExp(`[a-z]&[a-z]\\b|[a-z0-9]+(?:[.,][0-9]+)*%?|[${HAN}]+`, "g");
  const IS_HAN = new RegExp(`^[${HAN}]`);
  // Parts of a phrase follow each other with at most a space, a hyphen or a possessive between.
  const GAP = /^(?:'s|’s)?[\s\-–—‑'’./&,()·]{0,3}$/;
  const STOP = new Set(
    ("a an and are as at be been but by can did do does for from had has have how i in into is it its no not of on or " +
      "so than that the their them there these they this to too was we were what when where which who whom whose why " +
      "will with would 的 了 和 是 在 與 与 及 或 嗎 吗 呢 多少 什麼 什么 為何 为何").split(" "),
  );
  // Where one name of a row ends and the next begins: at a mark, or where Latin turns to Han.
  const NAME_ENDS = new RegExp(` · |、| — |(?<=[a-zA-Z0-9.)]) (?=[${HAN}])`);
  const SPELLING = [
    [/ise(s|d|r|rs)?$/, "ize$1"],
    [/isation(s?)$/, "ization$1"],
    [/ising$/, "izing"],
    [/yse(s|d)?$/, "yze$1"],
    [/^(cent|met|fib|lit|theat)re(s?)$/, "$1er$2"],
    [/(nano|kilo|milli|centi)metre/, "$1meter"],
    [/^(.{3,})our(s|ed|ing|ite)?$/, "$1or$2"],
    [/ageing/, "aging"],
    [/(licen|defen|offen)ce/, "$1se"],
    [/ll(ed|ing|er)$/, "l$1"],
    [/^(program)me/, "$1"],
    [/^(cata|dia|ana)logue/, "$1log"],
  ];
  // What a hit is worth: the word itself, a form of it, a beginning of a word, a word one slip away, a synonym.
  const WORTH = { exact: 1, form: 0.9, start: 0.55, slip: 0.45, synonym: 0.6, apart: 0.5 };
  const [TITLE, BODY, ANCHOR] = [0, 1, 2];
  // A heading counts for more than the text below it, a row's first words for less, the headings above it for least.
  const WEIGHT = { title: 3.2, rowTitle: 1.6, anchor: 1.5, above: 0.9 };
  // How far a word in a heading above covers a word of the query.
  const FROM_ABOVE = 0.7;
  const SECTIONS = new Set(["chapter", "section", "sources"]);
  const ROWS = new Set(["claim", "check", "entity", "term"]);
  const NAMED_BY_ID = new Set(["claim", "check"]);
  // A container is a section of few words, whose matter is in its rows or in the sections below it.
  const CONTAINER = 15;
  const KIND = {
    chapter: 1, section: 1, container: 0.3, sources: 0.4, figure: 0.45, table: 0.45, claim: 0.3, check: 0.28,
    entity: 0.6, term: 0.55,
  };
  // The chapters are what the book is for; the other pages serve them.
  const CHAPTERS = 1.5;
  // What changed names everything and explains nothing; the pages on using the book take their examples from all of it.
  // What a heading of theirs names is another matter.
  const ASIDE = [
    { pages: /^book\/changelog$/, factor: 0.25 },
    { pages: /^book\/how_to_/, factor: 0.5 },
  ];
  // A row that has the very name; the second and later rows among the results, for one leads to most of what they say.
  const NAMED = 3;
  const NAMED_LEAST = 0.7;
  const FURTHER_ROW = 0.6;
  // What a chapter gains where all its sections have the words, and by how much its sections' scores grow.
  const ABOUT = { chapter: 6.2, section: 1 };
  // The two constants of Okapi BM25.
  const SATURATION = 1.2;
  const LENGTH_WEIGHT = 0.5;
  // What share of the best score a result must have.
  const LEAST = 0.04;
  // With fewer results than this, longer names and terms are looked for word by word as well.
  const ENOUGH = 5;
  const MOST = 12;

  const stems = new Map();
  const stem = (word) => {
    let found = stems.get(word);
    if (found === undefined) stems.set(word, (found = makeStem(word)));
    return found;
  };

  const makeStem = (word) => {
    // Of a number only its sign of percent and its commas go, of a model's name (H200s) the plural.
    if (/\d/.test(word)) return word.replace(/[,%]|s$/g, "");
    if (word.length < 4) return word;
    let w = word === "lives" ? "life" : word;
    for (const [from, to] of SPELLING) w = w.replace(from, to);
    const cut = (ending, least, put = "") => {
      if (!w.endsWith(ending) || w.length - ending.length < least) return false;
      w = w.slice(0, -ending.length) + put;
      return true;
    };
    if (!/(ss|us|is)$/.test(w)) cut("ies", 2, "y") || (/(ss|x|ch|sh|zz)es$/.test(w) && cut("es", 2)) || cut("s", 3);
    const doubled = () => /([bdgmnprt])\1$/.test(w) && (w = w.slice(0, -1));
    if (cut("ization", 4, "iz") || cut("ation", 4) || cut("ition", 4, "i")) return w;
    if (cut("ating", 4) || cut("ated", 4) || cut("ate", 4) || cut("ative", 4)) return w;
    if (cut("ible", 4) || cut("able", 4) || cut("ment", 4) || cut("ness", 4) || cut("ally", 4, "al") || cut("ly", 4)) return w.replace(/e$/, "");
    if (cut("ing", 4) || cut("ed", 4)) doubled();
    return w.replace(/e$/, "").replace(/([^aeiou])y$/, "$1i");
  };

  const lowerBound = (sorted, value) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  // Whether one insertion, deletion, change or swap of neighbours after the first letter makes b of a.
  const oneSlip = (a, b) => {
    if (a[0] !== b[0] || Math.abs(a.length - b.length) > 1) return false;
    let i = 1;
    while (i < a.length && i < b.length && a[i] === b[i]) i++;
    const rest = (x, y) => a.slice(i + x) === b.slice(i + y);
    return rest(1, 1) || rest(1, 0) || rest(0, 1) || (a[i] === b[i + 1] && a[i + 1] === b[i] && rest(2, 2));
  };

  // Phrases that differ in no key (centre, center) are one.
  const distinct = (phrases) => Array.from(new Map(phrases.map((phrase) => [keyOf(phrase), phrase])).values());

  const keyOf = (parts) => parts.map((part) => part.key).join(" ");

  class Searcher {
    constructor(index) {
      this.index = index;
      const [from, to] = index.fold.map((text) => Array.from(text));
      this.folds = new Map(from.map((char, i) => [char, to[i]]));
      this.records = index.records.map(([page, anchor, kind, title, text, parent], id) => ({
        id, anchor, title, text, parent,
        page: index.pages[page],
        kind: index.kinds[kind],
        // The words of a section's anchor were chosen to say what it is about.
        fields: [title, text, SECTIONS.has(index.kinds[kind]) ? `${anchor.slice(4)} ${parent < 0 ? index.pages[page] : ""}` : ""].map((f) => this.fold(f)),
        names: SECTIONS.has(index.kinds[kind]) ? [] : this.names(title),
      }));
      // Word -> its places, flat: record, field and start of each in turn.  Stem -> its words.
      this.places = new Map();
      this.forms = new Map();
      // The fields with Han in one string, and where in it each begins.
      const han = [];
      this.hanStarts = [];
      this.hanFields = [];
      let hanLength = 0;
      for (const record of this.records) {
        record.length = 0;
        record.fields.forEach((field, number) => {
          const before = record.length;
          let hasHan = false;
          TOKEN.lastIndex = 0;
          for (let match = TOKEN.exec(field); match; match = TOKEN.exec(field)) {
            const word = match[0];
            if (word > "\u33ff") {
              hasHan = true;
              record.length += word.length / 2;
              continue;
            }
            if (number < 2) record.length += 1;
            let places = this.places.get(word);
            if (places === undefined) this.places.set(word, (places = []));
            places.push(record.id, number, match.index);
          }
          if (number === TITLE) {
            record.titleLength = record.length - before;
            record.length = 0;
          }
          if (hasHan) {
            han.push(field);
            this.hanStarts.push(hanLength);
            this.hanFields.push([record.id, number]);
            hanLength += field.length + 1;
          }
        });
        record.above = [];
        for (let up = record.parent; up >= 0; up = this.records[up].parent) record.above.push(up);
      }
      this.han = han.join("\n");
      for (const word of this.places.keys()) {
        const key = stem(word);
        if (!this.forms.has(key)) this.forms.set(key, []);
        this.forms.get(key).push(word);
      }
      this.meanLength = this.records.reduce((sum, record) => sum + record.length, 0) / this.records.length;
      this.stems = Array.from(this.forms.keys()).sort();
      // How many sections each page has; a page is about a thing in the measure that its sections are.
      this.sections = new Map();
      for (const { kind, page } of this.records)
        if (SECTIONS.has(kind)) this.sections.set(page, (this.sections.get(page) ?? 0) + 1);
      this.words = new Set(index.words);
      this.chapters = new Set(index.chapters.map((page) => index.pages[page]));
      // Folded phrase -> the groups of what stands for the same thing.
      this.groups = new Map();
      for (const terms of index.synonyms) {
        const phrases = distinct(terms.map((term) => this.parts(this.fold(term))));
        for (const phrase of phrases) {
          const key = keyOf(phrase);
          if (!this.groups.has(key)) this.groups.set(key, []);
          this.groups.get(key).push(...phrases);
          phrase.filter((part) => part.han && part.key.length > 1).forEach((part) => this.words.add(part.key));
        }
      }
      this.longest = Math.max(...Array.from(this.groups.keys(), (key) => key.split(" ").length));
    }

    fold(text) {
      return text.toLowerCase().length === text.length
        ? text.toLowerCase().replace(/[^\x00-\x7f]/g, (char) => this.foldChar(char))
        : Array.from({ length: text.length }, (_, i) => this.foldChar(text[i])).join("");
    }

    foldChar(char) {
      let folded = this.folds.get(char);
      if (folded === undefined) {
        folded = char.normalize("NFKC").toLowerCase();
        if (folded > "\u007f" && folded < "\u0250") folded = folded.normalize("NFD")[0];
        if (folded.length !== 1) folded = char;
        folded = this.folds.get(folded) ?? folded;
        this.folds.set(char, folded);
      }
      return folded;
    }

    // What a row is called: a term in each language, a claim's number with and without its unit.
    names(title) {
      return title.split(NAME_ENDS).flatMap((name) => {
        const parts = this.parts(this.fold(name));
        return /^\d/.test(parts[0]?.key) ? [keyOf(parts), parts[0].key] : [keyOf(parts)];
      });
    }

    // Cut folded text into what is looked up as one: a word by its stem, a run of Han as it stands.
    parts(folded) {
      return Array.from(folded.matchAll(TOKEN), ({ 0: word }) =>
        IS_HAN.test(word) ? { key: word, han: true } : { key: stem(word), word },
      );
    }

    // Cut a run of Han of a query into known words, as few as there can be; the rest stays in pieces.
    cutHan(run, longest = 12) {
      const best = [{ cost: 0 }];
      for (let end = 1; end <= run.length; end++) {
        for (let start = Math.max(0, end - longest); start < end; start++) {
          const known = end - start > 1 && this.words.has(run.slice(start, end));
          if (!known && end - start > 1) continue;
          const cost = best[start].cost + (known ? 1 : 3);
          if (!best[end] || cost < best[end].cost) best[end] = { cost, start, known };
        }
      }
      const out = [];
      for (let end = run.length; end > 0; end = best[end].start) {
        const { start, known } = best[end];
        const last = out[0];
        if (!known && last && !last.known) last.key = run.slice(start, end) + last.key;
        else out.unshift({ key: run.slice(start, end), han: true, known });
      }
      return out;
    }

    // Turn a query into units; each has phrases with their worth, of which one hit is enough.  Fine units are single
    // words, for what is not found as the longer name or term that it is.
    units(query, fine = false) {
      const folded = this.fold(query);
      const parts = this.parts(folded).flatMap((part) => {
        if (!part.han) return [part];
        const known = this.groups.has(part.key);
        if (fine && part.key.length > 2) return this.cutHan(part.key, part.key.length > 3 ? 2 : part.key.length - 1);
        return known ? [part] : this.cutHan(part.key);
      });
      const last = parts.at(-1);
      if (last && !last.han && /[a-z0-9]$/.test(folded)) last.open = true;
      const units = [];
      for (let i = 0; i < parts.length; ) {
        let count = fine ? 1 : Math.min(this.longest, parts.length - i);
        const key = () => keyOf(parts.slice(i, i + count));
        while (count > 1 && !this.groups.has(key())) count--;
        const own = parts.slice(i, i + count);
        const others = distinct(this.groups.get(key()) ?? []).filter((phrase) => keyOf(phrase) !== key());
        units.push({
          stop: count === 1 && STOP.has(own[0].word ?? own[0].key),
          phrases: [{ parts: own, worth: 1 }, ...others.map((phrase) => ({ parts: phrase, worth: WORTH.synonym }))],
        });
        i += count;
      }
      const kept = units.filter((unit) => !unit.stop);
      return (kept.length ? kept : units).map((unit) => this.split(unit));
    }

    // The places of a part: record -> [field, start, end, worth], in the order of the text.
    hits(part) {
      const known = this.found.get(part.key);
      if (known && !part.open) return known;
      const found = new Map();
      if (!part.open) this.found.set(part.key, found);
      const add = (id, hit) => (found.has(id) ? found.get(id).push(hit) : found.set(id, [hit]));
      const addAll = (key, worth) => {
        for (const word of this.forms.get(key) ?? []) {
          const places = this.places.get(word);
          for (let i = 0; i < places.length; i += 3)
            add(places[i], [places[i + 1], places[i + 2], places[i + 2] + word.length, worth(word)]);
        }
      };
      if (part.han) {
        for (let at = this.han.indexOf(part.key); at >= 0; at = this.han.indexOf(part.key, at + 1)) {
          const which = lowerBound(this.hanStarts, at + 1) - 1;
          const start = at - this.hanStarts[which];
          const [id, field] = this.hanFields[which];
          add(id, [field, start, start + part.key.length, WORTH.exact]);
        }
        return found;
      }
      addAll(part.key, (word) => (word === part.word ? WORTH.exact : WORTH.form));
      // H200 is no longer form of H20.
      if (part.open && part.word.length > 2 && !(found.size && /\d/.test(part.word))) {
        for (const beginning of new Set([part.key, part.word])) {
          for (let i = lowerBound(this.stems, beginning); this.stems[i]?.startsWith(beginning); i++)
            if (this.stems[i] !== part.key) addAll(this.stems[i], () => WORTH.start);
        }
      }
      if (!found.size && part.word.length > 3 && !/\d/.test(part.word)) {
        const near = new Set();
        for (const word of this.places.keys()) if (oneSlip(part.word, word)) near.add(stem(word));
        for (const key of near) addAll(key, () => WORTH.slip);
      }
      return found;
    }

    // The places of a phrase: of its parts one after the other; where they only stand apart, those at lower worth.
    phraseHits({ parts, worth, together }) {
      const each = parts.map((part) => this.hits(part));
      const found = new Map();
      for (const [id, firsts] of each[0]) {
        if (!each.every((hits) => hits.has(id))) continue;
        const fields = this.records[id].fields;
        let joined = firsts;
        for (const hits of each.slice(1)) {
          joined = joined.flatMap(([field, start, end, quality]) =>
            hits.get(id)
              .filter((next) => next[0] === field && next[1] >= end && next[1] - end < 6)
              .filter((next) => GAP.test(fields[field].slice(end, next[1])))
              .map((next) => [field, start, next[2], Math.min(quality, next[3])]),
          );
        }
        const apart = !joined.length;
        if (apart && together) continue;
        const kept = apart ? each.flatMap((hits) => hits.get(id)) : joined;
        const factor = worth * (apart ? WORTH.apart : 1);
        found.set(id, kept.map(([field, start, end, quality]) => [field, start, end, quality * factor]));
      }
      return found;
    }

    unitHits(unit) {
      const found = new Map();
      for (const phrase of unit.phrases) {
        for (const [id, hits] of this.phraseHits(phrase)) {
          const known = found.get(id) ?? [];
          // A synonym inside a word that is found already (芯片 in 晶片 too) is no second find.
          const fresh = hits.filter((h) => !known.some((k) => k[0] === h[0] && k[1] < h[2] && h[1] < k[2]));
          found.set(id, known.concat(fresh));
        }
      }
      return found;
    }

    // A word that is nowhere may be two (writeoff), so that each is looked for.
    split(unit) {
      const { parts } = unit.phrases[0];
      const { word } = parts[0];
      if (unit.phrases.length > 1 || parts.length > 1 || parts[0].han || this.places.has(word)) return unit;
      for (let i = 3; i <= word.length - 3; i++) {
        const halves = [word.slice(0, i), word.slice(i)];
        if (!halves.every((half) => this.places.has(half))) continue;
        const again = this.units(halves.join(" "));
        return again.length === 1 ? again[0] : { phrases: [{ parts: this.parts(halves.join(" ")), worth: 1, together: true }] };
      }
      return unit;
    }

    // Give the best results for a query, one per section: [{record, section, marks, more}], best first.
    find(query) {
      const results = this.ranked(this.units(query), query);
      if (results.length < ENOUGH) {
        const there = new Set(results.map((result) => result.section));
        results.push(...this.ranked(this.units(query, true), query, there));
      }
      return results.slice(0, MOST);
    }

    // Rank what has hits, without the sections that are listed already.
    ranked(units, query, listed = new Set()) {
      this.found = new Map();
      const each = units.map((unit) => this.unitHits(unit));
      const weights = each.map((hits) => Math.log(1 + this.records.length / (1 + hits.size)));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const ids = new Set(each.flatMap((hits) => Array.from(hits.keys())));
      for (const id of Array.from(ids)) ids.add(this.records[id].above.at(-1) ?? id);
      const all = Array.from(ids, (id) => this.score(this.records[id], each, weights, total));
      const about = new Map();
      for (const { record, worth } of all)
        if (SECTIONS.has(record.kind)) about.set(record.page, (about.get(record.page) ?? 0) + worth);
      const asked = query.trim().toLowerCase();
      const name = keyOf(this.parts(this.fold(query)));
      const alike = new Set(units.length === 1 ? units[0].phrases.map((phrase) => keyOf(phrase.parts)) : [name]);
      for (const result of all) {
        const { anchor, kind, page, names } = result.record;
        const measure = (about.get(page) ?? 0) / (this.sections.get(page) ?? 1);
        result.score *= 1 + ABOUT.section * measure;
        if (kind === "chapter") result.score += ABOUT.chapter * measure ** 1.5;
        if (this.chapters.has(page)) result.score *= CHAPTERS;
        for (const { pages, factor } of ASIDE) if (pages.test(page)) result.score *= factor ** (1 - result.titled);
        const near = (n) => (alike.has(n) ? 1 : n.startsWith(name) ? name.length / n.length : 0);
        const nearest = Math.max(0, ...names.map(near));
        result.score += NAMED * nearest ** 2;
        result.named = nearest === 1;
        // An id that is typed out is what is asked for.
        if (anchor === asked || (NAMED_BY_ID.has(kind) && anchor === `${kind}-${asked}`)) result.score += 1000;
      }
      const best = (a, b) => b.score - a.score || a.record.id - b.record.id;
      const sectionOf = (record) => (SECTIONS.has(record.kind) || record.parent < 0 ? record : this.records[record.parent]);
      const scored = all.filter((result) => !listed.has(sectionOf(result.record)));
      const top = Math.max(0, ...scored.map((result) => result.score));
      for (const result of scored) if (result.named) result.score = Math.max(result.score, NAMED_LEAST * top);
      const ordered = scored.filter((result) => result.score > LEAST * top).sort(best);
      const bySection = new Map();
      for (const result of ordered) {
        const { record } = result;
        const section = sectionOf(record);
        const first = bySection.get(section.id);
        if (first) first.more.push(result);
        else bySection.set(section.id, { ...result, section, more: [] });
      }
      const results = Array.from(bySection.values());
      let rows = 0;
      for (const result of results) if (ROWS.has(result.record.kind)) result.score *= FURTHER_ROW ** rows++;
      return results.sort(best);
    }

    score(record, each, weights, total) {
      const isSection = SECTIONS.has(record.kind);
      const norm = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * record.length) / this.meanLength);
      const marks = [];
      let sum = 0;
      let covered = 0;
      let titled = 0;
      let worth = 0;
      each.forEach((hits, number) => {
        const own = hits.get(record.id) ?? [];
        const best = [0, 0, 0];
        let [count, above] = [0, 0];
        for (const [field, , , worth] of own) {
          best[field] = Math.max(best[field], worth);
          count += field === BODY;
        }
        for (const up of record.above)
          for (const [field, , , worth] of hits.get(up) ?? []) if (field === TITLE) above = Math.max(above, worth);
        const body = (best[BODY] * (SATURATION + 1) * count) / (count + norm);
        const title = (isSection ? WEIGHT.title : WEIGHT.rowTitle) * best[TITLE];
        sum += weights[number] * (title + body + WEIGHT.anchor * best[ANCHOR] + WEIGHT.above * above);
        covered += weights[number] * (own.length ? 1 : above ? FROM_ABOVE : 0);
        titled += weights[number] * best[TITLE];
        worth += weights[number] * Math.max(...best);
        marks.push(...own.filter((hit) => hit[0] !== ANCHOR));
      });
      // Words that follow each other in the query and in the text belong together.
      let together = 0;
      for (let i = 0; i + 1 < each.length; i++) {
        const [left, right] = [each[i].get(record.id) ?? [], each[i + 1].get(record.id) ?? []];
        if (left.some((l) => right.some((r) => l[0] === r[0] && r[1] >= l[2] && r[1] - l[2] < 6))) together++;
      }
      const share = covered / total;
      // The nearer a title is to what was asked, the likelier it is meant.
      const whole = record.titleLength ? (titled / total) * Math.min(1, each.length / record.titleLength) : 0;
      const weight = isSection && record.length < CONTAINER ? KIND.container : KIND[record.kind];
      const score =
        ((weight * sum) / total) * share * share * (1 + 0.5 * together) * (1 + (isSection ? 0.8 : 0.3) * whole);
      return { record, score, marks, titled: titled / total, worth: share > 0.99 ? worth / total : 0 };
    }
  }

  window.wattbookSearch = { Searcher, MOST };
})();
