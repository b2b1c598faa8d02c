// Where text may be cut: between what a reader takes for letters (grapheme clusters), and around words.
//
// Places are counted in UTF-16 units, as scripts do; answers count code points, as MTurk's do.

// A sign that joins the consonant before it to the one behind it (virama, hasanta), maybe with a joiner. Browsers of
// some years ago cut there, which would tear a conjunct such as ক্ষ apart.
const JOINS = /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d][\u200c\u200d]?$/;
const LETTER = /^\p{L}/u;

class Letters {
  constructor(text) {
    this.text = text;
    this.cuts = cutsOf(text);
    this.wordParts = wordsOf(text, this.cuts);
  }

  // The nearest cut at or before a place, and at or behind it.
  before(place) {
    return this.cuts[this.#at(place)];
  }

  after(place) {
    const at = this.#at(place);
    return this.cuts[at] === place ? place : this.cuts[at + 1];
  }

  // A number of letters on; stops at the ends of the text.
  step(place, by) {
    const at = this.#at(place) + by;
    return this.cuts[Math.min(Math.max(at, 0), this.cuts.length - 1)];
  }

  // The word around a place, or null between words.
  wordAt(place) {
    return this.wordParts.find(({ start, end }) => start <= place && place < end) ?? null;
  }

  // Without blanks at the ends; null when nothing else is there.
  trimmed({ start, end }) {
    const part = this.text.slice(start, end);
    const from = start + part.length - part.trimStart().length;
    const to = end - (part.length - part.trimEnd().length);
    return from < to ? { start: from, end: to } : null;
  }

  // The index of the last cut that is not behind a place.
  #at(place) {
    let [low, high] = [0, this.cuts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.cuts[middle] <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function cutsOf(text) {
  const parts = typeof Intl.Segmenter === "function"
    ? [...new Intl.Segmenter(language, { granularity: "grapheme" }).segment(text)].map(({ segment }) => segment)
    : (text.match(/\r\n|\P{M}[\p{M}\u200c\u200d]*|\p{M}+/gsu) ?? []);
  const cuts = [0];
  let place = 0;
  let before = "";
  for (const part of parts) {
    if (JOINS.test(before) && LETTER.test(part)) cuts.pop();
    place += part.length;
    cuts.push(place);
    before = part;
  }
  return cuts;
}

// Words begin and end at cuts, too.
function wordsOf(text, cuts) {
  const known = new Set(cuts);
  const found = typeof Intl.Segmenter === "function"
    ? [...new Intl.Segmenter(language, { granularity: "word" }).segment(text)].filter((part) => part.isWordLike)
    : [...text.matchAll(/[\p{L}\p{M}\p{N}\u200c\u200d'’]+/gu)].map((match) => ({ index: match.index, segment: match[0] }));
  return found
    .map(({ index, segment }) => ({ start: index, end: index + segment.length }))
    .filter(({ start, end }) => known.has(start) && known.has(end));
}

// From UTF-16 units to code points and back.
function codePointsBefore(text, place) {
  return [...text.slice(0, place)].length;
}

function placeOfCodePoint(text, count) {
  let place = 0;
  for (let left = count; left > 0 && place < text.length; left--) place += text.codePointAt(place) > 0xffff ? 2 : 1;
  return place;
}
