// The meeting view: player, transcript, corrections, findings, search and export.

import { follow, get, post } from "./api.js";
import { announce, ask, clock, counted, el } from "./dom.js";
import { Player, shareOfTalk } from "./player.js";
import { TranscriptList } from "./transcript.js";

const COLORS = 8;
const MARGIN = 0.001; // seconds after a passage: spans are half-open, and its last word may have no length
const ENDED = ["done", "incomplete", "failed", "cancelled"];
const KEYS = [
  ["Space", "play or pause"],
  ["← →", "5 seconds back or forward"],
  ["j k", "next or previous utterance"],
  ["e", "edit the utterance"],
  ["c", "copy the utterance with its time"],
  ["n", "next doubtful passage"],
  ["u", "undo the last correction"],
  ["/", "search"],
  ["?", "this list"],
];

export async function showMeeting(main, session, id) {
  const job = await get(`/api/jobs/${id}`);
  const transcript = await get(`/api/jobs/${id}/transcript`).catch((error) => {
    if (error.status === 404 && !ENDED.includes(job.state)) return null;
    throw error;
  });
  const progress = el("p", { class: "quiet", role: "status" });
  let end = () => {};
  if (!ENDED.includes(job.state)) {
    end = follow(`/api/jobs/${id}/events`, (kind, value) => {
      progress.textContent = value.progress ? `Preparing the final transcript: ${Math.floor(value.progress.share * 100)} %` : "The final transcript is waiting.";
      if (!ENDED.includes(value.state)) return;
      end();
      progress.textContent = value.error?.message ?? "";
      if (!view) showMeeting(main, session, id).then((leave) => (end = leave));
      else if (!value.error) get(`/api/jobs/${id}/transcript`).then((final) => view.show(final));
    });
  }
  if (!transcript) main.replaceChildren(el("h1", {}, job.name), progress);
  const view = transcript && new MeetingView(session, id, job, transcript);
  if (!view) return () => end();
  main.replaceChildren(progress, ...view.nodes);
  view.show(view.transcript);
  document.addEventListener("keydown", view.onKey);
  document.addEventListener("selectionchange", view.onSelection);
  addEventListener("scroll", view.onScroll, { passive: true });
  const unwatch = watch(id, (changed) => view.update(changed.revision));
  return () => {
    end();
    unwatch();
    view.close();
  };
}

/** Pass a job on after each change; a hidden page is not connected, because browsers limit the connections to a server. */
function watch(id, on) {
  let end = () => {};
  const connect = () => {
    end();
    end = () => {};
    if (document.hidden) return;
    end = follow("/api/events", (kind, job) => kind === "job" && job.id === id && on(job));
    get(`/api/jobs/${id}`).then(on, () => {});
  };
  document.addEventListener("visibilitychange", connect);
  connect();
  return () => {
    document.removeEventListener("visibilitychange", connect);
    end();
  };
}

class MeetingView {
  constructor(session, id, job, transcript) {
    this.session = session;
    this.id = id;
    this.job = job;
    this.transcript = transcript;
    this.current = 0; // the index of the current utterance
    this.following = true;
    this.player = new Player(id, (time) => this.onTime(time));
    this.list = new TranscriptList({
      play: (one) => this.player.seek(one.start, true),
      word: (word) => this.player.seek(word[1], true),
      edit: (one) => this.edit(one),
      copy: (one) => this.copy(one),
      speaker: (one) => this.rename(one),
    });
    this.build();
    this.onKey = (event) => this.key(event);
    this.onSelection = () => (this.assignButton.hidden = !this.list.selected());
    this.onScroll = () => this.scrolled();
  }

