// The people of the room as a list of buttons: who is shown, who has something unread.

import { byId, languageOf, make } from "./dom.js";
import { face, titleOf } from "./chat.js";
import { say } from "./words.js";

const buttons = new Map();

export function showCast(chats, { shown, choose }) {
  const list = byId("cast");
  for (const chat of chats) {
    if (!buttons.has(chat.id)) {
      const button = make("button", { type: "button", onclick: () => choose(chat.id) });
      buttons.set(chat.id, button);
      list.append(make("li", {}, button));
    }
    fill(buttons.get(chat.id), chat, shown.includes(chat.id));
  }
}

export function forgetCast() {
  buttons.clear();
  byId("cast").replaceChildren();
}

function fill(button, chat, isShown) {
  const unread = isShown ? 0 : chat.unread;
  const print = `${titleOf(chat)} ${isShown} ${unread} ${chat.name}`;
  if (button.dataset.print === print) return;
  button.dataset.print = print;
  button.setAttribute("aria-pressed", isShown);
  button.replaceChildren(
    face(chat),
    make("span", { class: "who" }, make("strong", { lang: languageOf(chat.name) }, chat.name), " ", make("small", {}, titleOf(chat))),
    ...(unread ? [" ", badge(unread)] : []),
  );
}

function badge(unread) {
  return make(
    "span",
    { class: "badge" },
    make("span", { "aria-hidden": "true" }, unread > 99 ? "99+" : String(unread)),
    make("span", { class: "unseen" }, say("unread", { n: unread })),
  );
}

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export function walkByArrows() {
  byId("cast").addEventListener("keydown", (event) => {
    const all = [...buttons.values()];
    const at = all.indexOf(document.activeElement);
    const ends = { Home: 0, End: all.length - 1 };
    const to = event.key in STEPS ? (at + STEPS[event.key] + all.length) % all.length : ends[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    all[to].focus();
  });
}
