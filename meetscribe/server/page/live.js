// The live view: choose a microphone or a tab, watch the words and the state, name the speakers, stop.

import { explain } from "./api.js";
import { announce, ask, clock, el, languages } from "./dom.js";
import { LiveSocket } from "./socket.js";
import { initials } from "./transcript.js";

const COLORS = 8;
const SILENT_SECONDS = 5;

export async function showLive(main, session) {
  const view = new LiveView(session);
  main.replaceChildren(...view.nodes);
  document.title = "Live · meetscribe";
  await view.listDevices();
  return () => view.leave();
}

class LiveView {
  constructor(session) {
    this.session = session;
    this.segments = new Map();
    this.names = {};
    this.colors = new Map();
    this.following = true;
    this.build();
  }

  build() {
    this.source = el("select", {}, el("option", { value: "" }, "Microphone"));
    if (navigator.mediaDevices?.getDisplayMedia) this.source.append(el("option", { value: "tab" }, "Audio of a tab or screen"));
    this.language = languages();
    this.title = el("input", { class: "wide", placeholder: `Meeting of ${new Date().toLocaleDateString()}`, maxlength: 200 });
    this.startButton = el("button", { class: "primary", onclick: () => this.start() }, "Start recording");
    this.pauseButton = el("button", { hidden: true, "aria-pressed": "false", onclick: () => this.pause() }, "Pause");
    this.markButton = el("button", { hidden: true, onclick: () => this.mark() }, "Mark this moment");
    this.stopButton = el("button", { hidden: true, onclick: () => this.stop() }, "Stop");
    this.state = el("strong", { class: "live-state" }, "Not recording");
    this.meter = el("meter", { min: 0, max: 1, low: 0.02, value: 0, "aria-label": "Audio level" });
    this.facts = el("span", { class: "quiet" });
    this.warning = el("p", { class: "error", role: "alert", hidden: true });
    this.log = el("ol", { class: "transcript live", role: "log", "aria-label": "Transcript", "aria-live": "polite" });
    this.pending = el("p", { class: "pending", "aria-hidden": "true" });
    this.back = el("button", { class: "now", hidden: true, onclick: () => this.follow() }, "Back to now");
    this.choice = el("fieldset", { class: "options" }, el("legend", {}, "Source"),
      el("label", {}, "Sound", this.source), el("label", {}, "Language", this.language), el("label", {}, "Title", this.title));
    this.nodes = [
      el("h1", {}, "Live"), this.choice,
      el("div", { class: "sticky" },
        el("div", { class: "toolbar" }, this.startButton, this.pauseButton, this.markButton, this.stopButton, this.state, this.meter, this.facts),
        this.warning),
      this.log, this.pending, this.back,
      el("p", { class: "quiet" }, "Everyone recorded should consent. The recording is stored on this server."),
    ];
    this.onScroll = () => {
      const isAtEnd = innerHeight + scrollY > document.documentElement.scrollHeight - 120;
      this.following = isAtEnd;
      this.back.hidden = isAtEnd || !this.socket;
    };
    addEventListener("scroll", this.onScroll, { passive: true });
  }

  async listDevices() {
    if (!isSecureContext || !navigator.mediaDevices) {
      this.warn("The browser allows microphones only over HTTPS or on localhost. Open this page at http://localhost or behind HTTPS.");
      this.startButton.disabled = true;
      return;
    }
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    for (const device of devices.filter((one) => one.kind === "audioinput" && one.deviceId && one.label)) {
      this.source.append(el("option", { value: device.deviceId }, device.label));
    }
  }

