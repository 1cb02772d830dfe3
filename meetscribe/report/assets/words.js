// The words of the transcript: their times and offsets in the text, decoded on demand.

function highlight(name, ranges) {
  if ("highlights" in CSS) CSS.highlights.set(name, new Highlight(...ranges));
}

const ROUNDING = 0.005; // seconds by which a start, in hundredths, may be late

class Paragraph {
  constructor(node) {
    this.node = node;
    this.text = node.querySelector("p");
    this.data = this.text.dataset.w;
    this.start = parseInt(this.data, 10) / 100;
  }

  /** The starts of the words in seconds, from the hundredths in `data-w`: the first start, then the differences. */
  get times() {
    let sum = 0;
    this.knownTimes ??= this.data.split(" ").map((step) => (sum += Number(step)) / 100);
    return this.knownTimes;
  }

  /** The offsets of the words in the text, from `data-o`, or from its spaces. */
  get offsets() {
    if (!this.knownOffsets) {
      let at = 0;
      const split = () => this.text.textContent.split(" ").map((word) => (at += word.length + 1) - word.length - 1);
      this.knownOffsets = this.text.dataset.o ? this.text.dataset.o.split(" ").map(Number) : split();
    }
    return this.knownOffsets;
  }

  /** Return the index of the last word that starts at or before a time, at least 0. */
  wordAt(time) {
    return Math.max(0, this.times.findLastIndex((start) => start <= time + ROUNDING));
  }

  /** Return the index of the word at an offset of the text. */
  wordIn(offset) {
    return Math.max(0, this.offsets.findLastIndex((start) => start <= offset));
  }

  rangeOfWord(index) {
    const end = index + 1 < this.offsets.length ? this.offsets[index + 1] : this.text.textContent.length;
    const word = this.text.textContent.slice(this.offsets[index], end).trimEnd();
    return this.range(this.offsets[index], this.offsets[index] + word.length);
  }

  /** Return the range of the text between two offsets. */
  range(start, end) {
    const range = document.createRange();
    range.setStart(...this.locate(start));
    range.setEnd(...this.locate(end));
    return range;
  }

  /** Return the text node at an offset, and the offset in it. */
  locate(offset) {
    const walker = document.createTreeWalker(this.text, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    let rest = offset;
    while (node && rest > node.length) {
      rest -= node.length;
      node = walker.nextNode() ?? (() => { rest = 0; return null; })();
    }
    return node ? [node, rest] : [this.text, this.text.childNodes.length];
  }

  /** Return the offset of the text at a point of the window, null outside the text. */
  offsetAt(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y);
    const found = caret ? [caret.offsetNode, caret.offset] : caretOf(document.caretRangeFromPoint?.(x, y));
    if (!found || !this.text.contains(found[0])) return null;
    const before = document.createRange();
    before.setStart(this.text, 0);
    before.setEnd(...found);
    return before.toString().length;
  }
}

function caretOf(range) {
  return range ? [range.startContainer, range.startOffset] : null;
}

class Transcript {
  constructor() {
    this.paragraphs = [...document.querySelectorAll(".turns > li")].map((node) => new Paragraph(node));
    this.inTime = [...this.paragraphs].sort((one, other) => one.start - other.start);
    this.byId = new Map(this.paragraphs.map((one) => [one.node.id, one]));
  }

  /** Return the paragraph at a time, or the last one before it. */
  at(time) {
    let low = 0;
    let high = this.inTime.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.inTime[middle].start <= time + ROUNDING) low = middle + 1;
      else high = middle;
    }
    return this.inTime[Math.max(0, low - 1)];
  }

  of(node) {
    return this.byId.get(node.closest(".turns > li")?.id);
  }

  shown() {
    return this.paragraphs.filter((one) => !one.node.hidden);
  }
}