  build() {
    const title = this.transcript.title ?? this.job.name;
    document.title = `${title} · meetscribe`;
    this.facts = el("p", { class: "quiet" });
    this.talk = el("ul", { class: "talk", "aria-label": "Share of talk" });
    this.query = el("input", { type: "search", placeholder: "Search", "aria-label": "Search in the transcript", oninput: () => this.search() });
    this.hits = el("span", { class: "quiet", "aria-live": "polite" });
    this.assignButton = el("button", { hidden: true, onmousedown: (event) => event.preventDefault(), onclick: () => this.assign() }, "Assign selection …");
    this.undoButton = el("button", { onclick: () => this.correct({ kind: "undo" }) }, "Undo");
    this.back = el("button", { class: "now", hidden: true, onclick: () => this.follow() }, "Back to now");
    this.findings = el("details", { class: "findings" });
    this.history = el("details", { class: "history" });
    const tools = el("div", { class: "toolbar", role: "toolbar", "aria-label": "Tools" },
      this.query, this.hits, this.undoButton, this.assignButton,
      el("button", { onclick: () => this.merge() }, "Merge speakers …"),
      el("button", { onclick: () => this.export() }, "Export …"),
      el("button", { "aria-label": "Keyboard shortcuts", onclick: () => this.help() }, "?"));
    this.nodes = [
      el("h1", {}, title), this.facts, this.talk,
      el("div", { class: "sticky" }, this.player.node, tools),
      this.findings, this.list.node, this.history, this.back,
    ];
  }

  show(transcript) {
    this.transcript = transcript;
    this.colors ??= new Map();
    this.keepColors(transcript.speakers);
    const date = transcript.recorded_at && new Date(transcript.recorded_at).toLocaleString([], { dateStyle: "long", timeStyle: "short" });
    this.facts.textContent = [date, clock(transcript.duration), ...transcript.notices].filter(Boolean).join(" · ");
    this.player.show(transcript, this.colors);
    this.list.show(transcript, this.colors);
    this.undoButton.disabled = transcript.edits.length === 0;
    this.talk.replaceChildren(...shareOfTalk(this.player.turns).map((one) => this.shareItem(...one)));
    this.showFindings();
    this.showHistory();
    if (this.query.value) this.search();
  }

  /** Keep the color of each speaker; a new name takes a free color. */
  keepColors(speakers) {
    const kept = new Map(speakers.filter((name) => this.colors.has(name)).map((name) => [name, this.colors.get(name)]));
    const free = [...Array(COLORS).keys()].filter((color) => ![...kept.values()].includes(color));
    const gone = [...this.colors].filter(([name]) => !speakers.includes(name)).map(([, color]) => color);
    for (const name of speakers) {
      if (!kept.has(name)) kept.set(name, gone.shift() ?? free.shift() ?? kept.size % COLORS);
    }
    this.colors = kept;
  }

  shareItem(name, share) {
    const bar = el("span", { class: `share speaker-${this.colors.get(name)}` });
    bar.style.inlineSize = `${Math.max(2, share * 100)}%`;
    return el("li", {}, el("span", {}, name), el("span", { class: "track" }, bar), el("span", {}, `${Math.round(share * 100)} %`));
  }

  showFindings() {
    // [start, text] of each passage to check
    this.doubts = this.transcript.findings.map((one) => [one.start, `${one.reason}${one.text ? `: “${one.text}”` : ""}`]);
    this.findings.hidden = !this.doubts.length;
    this.findings.replaceChildren(
      el("summary", {}, `${counted(this.doubts.length, "passage")} to check`),
      el("ul", {}, ...this.doubts.map(([start, text]) =>
        el("li", {}, el("button", { class: "time", onclick: () => this.goTo(start, true) }, clock(start)), ` ${text}`))));
  }

  showHistory() {
    const edits = this.transcript.edits;
    this.history.hidden = !edits.length;
    this.history.replaceChildren(
      el("summary", {}, counted(edits.length, "correction")),
      el("ol", {}, ...edits.map((edit) =>
        el("li", {}, edit.text, edit.applies ? "" : " (has no effect)", " ",
          el("button", { "aria-label": `Undo: ${edit.text}`, onclick: () => this.correct({ kind: "undo", step: edit.number }) }, "Undo")))));
  }

  /** Show the corrections of others; not while something is edited here. */
  async update(revision) {
    clearTimeout(this.waiting);
    const isBusy = () => this.isSaving || document.querySelector("dialog, .edit");
    if (!revision || revision === this.transcript.revision) return;
    const latest = !isBusy() && (await get(`/api/jobs/${this.id}/transcript`).catch(() => null));
    if (isBusy()) this.waiting = setTimeout(() => this.update(revision), 1000);
    else if (latest && latest.revision !== this.transcript.revision && this.list.node.isConnected) {
      this.show(latest);
      announce("Corrected elsewhere.");
    }
  }