  async openSound() {
    if (this.source.value === "tab") {
      const stream = await navigator.mediaDevices.getDisplayMedia({ audio: true, video: true });
      for (const track of stream.getVideoTracks()) track.stop();
      if (!stream.getAudioTracks().length) throw new Error("The browser shares no audio: choose a tab and share its audio.");
      return stream;
    }
    const device = this.source.value ? { deviceId: { exact: this.source.value } } : {};
    return navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, ...device } });
  }

  async start() {
    this.startButton.disabled = true;
    try {
      this.stream = await this.openSound();
      this.context = new AudioContext({ sampleRate: 16000 });
      await this.context.audioWorklet.addModule("/page/pcm-worklet.js");
    } catch (error) {
      this.warn(error.name === "NotAllowedError" ? "The browser was not allowed to record." : error.message);
      this.startButton.disabled = false;
      return;
    }
    const options = this.language.value ? { language: this.language.value } : {};
    this.state.textContent = "Loading the model …";
    this.socket = new LiveSocket({ name: this.title.value.trim() || this.title.placeholder, options }, (message) => this.receive(message));
    const node = new AudioWorkletNode(this.context, "pcm-blocks", { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }) => this.sound(data.block, data.peak);
    this.context.createMediaStreamSource(this.stream).connect(node);
    this.stream.getAudioTracks()[0].addEventListener("ended", () => this.stop());
    this.heardAt = performance.now();
    this.wakeLock = await navigator.wakeLock?.request("screen").catch(() => null);
    this.choice.disabled = true;
    this.startButton.hidden = true;
    for (const button of [this.pauseButton, this.markButton, this.stopButton]) button.hidden = false;
  }

  /** Handle a block of samples and its peak (0 to 1) from the audio thread. */
  sound(block, peak) {
    this.meter.value = Math.sqrt(peak);
    if (this.isPaused || this.isStopping) return;
    if (peak > 0) this.heardAt = performance.now();
    const isSilent = performance.now() - this.heardAt > SILENT_SECONDS * 1000;
    if (isSilent !== this.isSilent) {
      this.isSilent = isSilent;
      if (isSilent) this.warn("No audio from this source. Check that it is not muted.");
      else this.warning.hidden = true;
    }
    this.socket.feed(block);
  }

  receive(message) {
    if (message.type === "lost") this.state.textContent = `Connection lost: still recording, retrying in ${Math.round(message.seconds)} s`;
    else if (message.type === "ready") this.state.textContent = this.isPaused ? "Paused" : "Recording";
    else if (message.type === "error") this.fail(explain(message));
    else if (message.type === "stopped") this.finished(message.job);
    else if (message.type === "event") this.apply(message);
  }

  apply(event) {
    const handlers = {
      partial: () => (this.pending.textContent = event.text),
      commit: () => this.commit(event),
      revise: () => this.revise(event),
      speakers: () => this.showNames(event.names),
      status: () => this.showStatus(event),
      state: () => (this.isPaused = event.state === "paused"),
      error: () => this.warn(explain(event)),
    };
    handlers[event.kind]?.();
    if (this.following && event.kind !== "status") this.pending.scrollIntoView({ block: "end" });
  }

  segment(id) {
    if (!this.segments.has(id)) {
      const who = el("button", { class: "who", onclick: () => this.rename(id) });
      const time = el("span", { class: "time" });
      const words = el("p", { class: "words" });
      const node = el("li", { "data-id": id }, who, time, words);
      this.segments.set(id, { words: [], node, who, time, text: words });
    }
    return this.segments.get(id);
  }

  commit(event) {
    const segment = this.segment(event.id);
    event.words.forEach((word, index) => (segment.words[event.first + index] = { ...word }));
    if (!segment.words.length) return;
    if (!segment.node.isConnected) this.place(segment);
    this.pending.textContent = "";
    this.draw(segment);
  }

  /** Insert a segment in order of start times. */
  place(segment) {
    const start = segment.words[0].start;
    segment.node.dataset.start = start;
    let after = this.log.lastElementChild;
    while (after && Number(after.dataset.start) > start) after = after.previousElementSibling;
    if (after) after.after(segment.node);
    else this.log.prepend(segment.node);
  }

  revise(event) {
    const segment = this.segment(event.id);
    for (let index = event.first; index <= event.last; index++) {
      const word = segment.words[index];
      if (!word) continue;
      if ("speaker" in event) word.speaker = event.speaker;
      else word.text = index === event.first ? event.text : "";
    }
    this.draw(segment);
  }

  draw(segment) {
    segment.label = mostFrequent(segment.words.map((word) => word?.speaker).filter(Boolean));
    segment.node.dataset.label = segment.label ?? "";
    segment.time.textContent = clock(segment.words[0].start);
    segment.text.textContent = segment.words.map((word) => word?.text ?? "").filter(Boolean).join(" ");
    this.drawSpeaker(segment);
    const next = segment.node.nextElementSibling;
    if (next) this.drawSpeaker(this.segments.get(next.dataset.id));
  }

  /** Show the speaker of a segment if it differs from the previous one. */
  drawSpeaker(segment) {
    const { label, node } = segment;
    const isNew = node.previousElementSibling?.dataset.label !== (label ?? "");
    node.classList.toggle("turn", isNew);
    segment.who.hidden = !label || !isNew;
    if (segment.who.hidden) return;
    if (!this.colors.has(label)) this.colors.set(label, this.colors.size % COLORS);
    const name = this.names[label] ?? label;
    const badge = el("span", { class: `badge speaker-${this.colors.get(label)}`, "aria-hidden": "true" }, initials(name));
    segment.who.replaceChildren(badge, name);
  }

  showNames(names) {
    this.names = names;
    for (const segment of this.segments.values()) if (segment.words.length) this.draw(segment);
  }

  showStatus(event) {
    const behind = event.compute_lag > 1.5 ? `${Math.round(event.compute_lag)} s behind` : "up to date";
    const saved = event.saved === null ? "" : `${clock(event.saved)} saved, `;
    this.facts.textContent = saved + behind;
  }

  async rename(id) {
    const label = this.segments.get(id).label;
    const field = el("input", { value: this.names[label] ?? "", required: true, maxlength: 200 });
    const answer = await ask(`Who is ${this.names[label] ?? label}?`, [el("label", {}, "Name", field)], [["save", "Save"], ["", "Cancel"]]);
    if (answer && field.value.trim()) this.socket.send({ type: "rename", label, name: field.value.trim() });
  }

  /** Pause, or continue after a pause. */
  pause() {
    this.isPaused = !this.isPaused;
    this.socket.send({ type: this.isPaused ? "pause" : "resume" });
    this.pauseButton.textContent = this.isPaused ? "Continue" : "Pause";
    this.pauseButton.setAttribute("aria-pressed", String(this.isPaused));
    this.state.textContent = this.isPaused ? "Paused" : "Recording";
    this.heardAt = performance.now();
  }

  mark() {
    this.socket.send({ type: "mark" });
    announce("Marked.");
  }

  stop() {
    if (this.isStopping || !this.socket) return;
    this.isStopping = true;
    this.state.textContent = "Stopping …";
    for (const button of [this.pauseButton, this.markButton, this.stopButton]) button.disabled = true;
    this.release();
    this.socket.send({ type: "stop" });
  }

  /** Open the meeting view, which follows the job and shows its final transcript. */
  finished(id) {
    this.isDone = true;
    this.release();
    location.hash = `#/meeting/${id}`;
  }

  fail(text) {
    this.release();
    this.warn(text);
    this.state.textContent = "Not recording";
    this.isDone = true;
  }

  warn(text) {
    this.warning.textContent = text;
    this.warning.hidden = false;
  }

  follow() {
    this.following = true;
    this.back.hidden = true;
    this.pending.scrollIntoView({ block: "end" });
  }

  release() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.context?.close().catch(() => {});
    this.context = null;
    this.wakeLock?.release().catch(() => {});
  }

  leave() {
    removeEventListener("scroll", this.onScroll);
    if (this.socket && !this.isDone) this.socket.send({ type: "stop" });
    this.release();
    this.socket?.close();
  }
}

function mostFrequent(labels) {
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
}
