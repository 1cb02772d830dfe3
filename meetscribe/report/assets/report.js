// The page: clicks, keys, and the timeline.

const MARGIN = 120; // pixels that the toolbar and the player may cover

/**
 * The page. `heard` is the paragraph at the position of the player, `current` the one shown last by a key, a search or a
 * link; while `following`, the page scrolls with the playback.
 */
class Page {
  constructor() {
    document.documentElement.classList.add("scripted");
    const lanes = document.querySelector(".lanes");
    this.transcript = new Transcript();
    this.timeline = lanes && new Timeline(lanes, this.transcript, (time) => this.play(time));
    const last = this.transcript.inTime.at(-1);
    const length = lanes ? Number(lanes.dataset.length) : (last?.times.at(-1) ?? 0);
    this.player = new Player(length, (time) => this.onTime(time));
    this.search = new Search(this.transcript, (one, range) => this.reveal(one, range));
    this.filter = new Filter(this.transcript, () => this.search.run());
    document.addEventListener("click", (event) => this.click(event));
    document.addEventListener("keydown", (event) => this.key(event));
    for (const kind of ["wheel", "touchmove"]) addEventListener(kind, () => (this.following = false), { passive: true });
    byId("theme").addEventListener("click", () => this.switchTheme());
    byId("help").addEventListener("click", () => byId("keys").showModal());
    this.nameTheme();
    addEventListener("hashchange", () => this.openAddress());
    this.openAddress();
  }

  /** Go to the time in a URL such as meeting.html#t=754. */
  openAddress() {
    const time = /^#t=(\d+(\.\d+)?)$/.exec(location.hash);
    if (!time) return;
    this.player.seek(Number(time[1]));
    this.reveal(this.transcript.at(Number(time[1])));
  }

  play(time) {
    this.following = true;
    this.player.seek(time, true);
    if (!this.player.audio) this.reveal(this.transcript.at(time));
  }

  /** Show the word and the paragraph at a time. The constructor of `Player` calls this before `this.player` is set. */
  onTime(time) {
    this.timeline?.show(time);
    const one = this.transcript.at(time);
    const started = one && this.player && (time > 0 || this.following);
    highlight("playing", started && this.player?.audio ? [one.rangeOfWord(one.wordAt(time))] : []);
    if (one === this.heard || !started) return;
    this.heard?.node.classList.remove("here");
    one.node.classList.add("here");
    this.heard = one;
    const caption = byId("heard");
    if (caption) caption.textContent = `${speakerOf(one)}: ${one.text.textContent}`;
    if (this.following && this.player?.audio && !this.player.audio.paused) this.scrollTo(one.node);
  }

  reveal(one, range) {
    if (!one) return;
    one.node.hidden = false;
    this.current = one;
    this.following = false;
    this.scrollTo(one.node, range);
  }

  /** Scroll an element, or a range in it, to the middle; again in the next frames, because content is laid out only when visible. */
  scrollTo(node, range, frames = 3) {
    node.scrollIntoView({ block: "center" });
    const box = range?.getBoundingClientRect();
    if (box && (box.top < MARGIN || box.bottom > innerHeight - MARGIN)) scrollBy(0, box.top - innerHeight / 2);
    cancelAnimationFrame(this.scrolling);
    if (frames) this.scrolling = requestAnimationFrame(() => this.scrollTo(node, range, frames - 1));
  }

  click(event) {
    const link = event.target.closest("a");
    if (link?.dataset.find) return this.onTerm(event, link);
    if (link?.dataset.t) return this.onCitation(event, link);
    const text = event.target.closest(".turns p[data-w]");
    if (!text || !this.player.audio || !getSelection().isCollapsed) return undefined;
    const one = this.transcript.of(text);
    const offset = one.offsetAt(event.clientX, event.clientY);
    if (offset !== null) this.play(one.times[one.wordIn(offset)]);
    return undefined;
  }

  onTerm(event, link) {
    event.preventDefault();
    this.filter.clear();
    this.search.find(link.dataset.find);
  }

