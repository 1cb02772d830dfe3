"use strict";
// A click on a word or a lane plays from there; n and p move between errors; the current word is highlighted.
for (const section of document.querySelectorAll("section")) {
  const audio = section.querySelector("audio");
  const cells = [...section.querySelectorAll(".p[data-t]")];
  const play = (time) => {
    if (!audio) return;
    audio.currentTime = time;
    audio.play().catch(() => {});
  };
  section.addEventListener("click", (event) => {
    const cell = event.target.closest(".p[data-t]");
    if (cell) return play(Number(cell.dataset.t));
    const lane = event.target.closest("svg[data-length]");
    if (!lane) return;
    const box = lane.getBoundingClientRect();
    const time = (Number(lane.dataset.length) * (event.clientX - box.left)) / box.width;
    const near = cells.find((other) => Number(other.dataset.t) >= time) || cells.at(-1);
    if (near) near.scrollIntoView({ block: "center" });
    play(time);
  });
  if (!audio) continue;
  const inTime = [...cells].sort((one, other) => one.dataset.t - other.dataset.t);
  const times = inTime.map((cell) => Number(cell.dataset.t));
  let marked = null;
  audio.addEventListener("timeupdate", () => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= audio.currentTime) low = middle + 1;
      else high = middle;
    }
    const cell = inTime[low - 1] || null;
    if (cell === marked) return;
    if (marked) marked.classList.remove("now");
    if (cell) cell.classList.add("now");
    marked = cell;
  });
}
const filter = document.querySelector("#errors");
const show = () => document.body.classList.toggle("errors", filter.checked);
filter.addEventListener("change", show);
show();
let current = -1; // index of the focused error
const wrong = [...document.querySelectorAll(".p:not(.c), .p.w")];
document.addEventListener("keydown", (event) => {
  if (event.target.tagName === "AUDIO" || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { n: 1, p: -1 }[event.key];
  if (!step || !wrong.length) return;
  current = (current + step + wrong.length) % wrong.length;
  wrong[current].tabIndex = -1;
  wrong[current].focus({ preventScroll: true });
  wrong[current].scrollIntoView({ block: "center" });
});
