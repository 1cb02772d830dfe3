"use strict";
// The player: audio with button, clock and speed. Without audio, positions are only shown.

const SKIP = 5; // seconds that an arrow key moves
const RATES = [1, 1.25, 1.5, 1.75, 2, 0.75];
const byId = (id) => document.getElementById(id);

function clockOf(seconds, hours) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return hours ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

class Player {
  constructor(length, onTime) {
    this.audio = document.querySelector("audio");
    this.length = length;
    this.hours = length >= 3600;
    this.onTime = onTime;
    this.at = 0;
    if (!this.audio) return;
    document.documentElement.classList.add("sounding");
    byId("play").addEventListener("click", () => this.toggle());
    byId("rate").addEventListener("click", () => this.nextRate());
    for (const kind of ["play", "pause", "seeked", "timeupdate", "loadedmetadata"]) this.audio.addEventListener(kind, () => this.tick());
    this.audio.addEventListener("error", () => (byId("heard").textContent = "The recording cannot be played: it was moved, or this browser does not know its format."));
    this.tick();
  }

  /** Show the position, updated with every frame during playback. */
  tick() {
    const playing = !this.audio.paused;
    this.at = this.audio.currentTime;
    document.documentElement.classList.toggle("playing", playing);
    byId("play").setAttribute("aria-label", playing ? "Pause" : "Play");
    byId("clock").textContent = `${clockOf(this.at, this.hours)} / ${clockOf(this.length, this.hours)}`;
    byId("done").value = this.length ? this.at / this.length : 0;
    this.onTime(this.at);
    cancelAnimationFrame(this.frame);
    if (playing) this.frame = requestAnimationFrame(() => this.tick());
  }

  seek(seconds, play = false) {
    const time = Math.min(Math.max(0, seconds), this.length || Infinity);
    this.at = time;
    if (!this.audio) return this.onTime(time);
    this.audio.currentTime = time;
    if (play) this.audio.play().catch(() => {});
    return undefined;
  }

  toggle() {
    if (!this.audio) return;
    if (this.audio.paused) this.audio.play().catch(() => {});
    else this.audio.pause();
  }

  nextRate() {
    const rate = RATES[(RATES.indexOf(this.audio.playbackRate) + 1) % RATES.length];
    this.audio.playbackRate = rate;
    byId("rate").textContent = `${rate}×`;
  }
}
