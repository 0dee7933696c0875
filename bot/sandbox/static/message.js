// One message as a list item: who, what, when, its buttons, and whether it was edited or deleted.

import { languageOf, make } from "./dom.js";
import { rich } from "./rich.js";
import { dayKey, hours, longDay, moment } from "./times.js";
import { say } from "./words.js";

export function messageItem(chat, message, acts) {
  const fromBot = message.from === "bot";
  const speaker = fromBot ? say("said_by_bot", { name: chat.name }) : say("said_by", { name: chat.name });
  const item = make(
    "li",
    { class: `message ${fromBot ? "bot" : "own"}${message.deleted ? " deleted" : ""}`, tabindex: "-1" },
    make("div", { class: "bubble" }, make("span", { class: "unseen" }, speaker), ...content(message, acts), meta(message)),
    message.deleted ? null : buttons(message, acts),
  );
  item.dataset.id = message.message_id;
  return item;
}

function content(message, acts) {
  if (message.deleted) return [make("p", { class: "text" }, say("deleted"))];
  const text = message.text || message.caption || "";
  const parts = message.media ? [media(message.media)] : [];
  if (message.from === "bot" && message.html) {
    parts.push(make("div", { class: "text", lang: languageOf(text) }, rich(message.html, acts.send)));
  } else if (text) {
    parts.push(make("div", { class: "text", lang: languageOf(text) }, text));
  }
  return parts;
}

function meta(message) {
  const date = moment(message.date);
  return make(
    "p",
    { class: "meta" },
    message.edited && !message.deleted ? make("span", { class: "edited" }, say("edited")) : null,
    make("time", { datetime: date.toISOString() }, hours(date)),
  );
}

function buttons(message, acts) {
  if (!message.buttons?.length) return null;
  return make("div", { class: "buttons" }, ...message.buttons.map((row) => buttonRow(row, message, acts)));
}

function buttonRow(row, message, acts) {
  return make(
    "div",
    { class: "row" },
    ...row.map((button) => {
      if (button.url) return make("a", { href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text);
      const element = make("button", { type: "button", lang: languageOf(button.text) }, button.text);
      element.dataset.data = button.data ?? "";
      element.addEventListener("click", () => {
        if (button.copy) navigator.clipboard.writeText(button.copy);
        else acts.press(message, button, element);
      });
      return element;
    }),
  );
}

const NAMED = ["photo", "voice", "contact", "location", "venue", "video", "video_note", "audio", "sticker"];

function media({ kind, url, file_name, file_size, first_name, phone_number, duration, title, address, latitude, longitude }) {
  const label = say(NAMED.includes(kind) ? kind : "document");
  if (kind === "photo" && url) return make("img", { class: "photo", src: url, alt: label });
  if (kind === "voice" && url) {
    const spoken = say("voice_of", { seconds: duration });
    return make("div", { class: "voice" }, make("p", { "aria-hidden": "true" }, spoken), make("audio", { controls: true, preload: "none", src: url, "aria-label": spoken }));
  }
  if (kind === "venue") return make("p", { class: "file" }, [label, title, address].filter(Boolean).join(" · "));
  if (kind === "location") return make("p", { class: "file" }, `${label} · ${latitude}, ${longitude}`);
  if (kind === "document" && url) return savedFile(url, file_name, sized(file_size));
  const words = [label, file_name, first_name, phone_number].filter(Boolean).join(" · ");
  return make("p", { class: "file" }, words);
}

// A file is saved, never opened as a page: whoever sent it could have written one.
function savedFile(url, name, size) {
  return make(
    "a",
    { class: "file saved", href: url, download: name, "aria-label": say("save_file", { name, size }) },
    make("span", { class: "sheet", "aria-hidden": "true" }),
    make("span", { class: "name" }, name),
    make("span", { class: "size" }, size),
  );
}

function sized(bytes) {
  if (bytes < 1024) return say("bytes", { n: bytes });
  const [amount, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / (1024 * 1024), "MB"];
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}

export function daySeparator(message) {
  const date = moment(message.date);
  const item = make("li", { class: "day" }, make("time", { datetime: dayKey(date) }, longDay(date)));
  item.dataset.day = dayKey(date);
  return item;
}
