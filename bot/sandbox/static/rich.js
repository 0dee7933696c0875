// Turns the bot's HTML into elements from an allow-list; everything else stays plain text.

import { make } from "./dom.js";

const SAME = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "STRIKE", "DEL", "CODE", "PRE", "BLOCKQUOTE"]);
const LINK = /^(https?:|tel:|mailto:|tg:)/i;
const COMMAND = /(^|[\s（(：:，,、])(\/[a-z][a-z0-9_]{0,31})(?![\w/])/gi;

export function rich(html, onCommand) {
  // A parsed document is inert: it runs no script and loads nothing. Only copies leave it.
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  copyChildren(parsed.body, fragment, onCommand);
  return fragment;
}

function copyChildren(source, target, onCommand) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) appendText(node.data, target, onCommand);
    else if (node.nodeType === Node.ELEMENT_NODE) {
      const copy = allowed(node);
      // Commands inside code or a link are examples, not something to press.
      const inert = onCommand === null || ["CODE", "PRE", "A"].includes(node.tagName);
      copyChildren(node, copy ?? target, inert ? null : onCommand);
      if (copy) target.append(copy);
    }
  }
}

function allowed(node) {
  if (SAME.has(node.tagName)) return make(node.tagName);
  if (node.tagName === "BR") return make("br");
  if (node.tagName === "A" && LINK.test(node.getAttribute("href") ?? "")) {
    return make("a", { href: node.getAttribute("href"), target: "_blank", rel: "noopener noreferrer" });
  }
  if (node.tagName === "TG-SPOILER" || node.classList.contains("tg-spoiler")) return spoiler();
  return null;
}

function spoiler() {
  const element = make("span", { class: "spoiler", tabindex: "0", role: "button" });
  const open = () => element.classList.add("open");
  element.addEventListener("click", open);
  element.addEventListener("keydown", (event) => event.key === "Enter" && open());
  return element;
}

// As in the messenger, a command in the bot's text can be pressed.
function appendText(text, target, onCommand) {
  if (onCommand === null) return target.append(text);
  let done = 0;
  for (const match of text.matchAll(COMMAND)) {
    const at = match.index + match[1].length;
    const command = match[2];
    target.append(text.slice(done, at));
    target.append(make("button", { type: "button", class: "command", onclick: () => onCommand(command) }, command));
    done = at + command.length;
  }
  target.append(text.slice(done));
}
