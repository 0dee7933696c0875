// What each reader sets for themselves: the page's language and the size of its text.

import { byId, recall, remember } from "./dom.js";
import { speak } from "./notices.js";
import { currentLanguage, say, setLanguage } from "./words.js";

const SIZES = [100, 115, 130, 150];

export function startSettings(relabel) {
  let size = Math.max(0, SIZES.indexOf(Number(recall("text"))));

  function resize(step) {
    size = Math.min(SIZES.length - 1, Math.max(0, size + step));
    remember("text", SIZES[size]);
    showSize();
    speak(say("text_now", { n: SIZES[size] }));
  }

  function showSize() {
    document.documentElement.dataset.text = SIZES[size];
    byId("smaller").setAttribute("aria-disabled", size === 0);
    byId("larger").setAttribute("aria-disabled", size === SIZES.length - 1);
  }

  function speakIn(language) {
    setLanguage(language);
    remember("language", language);
    const other = language === "zh" ? { name: "English", lang: "en" } : { name: "中文", lang: "zh-Hans" };
    byId("language").textContent = other.name;
    byId("language").lang = other.lang;
    relabel();
  }

  byId("smaller").addEventListener("click", () => resize(-1));
  byId("larger").addEventListener("click", () => resize(1));
  byId("language").addEventListener("click", () => speakIn(currentLanguage() === "zh" ? "en" : "zh"));
  showSize();
  speakIn(recall("language") ?? "zh");
}
