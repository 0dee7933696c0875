// The room's clock: shows the moved time, the day with its night, and the ways to move it.

import { byId } from "./dom.js";
import { post } from "./net.js";
import { attempt, speak } from "./notices.js";
import { dayKey, dayShare, hours, longDay, moment, shortDay } from "./times.js";
import { say } from "./words.js";

const state = { ahead: 0, clock: null, asleep: false, attached: false, nextDue: null, moving: false };

export function now() {
  return new Date(Date.now() + state.ahead);
}

export function botIsHere() {
  return state.attached;
}

export function clockChanged({ clock, asleep, attached, next_due }) {
  state.clock = clock;
  state.ahead = moment(clock) - Date.now();
  Object.assign(state, { asleep, attached, nextDue: next_due ? moment(next_due) : null });
  showClock();
}

export function showClock() {
  if (state.clock === null) return;
  const date = now();
  const face = byId("clock");
  face.dateTime = date.toISOString();
  face.querySelector(".hours").textContent = hours(date);
  face.querySelector(".date").textContent = longDay(date);
  face.querySelector(".short-date").textContent = shortDay(date);
  showBand(date);
  showMoves(date);
  showBot();
}

function showBand(date) {
  const band = byId("day-band");
  // Set through the object model: the page's policy refuses style attributes.
  band.querySelector(".now-mark").style.insetInlineStart = `${dayShare(date) * 100}%`;
  const due = band.querySelector(".due-mark");
  due.hidden = !state.nextDue || dayKey(state.nextDue) !== dayKey(date);
  if (!due.hidden) due.style.insetInlineStart = `${dayShare(state.nextDue) * 100}%`;
}

function showMoves(date) {
  const blocked = state.moving || !state.attached;
  for (const id of ["hour", "day", "next", "asleep"]) {
    // aria-disabled, not disabled: the focus stays where it is while the clock moves.
    byId(id).setAttribute("aria-disabled", blocked || (id === "next" && !state.nextDue));
  }
  const label = document.createElement("span");
  label.textContent = say("next_due");
  const when = document.createElement("small");
  when.textContent = dueText(date);
  byId("next").replaceChildren(label, " ", when);
  byId("moving").hidden = !state.moving;
}

function dueText(date) {
  const due = state.nextDue;
  if (!due) return say("next_none");
  return `${dayKey(due) === dayKey(date) ? say("today") : shortDay(due)} ${hours(due)}`;
}

function showBot() {
  const key = state.moving ? "moving" : !state.attached ? "starting" : state.asleep ? "asleep" : "attached";
  const pill = byId("bot-state");
  pill.dataset.state = key;
  pill.textContent = say(`bot_${key}`);
  byId("asleep").setAttribute("aria-checked", state.asleep);
}

async function move(order) {
  state.moving = true;
  showClock();
  speak(say("moving"));
  const moved = await attempt(async () => clockReported(await post("/control/clock", order)));
  state.moving = false;
  showClock();
  if (moved) speak(say("moved", { when: `${longDay(now())} ${hours(now())}` }));
}

// Without the room nobody knows of the bot: what is shown must not stay green.
export function roomLost() {
  state.attached = false;
  showClock();
}

// The bot's report lacks `attached`: whoever reports is there.
function clockReported({ ok, note, clock, asleep, next_due }) {
  clockChanged({ clock, asleep, attached: true, next_due });
  if (ok === false) throw new Error(note);
}

async function turnAsleep() {
  const on = !state.asleep;
  if (await attempt(async () => clockReported(await post("/control/asleep", { on })))) {
    speak(say(on ? "asleep_on" : "asleep_off"));
  }
}

function onPress(id, act) {
  byId(id).addEventListener("click", () => {
    if (byId(id).getAttribute("aria-disabled") !== "true") act();
  });
}

export function startClock() {
  onPress("hour", () => move({ hours: 1 }));
  onPress("day", () => move({ days: 1 }));
  onPress("next", () => move({ next: true }));
  onPress("asleep", turnAsleep);
  // Only when the minute changes: what stands still can be read in peace.
  setInterval(() => {
    if (byId("clock").querySelector(".hours").textContent !== hours(now())) showClock();
  }, 1000);
}
