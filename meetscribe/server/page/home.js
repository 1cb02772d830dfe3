// The home view: choose recordings and options; the list of jobs with their progress.

import { explain, follow, get, post, remove, upload } from "./api.js";
import { announce, approximate, ask, clock, el, languages } from "./dom.js";

const STATES = {
  live: "Recording live",
  uploading: "Uploading",
  queued: "Waiting",
  running: "Transcribing",
  done: "Done",
  incomplete: "Done, but incomplete",
  failed: "Failed",
  cancelled: "Cancelled",
};

const STAGES = {
  weights: "Loading the models",
  audio: "Reading the recording",
  speech: "Finding speech",
  segmentation: "Finding speech",
  transcription: "Recognizing words",
  coverage: "Looking for missed words",
  alignment: "Timing the words",
  diarization: "Finding the speakers",
};

export async function showHome(main, session) {
  const rows = new Map();
  const list = el("ul", { class: "jobs", "aria-label": "Recordings" });
  const empty = el("p", { class: "quiet" });
  const filter = el("input", { type: "search", placeholder: "Filter", "aria-label": "Filter by name or date", oninput: applyFilter });
  const form = new Options(session);
  main.replaceChildren(
    el("h1", {}, "Transcribe a recording"),
    dropZone(form, accept),
    form.node,
    el("div", { class: "heading" }, el("h2", {}, "Recordings"), filter),
    empty,
    list,
  );
  if (session.has_inputs) form.node.append(el("button", { onclick: chooseInput }, "Files on the server …"));

  function applyFilter() {
    const shown = [...rows.values()].filter((row) => row.matches(filter.value));
    filter.hidden = !rows.size;
    empty.hidden = shown.length > 0;
    empty.textContent = rows.size ? "No recording matches." : "No recordings yet.";
  }

  function update(job) {
    place(job);
    applyFilter();
  }

  function place(job) {
    let row = rows.get(job.id);
    if (!row) {
      row = new Row(job.id);
      rows.set(job.id, row);
      list.prepend(row.node);
    }
    row.update(job);
  }

  function removeRow(id) {
    rows.get(id)?.node.remove();
    rows.delete(id);
    applyFilter();
  }

  function accept(files) {
    const large = files.filter((file) => file.size > session.max_upload);
    const names = large.map((file) => file.name).join(", ");
    if (names) announce(`Not uploaded, because larger than ${Math.floor(session.max_upload / 1e6)} MB: ${names}`, true);
    for (const file of files) if (!large.includes(file)) send(file, form.value());
  }

  async function send(file, options) {
    try {
      await upload(file, options, (job, share) => rows.get(job.id)?.sent(share));
      announce(`${file.name} is uploaded.`);
    } catch (error) {
      announce(`${file.name}: ${error.message}`, true);
    }
  }

  async function chooseInput() {
    const { inputs } = await get("/api/inputs");
    const select = el("select", { size: 10 }, ...inputs.map((path) => el("option", { value: path }, path)));
    const chosen = await ask("Files on the server", [el("label", {}, "Recording", select)], [
      ["use", "Transcribe"],
      ["", "Cancel"],
    ]);
    if (chosen && select.value) {
      post("/api/jobs", { path: select.value, options: form.value() }).then(update, (error) => announce(error.message, true));
    }
  }

  const { jobs } = await get("/api/jobs");
  jobs.reverse().forEach(place);
  applyFilter();
  return follow("/api/events", (kind, value) => (kind === "job" ? update(value) : removeRow(value.id)));
}

function dropZone(form, accept) {
  const input = el("input", {
    type: "file",
    multiple: true,
    id: "files",
    accept: "audio/*,video/*,.mka,.mkv,.opus,.amr,.spx,.m4b,.3gp",
    onchange: () => {
      accept([...input.files]);
      input.value = "";
    },
  });
  const zone = el(
    "div",
    { class: "drop" },
    el("label", { for: "files" }, "Choose recordings"),
    input,
    el("p", { class: "quiet" }, "or drop them here. Audio and video in any common format. Files stay on this server."),
  );
  for (const kind of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragover");
      if (kind === "drop") accept([...event.dataTransfer.files]);
    });
  }
  return zone;
}

class Options {
  constructor(session) {
    this.language = languages();
    this.speakers = el("input", { type: "number", min: "1", max: "20", placeholder: "automatic" });
    this.model = el("select", {}, ...session.models.map((name) => el("option", { value: name }, name)));
    this.node = el(
      "fieldset",
      { class: "options" },
      el("legend", {}, "Options"),
      el("label", {}, "Language", this.language),
      el("label", {}, "Number of speakers", this.speakers),
      session.models.length > 1 ? el("label", {}, "Model", this.model) : null,
    );
  }

  value() {
    const options = {};
    if (this.language.value) options.language = this.language.value;
    if (this.speakers.value) options.speakers = Number(this.speakers.value);
    if (this.model.selectedIndex > 0) options.model = this.model.value;
    return options;
  }
}

class Row {
  constructor(id) {
    this.id = id;
    this.title = el("span", { class: "name" });
    this.state = el("span", { class: "state" });
    this.bar = el("progress", { max: 1 });
    this.detail = el("p", { class: "quiet" });
    this.actions = el("span", { class: "actions" });
    this.node = el("li", {}, this.title, this.state, this.actions, this.bar, this.detail);
  }

  sent(share) {
    this.bar.hidden = false;
    this.bar.value = share;
    this.state.textContent = `Uploading, ${Math.floor(share * 100)} %`;
  }

  update(job) {
    const finished = job.state === "done" || job.state === "incomplete";
    const ended = finished || job.state === "failed" || job.state === "cancelled";
    this.node.dataset.state = job.state;
    this.title.replaceChildren(finished ? el("a", { href: `#/meeting/${job.id}` }, job.name) : job.name);
    this.state.textContent = STATES[job.state];
    this.bar.hidden = job.state !== "running";
    this.bar.setAttribute("aria-label", `Progress of ${job.name}`);
    if (job.progress) this.bar.value = job.progress.share;
    this.detail.textContent = this.describe(job);
    if (this.ended !== ended) {
      this.ended = ended;
      const act = () => (ended ? this.delete(job) : post(`/api/jobs/${job.id}/cancel`));
      const text = ended ? "Delete" : "Cancel";
      this.actions.replaceChildren(
        el("button", { "aria-label": `${text} ${job.name}`, onclick: () => act() }, text),
      );
    }
  }

  describe(job) {
    if (job.state === "running" && job.progress) {
      const left = job.progress.left === null ? "" : `, ${approximate(job.progress.left)} left`;
      const { stage, share } = job.progress;
      return stage ? `${STAGES[stage] ?? stage}, ${Math.floor(share * 100)} %${left}` : "Starting";
    }
    const created = new Date(job.created * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    const length = job.duration ? clock(job.duration) : "";
    return [created, length, ...(job.error ? [explain(job.error)] : job.notices)].filter(Boolean).join(" · ");
  }

  /** Show the row if its name or details contain a text, and return whether they do. */
  matches(text) {
    const words = `${this.title.textContent} ${this.detail.textContent}`.toLocaleLowerCase();
    this.node.hidden = !words.includes(text.trim().toLocaleLowerCase());
    return !this.node.hidden;
  }

  async delete(job) {
    const text = `The recording and the transcript of ${job.name} are deleted from the server.`;
    const answer = await ask("Delete this recording?", [el("p", {}, text)], [
      ["delete", "Delete"],
      ["", "Keep"],
    ]);
    if (answer === "delete") remove(`/api/jobs/${job.id}`).catch((error) => announce(error.message, true));
  }
}
