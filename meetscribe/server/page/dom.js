// Helpers for the document. Text is always set as text, never as HTML.

/** Return an element with attributes, listeners (functions named on…) and children (nodes or texts); buttons do not submit. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (tag === "button") node.type = "button";
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Announce a text to screen readers, and show it for some seconds; an error is shown until it is closed. */
export function announce(text, isError = false) {
  const kind = isError ? "error" : "news";
  const status = document.getElementById("status");
  for (const old of status.querySelectorAll(`.${kind}`)) if (!isError || old.firstChild.data === text) old.remove();
  const node = el("p", { class: kind }, text);
  if (isError) node.append(el("button", { "aria-label": "Close the message", onclick: () => node.remove() }, "×"));
  else setTimeout(() => node.remove(), 5000);
  status.append(node);
}

/** Return seconds as 0:00:12. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, ...parts] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return [hours, ...parts.map((part) => String(part).padStart(2, "0"))].join(":");
}

const LANGUAGES = ["en", "de", "es", "fr", "it", "pt", "nl", "pl", "tr", "ru", "uk", "ar", "hi", "zh", "ja", "ko"];

/** Return a select element for the spoken language. */
export function languages() {
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  const options = LANGUAGES.map((code) => el("option", { value: code }, names.of(code)));
  return el("select", {}, el("option", { value: "" }, "Detect the language"), ...options);
}

export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Return a duration in words: "about 3 minutes". */
export function approximate(seconds) {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${counted(minutes, "minute")}`;
  return `about ${Math.round(minutes / 60)} hours`;
}

/** Show a dialog with a title and content, and resolve with the value of the button that closed it, or "". */
export function ask(title, content, buttons) {
  const heading = el("h2", { id: "dialog-title" }, title);
  const form = el("form", { method: "dialog" }, heading, ...content);
  const row = el("div", { class: "buttons" });
  for (const [value, label] of buttons) {
    row.append(el("button", { type: "submit", value, class: value === buttons[0][0] ? "primary" : "" }, label));
  }
  form.append(row);
  const dialog = el("dialog", { "aria-labelledby": "dialog-title" }, form);
  document.body.append(dialog);
  const before = document.activeElement;
  dialog.showModal();
  form.querySelector("input")?.select(); // typing replaces a proposed value
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
      resolve(dialog.returnValue);
    });
  });
}
