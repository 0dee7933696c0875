// The lower end of a chat: quick answers, the text box, and what can be attached.

import { languageOf, make } from "./dom.js";
import { say } from "./words.js";

export class Composer {
  constructor(chat, acts) {
    this.chat = chat;
    this.acts = acts;
    this.keyboard = make("div", { class: "keyboard", role: "group", "aria-label": say("reply_options"), hidden: true });
    this.box = make("textarea", {
      rows: "1",
      placeholder: say("write_hint"),
      "aria-label": say("write_to", { name: chat.name }),
      autocomplete: "off",
    });
    this.attachments = this.makeAttachments();
    this.opener = make(
      "button",
      { type: "button", class: "attach", "aria-expanded": "false", "aria-label": say("attach"), title: say("attach") },
      "＋",
    );
    this.opener.addEventListener("click", () => this.openAttachments(this.attachments.hidden));
    this.form = make(
      "form",
      { class: "compose" },
      this.attachments,
      this.opener,
      this.box,
      make("button", { class: "send primary" }, say("send")),
    );
    this.start = this.makeStart();
    this.element = make("div", { class: "foot" }, this.keyboard, this.start, this.form);
    this.listen();
  }

  makeStart() {
    return make(
      "div",
      { class: "start", hidden: true },
      make("p", {}, say("start_hint", { name: this.chat.name })),
      make("button", { type: "button", class: "primary", onclick: () => this.acts.send("/start") }, say("start")),
    );
  }

  makeAttachments() {
    const photo = this.picker("image/*", (files) => this.sendAlbum(files), true);
    const voice = this.picker("audio/*,.ogg,.oga,.opus", ([file]) => this.sendVoice(file));
    const document = this.picker("", ([file]) => this.sendFile("document", file));
    const button = (word, onclick) => make("button", { type: "button", onclick }, say(word));
    return make(
      "div",
      { class: "attachments", role: "group", "aria-label": say("attach"), hidden: true },
      photo,
      voice,
      document,
      button("attach_document", () => document.click()),
      button("attach_photo", () => photo.click()),
      button("attach_voice", () => voice.click()),
      button("attach_location", () => {
        this.openAttachments(false);
        this.acts.location();
      }),
      button("attach_sticker", () => {
        this.openAttachments(false);
        this.acts.sticker();
      }),
      button("attach_contact", () => {
        this.openAttachments(false);
        this.acts.contact();
      }),
      make("p", {}, say("caption_note")),
    );
  }

  picker(accept, chosen, several = false) {
    const input = make("input", { type: "file", accept: accept || null, multiple: several, hidden: true });
    input.addEventListener("change", () => {
      if (input.files.length) chosen([...input.files]);
      input.value = "";
    });
    return input;
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.box.addEventListener("keydown", (event) => {
      // While an input method composes Chinese, Enter chooses a word and must not send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.send();
    });
    this.box.addEventListener("input", () => this.grow());
    this.attachments.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.openAttachments(false);
    });
  }

  openAttachments(open) {
    this.attachments.hidden = !open;
    this.opener.setAttribute("aria-expanded", open);
    if (open) this.attachments.querySelector("button").focus();
    else this.opener.focus();
  }

  async send() {
    const text = this.box.value;
    if (text.trim() && (await this.acts.send(text)) && this.box.value === text) this.draft("");
  }

  async sendFile(kind, file) {
    const caption = this.box.value;
    this.openAttachments(false);
    if (await this.acts.upload(kind, { file, caption })) this.draft("");
  }

  // Several photos at once are one album, and its words go with the first.
  async sendAlbum(files) {
    const caption = this.box.value;
    const album = files.length > 1 ? String(Date.now()) : "";
    this.openAttachments(false);
    for (const [at, file] of files.entries()) {
      if (!(await this.acts.upload("photo", { file, caption: at ? "" : caption, album }))) return;
    }
    this.draft("");
  }

  async sendVoice(file) {
    const caption = this.box.value;
    const duration = await lengthOf(file);
    this.openAttachments(false);
    if (await this.acts.upload("voice", { file, caption, duration })) this.draft("");
  }

  draft(text) {
    this.box.value = text;
    this.grow();
  }

  grow() {
    this.box.style.height = "auto";
    if (this.box.scrollHeight) this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  update(chat) {
    const waiting = chat.role === "newcomer" && chat.messages.length === 0;
    this.start.hidden = !waiting;
    // A group is shown, but nobody of the cast speaks in it.
    this.form.hidden = waiting || chat.id < 0;
    this.showKeyboard(chat.keyboard ?? []);
  }

  showKeyboard(rows) {
    const print = JSON.stringify(rows);
    if (print === this.shown) return;
    this.shown = print;
    const focused = this.keyboard.contains(document.activeElement);
    this.keyboard.hidden = rows.length === 0;
    this.keyboard.replaceChildren(
      ...rows.map((row) => make("div", { class: "row" }, ...row.map((button) => this.answerButton(button)))),
    );
    if (focused) this.focus();
  }

  answerButton(button) {
    const { text, request_contact, request_location } = typeof button === "string" ? { text: button } : button;
    const act = () => {
      if (request_contact) this.acts.contact();
      else if (request_location) this.acts.location();
      else this.acts.send(text);
    };
    return make("button", { type: "button", lang: languageOf(text), onclick: act }, text);
  }

  focus() {
    (this.form.hidden ? this.start.querySelector("button") : this.box).focus({ preventScroll: true });
  }
}

// How many seconds a recording lasts, as the browser reads it; a guess where it cannot.
async function lengthOf(file) {
  try {
    const sound = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(await file.arrayBuffer());
    return Math.max(1, Math.round(sound.duration));
  } catch {
    return 3;
  }
}
