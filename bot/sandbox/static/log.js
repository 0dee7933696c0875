// The messages of one chat: adds what is new, replaces what changed, touches nothing else,
// so that a screen reader hears each message once.

import { make } from "./dom.js";
import { daySeparator, messageItem } from "./message.js";
import { dayKey, moment } from "./times.js";
import { say } from "./words.js";

const NEAR_END = 80;

export class Log {
  constructor(chat, acts) {
    this.chat = chat;
    this.acts = acts;
    this.seen = new Map();
    this.list = make("ol", { class: "messages", hidden: true });
    this.empty = make("p", { class: "empty" }, say("empty", { name: chat.name }));
    this.scroller = make(
      "div",
      { class: "log", role: "log", "aria-live": "polite", tabindex: "0", "aria-label": say("log_of", { name: chat.name }) },
      this.empty,
      this.list,
    );
    this.newest = make("button", { type: "button", class: "newest", hidden: true, onclick: () => this.toEnd() }, say("newest"));
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    // Pictures, other columns and the soft keyboard change the height after the fact.
    this.following = true;
    this.top = 0;
    new ResizeObserver(() => this.following && this.toEnd()).observe(this.scroller);
    new ResizeObserver(() => this.following && this.toEnd()).observe(this.list);
  }

  update(messages) {
    for (const message of messages) this.put(message);
  }

  put(message) {
    const print = JSON.stringify(message);
    if (this.seen.get(message.message_id) === print) return;
    const known = this.seen.has(message.message_id);
    this.seen.set(message.message_id, print);
    this.empty.hidden = true;
    this.list.hidden = false;
    if (known) this.replace(message);
    else this.add(message);
  }

  add(message) {
    this.following ||= message.from !== "bot";
    const day = dayKey(moment(message.date));
    if (this.lastDay !== day) this.list.append(daySeparator(message));
    this.lastDay = day;
    this.list.append(messageItem(this.chat, message, this.acts));
    // When following, the growing list brings its end into view, once for all that came together.
    if (!this.following) this.newest.hidden = false;
  }

  replace(message) {
    const old = this.list.querySelector(`[data-id="${message.message_id}"]`);
    const held = old.contains(document.activeElement) ? document.activeElement.dataset.data : undefined;
    const focused = old.contains(document.activeElement);
    const fresh = messageItem(this.chat, message, this.acts);
    old.replaceWith(fresh);
    if (!focused) return;
    // The pressed button may be gone: the focus goes to its successor, or to the message.
    const all = [...fresh.querySelectorAll("button[data-data]")];
    (all.find((button) => button.dataset.data === held) ?? fresh).focus({ preventScroll: true });
  }

  // Only a move upwards is a reader's wish to stop following; growth below is not.
  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (atEnd) this.newest.hidden = true;
    if (atEnd || scrollTop < this.top) this.following = atEnd;
    this.top = scrollTop;
  }

  toEnd() {
    this.following = true;
    this.newest.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
