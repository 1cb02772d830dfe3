// The transcript: one item per utterance, patched by id. Words are plain text; the current word, doubtful words
// and matches are marked by CSS highlights, so that long transcripts stay fast.
// A word is an array of the server: id, start, end, text, and 1 if it is doubtful.

import { clock, el } from "./dom.js";

const FIRST = 60; // utterances shown immediately; the others follow in portions
const PORTION = 400;
const BLOCK = 20; // utterances in one element, which the browser lays out only near the window

export class TranscriptList {
  constructor(actions) {
    this.actions = actions;
    this.items = new Map();
    this.utterances = [];
    this.node = el("div", { class: "transcript", role: "list", "aria-label": "Transcript" });
    this.node.addEventListener("click", (event) => this.click(event));
  }

  /** Show a transcript; items of unchanged utterances are kept. */
  show(transcript, colors) {
    this.utterances = transcript.utterances;
    this.colors = colors;
    const old = this.items;
    this.items = new Map();
    clearTimeout(this.pending);
    setHighlight("doubtful", []);
    this.place(0, old.size ? this.utterances.length : FIRST, old);
    for (const item of old.values()) item.node.remove();
    for (const block of [...this.node.children]) if (!block.firstChild) block.remove();
  }

  /** Insert a node after another (null: at the start), in the same block unless it is full. */
  insert(node, previous) {
    const block = previous ? previous.parentNode : this.node.firstChild;
    if (previous && (previous.nextSibling || block.childElementCount < BLOCK)) previous.after(node);
    else if (!previous && block) block.prepend(node);
    else this.node.insertBefore(el("ol", { role: "none" }, node), block && block.nextSibling);
  }

  /** Place the items of `count` utterances from index `start` on, taken from `old` if unchanged; the rest follows later. */
  place(start, count, old = new Map()) {
    const end = Math.min(start + count, this.utterances.length);
    let previous = start ? this.items.get(keyOf(this.utterances[start - 1])).node : null;
    for (let index = start; index < end; index++) {
      const one = this.utterances[index];
      const isNew = !index || this.utterances[index - 1].speaker !== one.speaker;
      const spoken = one.words.map((word) => word[3]).join(" ");
      const state = JSON.stringify([one.start, one.speaker, isNew, spoken]);
      const key = keyOf(one);
      let item = old.get(key);
      old.delete(key);
      if (!item || item.state !== state) {
        item?.node.remove();
        item = this.create(one, isNew, spoken, state);
      }
      item.node.dataset.index = index;
      this.items.set(key, item);
      const next = previous ? previous.nextSibling ?? previous.parentNode.nextSibling?.firstChild : this.node.firstChild?.firstChild;
      if (next !== item.node) this.insert(item.node, previous);
      previous = item.node;
    }
    this.mark(start, end);
    if (end < this.utterances.length) this.pending = setTimeout(() => this.place(end, PORTION));
  }

  create(one, isNew, spoken, state) {
    const name = one.speaker ?? "Unknown speaker";
    const text = el("p", { class: "words" }, spoken);
    const tool = (name) =>
      el("button", { "data-act": name.toLowerCase(), "aria-label": `${name} the words at ${clock(one.start)}` }, name);
    const node = el(
      "li",
      { class: isNew ? "turn" : "", role: "listitem", tabindex: "-1" },
      isNew ? this.speakerButton(one, name) : null,
      el("button", { class: "time", "data-act": "play", "aria-label": `Play from ${clock(one.start)}` }, clock(one.start)),
      text,
      el("span", { class: "tools" }, tool("Edit"), tool("Copy")),
    );
    return { node, text, state };
  }

  speakerButton(one, name) {
    const color = one.speaker === null ? "none" : this.colors.get(one.speaker);
    const badge = el("span", { class: `badge speaker-${color}`, "aria-hidden": "true" }, initials(name));
    return el("button", { class: "who", "data-act": "speaker" }, badge, name);
  }

