// The first-visit panel: four things to try, each one press away.

import { byId, make, recall, remember } from "./dom.js";
import { say } from "./words.js";

export class Guide {
  constructor({ open, draft }) {
    this.openChat = open;
    this.draft = draft;
    this.element = byId("guide");
    this.opener = byId("guide-open");
    this.opener.addEventListener("click", () => this.show(this.element.hidden));
    this.show(recall("guide") !== "seen");
  }

  show(open) {
    this.element.hidden = !open;
    this.opener.setAttribute("aria-expanded", open);
    if (!open) remember("guide", "seen");
  }

  fill() {
    this.element.replaceChildren(
      make("h2", { id: "guide-title" }, say("guide_title")),
      make("ol", {}, ...say("guide_steps").map((step, place) => this.step(step, place + 1))),
      make("p", { class: "keys" }, say("guide_keys")),
      make("button", { type: "button", class: "tool close", onclick: () => this.close() }, say("guide_close")),
    );
  }

  step(step, number) {
    const title = make("strong", { id: `step-${number}` }, step.title);
    const go = make("button", { type: "button", id: `try-${number}`, "aria-labelledby": `try-${number} step-${number}` });
    go.append(say("guide_try"));
    go.addEventListener("click", () => this.follow(step));
    return make("li", {}, title, make("p", {}, step.text), go);
  }

  follow(step) {
    if (step.focus) byId(step.focus).focus();
    if (step.chat) this.openChat(step.chat);
    if (step.draft) this.draft(step.chat, step.draft);
  }

  close() {
    this.show(false);
    this.opener.focus();
  }
}
