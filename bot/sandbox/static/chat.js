// One person's chat with the bot: heading, log, notes from presses, and the composer.

import { languageOf, make } from "./dom.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { post, upload } from "./net.js";
import { attempt } from "./notices.js";
import { currentLanguage, say } from "./words.js";

export function titleOf(chat) {
  return currentLanguage() === "zh" ? chat.title_zh : chat.title_en;
}

export function face(chat) {
  const avatar = make("span", { class: "face", "aria-hidden": "true" }, chat.name.slice(0, 1));
  avatar.dataset.role = chat.role;
  return avatar;
}

export class Chat {
  constructor(chat) {
    this.id = chat.id;
    this.name = chat.name;
    const acts = this.acts();
    this.log = new Log(chat, acts);
    this.composer = new Composer(chat, acts);
    this.heading = make("h2", { id: `chat-${chat.id}`, tabindex: "-1", lang: languageOf(chat.name) }, chat.name);
    this.blocked = make("p", { class: "blocked", hidden: true }, say("blocked", { name: chat.name }));
    this.toast = make("div", { class: "toast", role: "status" });
    this.element = make(
      "section",
      { class: "chat", "aria-labelledby": `chat-${chat.id} title-${chat.id}` },
      make("header", {}, face(chat), this.heading, make("p", { id: `title-${chat.id}` }, titleOf(chat))),
      make("div", { class: "log-frame" }, this.log.scroller, this.log.newest),
      this.blocked,
      this.toast,
      this.composer.element,
    );
    this.element.dataset.chat = chat.id;
    this.update(chat);
  }

  acts() {
    const chat = this.id;
    return {
      send: (text) => attempt(() => post("/control/send", { chat, text })),
      contact: () => attempt(() => post("/control/contact", { chat, own: true })),
      location: () => attempt(() => post("/control/location", { chat })),
      sticker: () => attempt(() => post("/control/sticker", { chat })),
      upload: (kind, sent) => attempt(() => upload(`/control/${kind}`, { chat, ...sent })),
      press: (message, button, element) => this.press(message, button, element),
    };
  }

  async press(message, button, element) {
    if (element.getAttribute("aria-busy") === "true") return;
    element.setAttribute("aria-busy", "true");
    this.dismiss();
    const order = { chat: this.id, message_id: message.message_id, data: button.data };
    await attempt(() => post("/control/press", order));
    element.removeAttribute("aria-busy");
  }

  update(chat) {
    this.log.update(chat.messages);
    this.composer.update(chat);
    this.blocked.hidden = !chat.blocked;
  }

  put(message, chat) {
    this.log.put(message);
    this.composer.update(chat);
  }

  // Stays until it is put away: a note that vanishes by itself is lost on a slow reader.
  note(text) {
    const close = make("button", { type: "button", "aria-label": say("dismiss") }, "×");
    close.addEventListener("click", () => {
      this.dismiss();
      this.composer.focus();
    });
    this.toast.replaceChildren(make("p", {}, text), close);
  }

  dismiss() {
    this.toast.replaceChildren();
  }

  focus() {
    // On a touch screen the text box would bring up the keyboard uninvited.
    if (matchMedia("(pointer: coarse)").matches) this.heading.focus({ preventScroll: true });
    else this.composer.focus();
  }
}
