// Builds elements from plain values, so that no text is ever read as markup.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

// Names and messages keep their own language when the page speaks the other one.
export function languageOf(text) {
  return /[\u4e00-\u9fff]/.test(text) ? "zh-Hans" : "en";
}

export function byId(id) {
  return document.getElementById(id);
}

export function remember(key, value) {
  try {
    localStorage.setItem(`jiai.${key}`, value);
  } catch {
    // Private windows may refuse storage; the page works without a memory.
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(`jiai.${key}`);
  } catch {
    return null;
  }
}