  /** Send a correction; another revision on the server leads to a choice, never to a lost edit. */
  async correct(edit, revision = this.transcript.revision) {
    this.isSaving = true;
    try {
      this.show(await post(`/api/jobs/${this.id}/edits`, { revision, edit }));
      announce(edit.kind === "undo" ? "Undone." : "Saved.");
      return true;
    } catch (error) {
      if (error.status !== 409) {
        announce(error.message, true);
        return false;
      }
      return await this.resolve(edit, error);
    } finally {
      this.isSaving = false;
    }
  }

  async resolve(edit, error) {
    const latest = await get(`/api/jobs/${this.id}/transcript`);
    const others = error.error.added ?? [];
    const answer = await ask("Corrected elsewhere", [
      el("p", {}, "Since you opened this transcript, it was corrected elsewhere:"),
      el("ul", {}, ...others.map((text) => el("li", {}, text))),
      el("p", {}, "Your correction is not saved yet", edit.text === undefined ? "." : `: “${edit.text}”`),
    ], [["again", "Save mine as well"], ["", "Discard mine"]]);
    this.show(latest);
    return answer === "again" ? this.correct(edit, latest.revision) : false;
  }

  edit(one) {
    const item = this.list.item(one);
    const before = one.words.map((word) => word[3]).join(" ");
    const area = el("textarea", { rows: Math.min(12, Math.ceil(before.length / 70) + 1), "aria-label": `Words of ${one.speaker ?? "an unknown speaker"} at ${clock(one.start)}` });
    area.value = before;
    const close = () => {
      form.replaceWith(item.text);
      item.node.focus();
    };
    const save = async () => {
      const text = area.value.trim();
      if (text === before) return close();
      const passage = { start: one.start, end: one.end + MARGIN, speaker: one.speaker ?? undefined };
      const edit = text ? { kind: "replace", text, ...passage } : { kind: "delete", ...passage };
      area.readOnly = true;
      if (await this.correct(edit)) this.list.node.querySelector(`[data-index="${this.current}"]`)?.focus();
      else area.readOnly = false;
      return undefined;
    };
    const form = el("form", { class: "edit", onsubmit: (event) => { event.preventDefault(); save(); } },
      area,
      el("div", { class: "buttons" },
        el("button", { type: "submit", class: "primary" }, "Save"),
        el("button", { onclick: close }, "Cancel"),
        el("span", { class: "quiet" }, "Ctrl+Enter saves, Esc cancels. Without words the utterance is deleted.")));
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
      if (event.key === "Escape") close();
    });
    item.text.replaceWith(form);
    this.current = this.transcript.utterances.indexOf(one);
    area.focus();
  }

  async rename(one) {
    if (one.speaker === null) return this.assignTo({ start: one.start, end: one.end + MARGIN });
    const [field, ...parts] = this.nameField(one.speaker);
    const answer = await ask(`Who is ${one.speaker}?`, parts, [["all", "Rename everywhere"], ["here", "Only this utterance"], ["", "Cancel"]]);
    const name = field.value.trim();
    if (!answer || !name || name === one.speaker) return undefined;
    if (answer === "here") return this.correct({ kind: "assign", start: one.start, end: one.end + MARGIN, speaker: name });
    const merge = this.transcript.speakers.includes(name);
    return this.correct({ kind: "rename", names: { [one.speaker]: name }, merge });
  }

  nameField(value) {
    const field = el("input", { value, required: true, maxlength: 200, list: "speakers" });
    return [field, el("label", {}, "Name", field),
      el("datalist", { id: "speakers" }, ...this.transcript.speakers.map((name) => el("option", { value: name })))];
  }

  async assign() {
    const passage = this.list.selected();
    if (passage) await this.assignTo({ start: passage.start, end: passage.end + MARGIN });
  }

  async assignTo(passage) {
    const [field, ...parts] = this.nameField("");
    const answer = await ask(`Who speaks from ${clock(passage.start)} to ${clock(passage.end)}?`, parts, [["assign", "Assign"], ["", "Cancel"]]);
    if (answer && field.value.trim()) await this.correct({ kind: "assign", speaker: field.value.trim(), ...passage });
  }

  async merge() {
    const boxes = this.transcript.speakers.map((name) => el("input", { type: "checkbox", value: name }));
    const rows = boxes.map((box) => el("label", { class: "check" }, box, box.value));
    const answer = await ask("Which of these are one person?", [el("fieldset", {}, el("legend", {}, "Speakers"), ...rows)],
      [["merge", "Merge"], ["", "Cancel"]]);
    const speakers = boxes.filter((box) => box.checked).map((box) => box.value);
    if (answer && speakers.length > 1) await this.correct({ kind: "merge", speakers });
  }

  async export() {
    const format = el("select", {}, ...this.session.formats.map((row) => el("option", { value: row.name }, `${row.name} – ${row.text}`)));
    format.value = "docx";
    const preset = el("select", {}, ...["", "bbc", "netflix", "youtube", "short"].map((name) => el("option", { value: name }, name || "standard")));
    const row = el("label", { hidden: true }, "Subtitle style", preset);
    format.addEventListener("change", () => (row.hidden = !["srt", "vtt", "ass"].includes(format.value)));
    const answer = await ask("Export", [el("label", {}, "Format", format), row], [["save", "Download"], ["", "Cancel"]]);
    if (!answer) return;
    const query = new URLSearchParams({ format: format.value });
    if (!row.hidden && preset.value) query.set("preset", preset.value);
    el("a", { href: `/api/jobs/${this.id}/export?${query}`, download: "" }).click();
  }

  async copy(one) {
    const text = `[${clock(one.start)}] ${one.speaker ?? "?"}: ${one.words.map((word) => word[3]).join(" ")}`;
    try {
      await navigator.clipboard.writeText(text);
      announce("Copied.");
    } catch {
      announce("The browser does not allow copying.", true);
    }
  }

  search() {
    const found = this.list.search(this.query.value);
    this.hits.textContent = this.query.value ? counted(found.length, "hit") : "";
    this.matches = found;
  }

  onTime(time) {
    const item = this.list.highlight(time);
    if (!item || this.player.audio.paused) return;
    if (item !== this.heard) {
      this.heard = item;
      this.current = Number(item.node.dataset.index);
      if (this.following) this.scrollTo(item.node);
    }
  }

  scrollTo(node) {
    this.scrolledAt = performance.now();
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    node.scrollIntoView({ block: "center", behavior: smooth ? "smooth" : "auto" });
  }

  /** Stop following the audio when the user scrolls. */
  scrolled() {
    if (performance.now() - (this.scrolledAt ?? 0) < 1000 || this.player.audio.paused) return;
    this.following = false;
    this.back.hidden = false;
  }

  follow() {
    this.following = true;
    this.back.hidden = true;
    if (this.heard) this.scrollTo(this.heard.node);
  }

  goTo(time, play = false) {
    this.step(this.list.indexAt(time) - this.current);
    this.player.seek(time, play);
  }

  step(count) {
    const last = this.transcript.utterances.length - 1;
    this.current = Math.max(0, Math.min(last, this.current + count));
    const item = this.list.item(this.transcript.utterances[this.current]);
    if (item) this.scrollTo(item.node);
    item?.node.focus({ preventScroll: true });
  }

  nextDoubt() {
    const now = this.transcript.utterances[this.current]?.start ?? 0;
    const doubt = this.doubts.find(([start]) => start > now + 0.01) ?? this.doubts[0];
    if (doubt) this.goTo(doubt[0]);
  }

  key(event) {
    if (event.target.closest("input, textarea, select, dialog, audio") || event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "Enter" && event.target === this.query && this.matches?.length) {
        const now = this.current;
        this.goTo((this.matches.find((one) => this.transcript.utterances.indexOf(one) > now) ?? this.matches[0]).start);
        this.query.focus();
      }
      return;
    }
    const one = this.transcript.utterances[this.current];
    const isButton = event.target.closest("button, summary, a");
    const actions = {
      ...(isButton ? {} : { " ": () => this.player.toggle() }),
      ArrowLeft: () => this.player.skip(-1),
      ArrowRight: () => this.player.skip(1),
      j: () => this.step(1),
      k: () => this.step(-1),
      e: () => one && this.edit(one),
      c: () => one && this.copy(one),
      n: () => this.nextDoubt(),
      u: () => this.undoButton.disabled || this.correct({ kind: "undo" }),
      "/": () => this.query.focus(),
      "?": () => this.help(),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  help() {
    const rows = KEYS.map(([key, text]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, text)));
    ask("Keyboard", [el("dl", { class: "keys" }, ...rows)], [["", "Close"]]);
  }

  close() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("selectionchange", this.onSelection);
    removeEventListener("scroll", this.onScroll);
    clearTimeout(this.waiting);
    clearTimeout(this.list.pending);
    this.player.close();
  }
}
