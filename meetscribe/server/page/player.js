// The player: audio, and a timeline with a lane per speaker.

import { clock, el } from "./dom.js";

const LANE = 16; // the height of a lane in pixels
const SKIP = 5; // seconds

export class Player {
  constructor(id, onTime) {
    this.audio = el("audio", { controls: true, preload: "metadata", src: `/api/jobs/${id}/audio` });
    this.canvas = el("canvas", { class: "lanes", role: "img" });
    this.cursor = el("div", { class: "cursor" });
    this.names = el("ol", { class: "lane-names", "aria-hidden": "true" });
    this.error = el("p", { class: "error", hidden: true }, "The recording cannot be played in this browser.");
    this.node = el("section", { class: "player", "aria-label": "Player" }, this.audio, this.error,
      el("div", { class: "timeline" }, this.names, el("div", {}, this.canvas, this.cursor)));
    this.audio.addEventListener("error", () => (this.error.hidden = false));
    this.canvas.addEventListener("click", (event) => {
      const box = this.canvas.getBoundingClientRect();
      this.seek(((event.clientX - box.left) / box.width) * this.duration, true);
    });
    this.tick = () => {
      this.cursor.style.insetInlineStart = `${(this.audio.currentTime / this.duration) * 100}%`;
      onTime(this.audio.currentTime);
      if (!this.audio.paused) this.frame = requestAnimationFrame(this.tick);
    };
    for (const kind of ["play", "seeked", "pause"]) this.audio.addEventListener(kind, () => this.restart());
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.canvas);
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.scheme.onchange = () => this.draw();
  }

  restart() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(this.tick);
  }

  show(transcript, colors) {
    this.duration = Math.max(transcript.duration, 0.001);
    this.speakers = transcript.speakers;
    this.colors = colors;
    const spoken = transcript.utterances.map((one) => [one.start, one.end, one.speaker]);
    this.turns = transcript.turns.length ? transcript.turns : spoken;
    this.names.replaceChildren(...this.speakers.map((name) => el("li", {}, name)));
    this.canvas.style.height = `${Math.max(1, this.speakers.length) * LANE + 4}px`;
    const shares = shareOfTalk(this.turns).map(([name, share]) => `${name} ${Math.round(share * 100)} %`);
    this.canvas.setAttribute("aria-label", `Timeline of ${clock(this.duration)}. Share of talk: ${shares.join(", ")}`);
    this.draw();
  }

  draw() {
    if (!this.turns) return;
    const scale = devicePixelRatio || 1;
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    if (this.canvas.width !== width * scale || this.canvas.height !== height * scale) {
      this.canvas.width = width * scale;
      this.canvas.height = height * scale;
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const lanes = new Map(this.speakers.map((name, index) => [name, index]));
    const style = getComputedStyle(this.canvas);
    for (const [start, end, speaker] of this.turns) {
      if (!lanes.has(speaker)) continue;
      context.fillStyle = style.getPropertyValue(`--speaker-${this.colors.get(speaker)}`);
      const x = (start / this.duration) * width;
      context.fillRect(x, lanes.get(speaker) * LANE + 2, Math.max(1, ((end - start) / this.duration) * width), LANE - 4);
    }
  }

  seek(seconds, play = false) {
    this.audio.currentTime = Math.max(0, seconds);
    if (play) this.audio.play().catch(() => {});
  }

  skip(steps) {
    this.seek(this.audio.currentTime + steps * SKIP);
  }

  toggle() {
    if (this.audio.paused) this.audio.play().catch(() => {});
    else this.audio.pause();
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.scheme.onchange = null;
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
  }
}

/** Return speakers with their shares of talk time, the largest first; overlapping speech counts for each. */
export function shareOfTalk(turns) {
  const seconds = new Map();
  for (const [start, end, speaker] of turns) {
    if (speaker) seconds.set(speaker, (seconds.get(speaker) ?? 0) + end - start);
  }
  const total = [...seconds.values()].reduce((sum, value) => sum + value, 0) || 1;
  return [...seconds].map(([name, value]) => [name, value / total]).sort((one, other) => other[1] - one[1]);
}
