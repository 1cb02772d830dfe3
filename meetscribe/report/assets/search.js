// Search, and the filter by speakers and by doubtful passages.

const MAX_SHOWN = 2000; // matches that are highlighted

/** The matches of a search as [paragraph, offset, length]; `index` is the current one, or -1. */
class Search {
  constructor(transcript, go) {
    this.transcript = transcript;
    this.go = go;
    this.matches = [];
    this.index = -1;
    this.query = byId("query");
    this.query?.addEventListener("input", () => this.run());
    this.query?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    });
  }

  /** Search for a text, and show the first match. */
  find(text) {
    this.query.value = text;
    this.run();
    this.step(1);
  }

  run() {
    if (!this.query) return;
    const wanted = this.query.value.trim().toLowerCase();
    this.matches = [];
    this.index = -1;
    if (wanted) for (const one of this.transcript.shown()) this.collect(one, wanted);
    highlight("current", []);
    highlight("found", this.matches.slice(0, MAX_SHOWN).map(([one, at]) => one.range(at, at + wanted.length)));
    this.show();
  }

  collect(one, wanted) {
    // Lower case may change the length of a text. Its offsets are then unknown, and the start of the paragraph is shown.
    one.plain ??= one.text.textContent.toLowerCase();
    const same = one.plain.length === one.text.textContent.length;
    for (let at = one.plain.indexOf(wanted); at >= 0; at = one.plain.indexOf(wanted, at + wanted.length)) {
      this.matches.push([one, same ? at : 0, wanted.length]);
    }
  }

  step(by) {
    if (!this.matches.length) return;
    this.index = (this.index + by + this.matches.length) % this.matches.length;
    const [one, at, length] = this.matches[this.index];
    const range = one.range(at, at + length);
    highlight("current", [range]);
    this.go(one, range);
    this.show();
  }

  show() {
    const count = this.matches.length;
    if (!byId("hits")) return;
    const found = this.index >= 0 ? `${this.index + 1} of ${count}` : `${count} ${count === 1 ? "match" : "matches"}`;
    byId("hits").textContent = this.query.value.trim() ? found : "";
  }

  clear() {
    if (!this.query) return;
    this.query.value = "";
    this.run();
  }
}

class Filter {
  constructor(transcript, onChange) {
    this.transcript = transcript;
    this.onChange = onChange;
    this.chips = [...document.querySelectorAll(".chip")];
    for (const chip of this.chips) chip.addEventListener("click", () => this.toggle(chip));
  }

  toggle(chip) {
    chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true");
    this.apply();
  }

  apply() {
    const pressed = this.chips.filter((chip) => chip.getAttribute("aria-pressed") === "true");
    const speakers = pressed.filter((chip) => chip.dataset.speaker).map((chip) => `s${chip.dataset.speaker}`);
    const doubts = pressed.some((chip) => chip.id === "doubts");
    for (const { node } of this.transcript.paragraphs) {
      const bySpeaker = !speakers.length || speakers.some((name) => node.classList.contains(name));
      node.hidden = !bySpeaker || (doubts && !isDoubtful(node));
    }
    for (const heading of document.querySelectorAll(".topic")) heading.hidden = isEmpty(heading);
    this.onChange();
  }

  clear() {
    for (const chip of this.chips) chip.setAttribute("aria-pressed", "false");
    this.apply();
  }
}

/** Return whether everything between a heading and the next is hidden. */
function isEmpty(heading) {
  for (let list = heading.nextElementSibling; list?.matches(".turns"); list = list.nextElementSibling) {
    if (list.querySelector("li:not([hidden])")) return false;
  }
  return true;
}

function isDoubtful(node) {
  return node.classList.contains("q") || node.querySelector("u") !== null;
}
