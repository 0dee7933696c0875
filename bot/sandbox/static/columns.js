// Which chats stand side by side: as many as asked for and as fit; the longest unused makes room.

import { byId, make, recall, remember } from "./dom.js";
import { say } from "./words.js";

const MOST = 3;
const NARROWEST_REM = 19.5;
const FIRST_ROLES = ["resident", "volunteer", "coordinator"];

export class Columns {
  constructor({ panelOf, changed }) {
    this.panelOf = panelOf;
    this.changed = changed;
    this.asked = Number(recall("columns")) || MOST;
    this.fits = 1;
    this.order = [];
    this.used = [];
    this.room = byId("chats");
    new ResizeObserver(() => this.fit()).observe(this.room);
    this.room.addEventListener("focusin", (event) => {
      const chat = event.target.closest(".chat");
      if (chat) this.touch(Number(chat.dataset.chat));
    });
  }

  begin(chats) {
    const first = FIRST_ROLES.map((role) => chats.find((chat) => chat.role === role)?.id);
    const rest = chats.map((chat) => chat.id);
    this.order = [...new Set([...first, ...rest])].filter((id) => id !== undefined).slice(0, MOST);
    this.used = [...this.order].reverse();
    this.fit();
  }

  // Measured when the room changes, not with each message: measuring makes the browser lay out.
  measure() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const fitting = Math.floor(this.room.clientWidth / (NARROWEST_REM * rem));
    this.fits = Math.max(1, Math.min(MOST, fitting));
  }

  get shown() {
    const count = Math.min(this.asked, this.fits);
    const kept = this.used.filter((id) => this.order.includes(id)).slice(-count);
    return this.order.filter((id) => kept.includes(id));
  }

  touch(id) {
    this.used = [...this.used.filter((other) => other !== id), id];
  }

  show(id) {
    if (!this.shown.includes(id)) {
      const place = this.order.includes(id) ? -1 : this.order.indexOf(this.used.find((one) => this.order.includes(one)));
      if (place >= 0) this.order[place] = id;
    }
    this.touch(id);
    this.fit();
  }

  // Moves only what must move: a live region put in anew may be read aloud anew.
  fit() {
    this.measure();
    const wanted = this.shown.map((id) => this.panelOf(id));
    for (const panel of [...this.room.children]) {
      if (!wanted.some((one) => one.element === panel)) panel.remove();
    }
    wanted.forEach(({ element, log, composer }, place) => {
      if (this.room.children[place] === element) return;
      this.room.insertBefore(element, this.room.children[place] ?? null);
      composer.grow();
      if (log.following) log.toEnd();
    });
    this.room.dataset.count = wanted.length;
    this.showChoice();
    this.changed();
  }

  showChoice() {
    const group = byId("columns");
    group.hidden = this.fits < 2;
    const print = `${this.fits} ${this.shown.length} ${say("columns")}`;
    if (group.dataset.print === print) return;
    group.dataset.print = print;
    const focused = group.contains(document.activeElement);
    group.replaceChildren(...Array.from({ length: this.fits }, (_, place) => this.choice(place + 1)));
    if (focused) group.querySelector("[aria-pressed=true]")?.focus();
  }

  choice(count) {
    const label = say("columns_n", { n: count });
    const bars = Array.from({ length: count }, () => make("span", { class: "bar-mark" }));
    const button = make("button", { type: "button", class: "tool bars", "aria-label": label, title: label }, ...bars);
    button.setAttribute("aria-pressed", this.shown.length === count);
    button.addEventListener("click", () => {
      this.asked = count;
      remember("columns", count);
      this.fit();
    });
    return button;
  }
}
