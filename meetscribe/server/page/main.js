// The page: shows the view of the URL, and asks for the token if required.

import { get, post } from "./api.js";
import { announce, ask, el } from "./dom.js";
import { showHome } from "./home.js";
import { showLive } from "./live.js";
import { showMeeting } from "./meeting.js";

let leave = () => {};

async function openSession() {
  let problem = "";
  for (;;) {
    try {
      return await get("/api/session");
    } catch (error) {
      if (error.status !== 401) throw error;
      const field = el("input", { type: "password", autocomplete: "current-password", required: true });
      const label = el("label", {}, "The token of this server ", field);
      await ask("Sign in", [label, el("p", { class: "error", role: "alert" }, problem)], [["send", "Sign in"]]);
      problem = await post("/api/login", { token: field.value }).then(() => "", (failure) => failure.message);
    }
  }
}

function showNavigation(session) {
  const views = [["#/", "Recordings"], ...(session.has_live ? [["#/live", "Live"]] : [])];
  const links = views.map(([address, name]) =>
    el("a", { href: address, "aria-current": (location.hash || "#/") === address ? "page" : null }, name));
  document.getElementById("nav").replaceChildren(...links);
}

async function show(session) {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  leave();
  leave = () => {};
  const main = document.getElementById("main");
  main.replaceChildren(el("p", { class: "quiet" }, "Loading …"));
  const [, view, id] = location.hash.split("/");
  document.title = "meetscribe";
  showNavigation(session);
  try {
    if (view === "live") leave = await showLive(main, session);
    else if (view === "meeting" && id) leave = await showMeeting(main, session, id);
    else leave = await showHome(main, session);
  } catch (error) {
    main.replaceChildren(el("h1", {}, "This cannot be shown"), el("p", { class: "error" }, error.message));
    main.append(el("p", {}, el("a", { href: "#/" }, "Back to all meetings")));
  }
}

try {
  const session = await openSession();
  addEventListener("hashchange", () => {
    show(session).then(() => document.getElementById("main").focus());
  });
  await show(session);
} catch (error) {
  announce(error.message, true);
}