  /** Play a citation or a time; unless the time is in the transcript itself, also show the words. */
  onCitation(event, link) {
    event.preventDefault();
    const one = this.transcript.byId.get(link.hash.slice(1));
    if (one) {
      const [start, end] = (link.dataset.q ?? "0 0").split(" ").map(Number);
      const range = one.range(start, end);
      highlight("cited", end ? [range] : []);
      if (!link.closest(".turns")) this.reveal(one, range);
      this.current = one;
    }
    history.replaceState(null, "", `#t=${link.dataset.t}`);
    this.play(Number(link.dataset.t));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
    if (event.key === "Escape") return this.clear();
    if (event.target.closest("input, audio")) return undefined;
    const isButton = event.target.closest("button, a, .wide");
    const actions = {
      ...(isButton ? {} : { " ": () => this.player.toggle(), Enter: () => this.current && this.play(this.current.start) }),
      ArrowLeft: () => this.player.seek(this.player.at - SKIP),
      ArrowRight: () => this.player.seek(this.player.at + SKIP),
      ",": () => this.stepWord(-1),
      ".": () => this.stepWord(1),
      j: () => this.step(1),
      k: () => this.step(-1),
      n: () => this.nextDoubt(),
      "/": () => this.focusSearch(),
      "?": () => byId("keys").showModal(),
    };
    if (!Object.hasOwn(actions, event.key)) return undefined;
    event.preventDefault();
    return actions[event.key]();
  }

  clear() {
    this.search.clear();
    this.filter.clear();
    highlight("cited", []);
    document.activeElement?.blur();
  }

  focusSearch() {
    this.search.query?.focus();
    this.search.query?.select();
  }

  step(by) {
    const shown = this.transcript.shown();
    const now = shown.indexOf(this.current ?? this.heard);
    this.focus(shown[Math.min(Math.max(now + by, 0), shown.length - 1)]);
  }

  stepWord(by) {
    const one = this.transcript.at(this.player.at);
    const time = one?.times[one.wordAt(this.player.at) + by];
    const paragraphs = this.transcript.inTime;
    const next = paragraphs[paragraphs.indexOf(one) + by];
    const other = by > 0 ? next?.start : next?.times.at(-1);
    const target = time ?? other;
    if (target !== undefined) this.play(target);
  }

  nextDoubt() {
    const doubts = this.transcript.shown().filter(({ node }) => isDoubtful(node));
    const all = this.transcript.paragraphs;
    const now = all.indexOf(this.current);
    this.focus(doubts.find((one) => all.indexOf(one) > now) ?? doubts[0]);
  }

  focus(one) {
    if (!one) return;
    this.reveal(one);
    one.node.tabIndex = -1;
    one.node.focus({ preventScroll: true });
  }

  isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  switchTheme() {
    document.documentElement.dataset.theme = this.isDark() ? "light" : "dark";
    this.nameTheme();
  }

  nameTheme() {
    byId("theme").textContent = this.isDark() ? "Light" : "Dark";
  }
}

class Timeline {
  constructor(lanes, transcript, play) {
    this.length = Number(lanes.dataset.length);
    this.hours = this.length >= 3600;
    this.transcript = transcript;
    this.scrub = lanes.querySelector(".scrub");
    this.head = lanes.querySelector(".head");
    this.line = lanes.querySelector(".hover");
    this.tip = lanes.querySelector(".tip");
    this.scrub.addEventListener("click", (event) => play(this.timeAt(event)));
    this.scrub.addEventListener("pointermove", (event) => this.hover(event));
    this.scrub.addEventListener("pointerleave", () => (this.tip.hidden = true));
  }

  timeAt(event) {
    const box = this.scrub.getBoundingClientRect();
    return (this.length * Math.min(Math.max(0, event.clientX - box.left), box.width)) / box.width;
  }

  hover(event) {
    if (event.pointerType === "touch") return;
    const time = this.timeAt(event);
    const share = time / this.length;
    const one = this.transcript.at(time);
    this.line.style.left = `${100 * share}%`;
    this.tip.hidden = false;
    this.tip.textContent = `${clockOf(time, this.hours)}${one ? ` ${speakerOf(one)}: ${one.text.textContent.slice(0, 90)}` : ""}`;
    this.tip.style.left = share < 0.6 ? `${100 * share}%` : "auto";
    this.tip.style.right = share < 0.6 ? "auto" : `${100 * (1 - share)}%`;
  }

  show(time) {
    this.head.style.left = `${(100 * time) / this.length}%`;
    this.scrub.setAttribute("aria-valuenow", Math.round(time));
    this.scrub.setAttribute("aria-valuetext", clockOf(time, this.hours));
  }
}

/** Return the name above a paragraph, which may stand above an earlier one. */
function speakerOf(one) {
  for (let node = one.node; node; node = node.previousElementSibling) {
    const name = node.querySelector("b");
    if (name) return name.textContent;
  }
  return "";
}

new Page();