  click(event) {
    const node = event.target.closest("li");
    if (!node || !this.node.contains(node)) return;
    const one = this.utterances[Number(node.dataset.index)];
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act) this.actions[act](one, node);
    else if (event.target.closest(".words") && getSelection().isCollapsed) {
      this.actions.word(wordAt(one, event.clientX, event.clientY) ?? one.words[0]);
    }
  }

  item(one) {
    return this.items.get(keyOf(one));
  }

  /** Return the index of the utterance at a time, or of the last one before it. */
  indexAt(time) {
    let low = 0;
    let high = this.utterances.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.utterances[middle].start <= time) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** Mark the word at a time, and return its item. */
  highlight(time) {
    const one = this.utterances[this.indexAt(time)];
    const item = one && this.item(one);
    const index = one ? one.words.findLastIndex((word) => word[1] <= time) : -1;
    setHighlight("playing", item && index >= 0 ? [rangeOf(item.text, one, index)] : []);
    return item;
  }

  /** Mark the doubtful words of the utterances from index `start` to `end`. */
  mark(start, end) {
    for (const one of "highlights" in CSS ? this.utterances.slice(start, end) : []) {
      const { text } = this.item(one);
      let at = 0;
      for (const word of one.words) {
        if (word[4]) CSS.highlights.get("doubtful").add(part(text.firstChild, at, at + word[3].length));
        at += word[3].length + 1;
      }
    }
  }

  /** Mark all matches of a text, and return the utterance of each. */
  search(text) {
    const wanted = text.trim().toLocaleLowerCase();
    const ranges = [];
    const found = [];
    for (const one of wanted ? this.utterances : []) {
      const item = this.item(one);
      const spoken = item?.text.textContent.toLocaleLowerCase() ?? "";
      for (let at = spoken.indexOf(wanted); at >= 0; at = spoken.indexOf(wanted, at + wanted.length)) {
        const node = item.text.firstChild;
        if (node && at + wanted.length <= node.length) ranges.push(part(node, at, at + wanted.length));
        found.push(one);
      }
    }
    setHighlight("match", ranges);
    return found;
  }

  /** Return the start and end of the selected words in seconds; null without a selection. */
  selected() {
    const selection = getSelection();
    if (selection.isCollapsed || !this.node.contains(selection.anchorNode)) return null;
    const range = selection.getRangeAt(0);
    const words = [];
    for (const item of [...this.node.querySelectorAll("li")].filter((node) => range.intersectsNode(node))) {
      const one = this.utterances[Number(item.dataset.index)];
      const text = item.querySelector(".words");
      one.words.forEach((word, index) => {
        if (text.firstChild && touches(range, rangeOf(text, one, index))) words.push(word);
      });
    }
    return words.length ? { start: words[0][1], end: Math.max(...words.map((word) => word[2])) } : null;
  }
}

export function initials(name) {
  const label = /^SPEAKER_(\d+)$/.exec(name);
  if (label) return label[1].slice(-2);
  const parts = name.split(/\s+/).filter(Boolean);
  return (parts.length > 1 ? parts[0][0] + parts.at(-1)[0] : name.slice(0, 2)).toUpperCase();
}

const keyOf = (one) => one.id ?? `${one.start} ${one.speaker}`;

/** Return the range of a word of an utterance in its text node. */
function rangeOf(text, one, index) {
  const start = one.words.slice(0, index).reduce((sum, word) => sum + word[3].length + 1, 0);
  return part(text.firstChild, start, start + one.words[index][3].length);
}

function part(node, start, end) {
  return new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end });
}

/** Return whether a range contains or meets the range of a word. */
function touches(range, wordRange) {
  const { startContainer, startOffset, endOffset } = wordRange;
  return range.comparePoint(startContainer, endOffset) > -1 && range.comparePoint(startContainer, startOffset) < 1;
}

function setHighlight(name, ranges) {
  if (!("highlights" in CSS)) return;
  CSS.highlights.set(name, new Highlight(...ranges));
}

function wordAt(one, x, y) {
  const caret = document.caretPositionFromPoint
    ? document.caretPositionFromPoint(x, y)
    : document.caretRangeFromPoint?.(x, y);
  const offset = caret?.offset ?? caret?.startOffset;
  if (offset === undefined) return undefined;
  let end = 0;
  return one.words.find((word) => offset <= (end += word[3].length + 1) - 1);
}
