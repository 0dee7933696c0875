// What the page itself has to tell: standing notices, words for screen readers, alert dialogs.

import { byId, make } from "./dom.js";
import { say } from "./words.js";

const standing = new Map();
const NO_ANSWER = new Map([[503, "no_bot"], [504, "slow_bot"]]);

function show() {
  const boxes = [...standing].map(([key, text]) =>
    make(
      "p",
      {},
      make("span", {}, text),
      key === "offline"
        ? null
        : make("button", { type: "button", "aria-label": say("dismiss"), onclick: () => unnotice(key) }, "×"),
    ),
  );
  byId("notice").replaceChildren(...boxes);
}

export function notice(key, text) {
  if (standing.get(key) === text) return;
  standing.set(key, text);
  show();
}

export function unnotice(key) {
  if (standing.delete(key)) show();
}

// Runs an act of the person; a failure becomes a standing notice and gives back `false`.
export async function attempt(act) {
  try {
    await act();
    unnotice("failed");
    return true;
  } catch (error) {
    notice("failed", NO_ANSWER.has(error.status) ? say(NO_ANSWER.get(error.status)) : say("failed", { why: error.message }));
    return false;
  }
}

const GATHER_MS = 400;
let gathering = [];

// News that come close together are read as one, or the later would cut off the earlier.
export function speak(text) {
  if (gathering.length === 0) {
    setTimeout(() => {
      byId("spoken").textContent = [...new Set(gathering)].join(" ");
      gathering = [];
    }, GATHER_MS);
  }
  gathering.push(text);
}

const alerts = [];

export function alertBox(name, text) {
  alerts.push({ name, text });
  if (!byId("alert").open) nextAlert();
}

function nextAlert() {
  const alert = alerts.shift();
  if (!alert) return;
  byId("alert-title").textContent = say("alert_title", { name: alert.name });
  byId("alert-text").textContent = alert.text;
  byId("alert").showModal();
}

byId("alert").addEventListener("close", nextAlert);
