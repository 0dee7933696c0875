// Puts the page together: reads the room's state, follows its events, shows both.

import { showCast, forgetCast, walkByArrows } from "./cast.js";
import { Chat } from "./chat.js";
import { botIsHere, clockChanged, roomLost, showClock, startClock } from "./clock.js";
import { Columns } from "./columns.js";
import { byId } from "./dom.js";
import { Guide } from "./guide.js";
import { follow, post, readState } from "./net.js";
import { alertBox, notice, speak, unnotice } from "./notices.js";
import { startSettings } from "./settings.js";
import { say } from "./words.js";

const LOOK_SOON_MS = 2000;
const LOOK_AGAIN_MS = 20000;

const chats = new Map();
const panels = new Map();
let columns;

function panelOf(id) {
  if (!panels.has(id)) panels.set(id, new Chat(chats.get(id)));
  return panels.get(id);
}

function isShown(id) {
  return columns.shown.includes(id);
}

function refreshCast() {
  if (!columns) return;
  showCast([...chats.values()], { shown: columns.shown, choose });
  for (const id of columns.shown) markRead(id);
}

function markRead(id) {
  const chat = chats.get(id);
  if (!chat?.unread || document.hidden) return;
  chat.unread = 0;
  // Nobody pressed anything: a failure here is not worth a notice, the next state corrects it.
  post("/page/read", { chat: id }).catch(() => {});
}

function choose(id) {
  if (!chats.has(id)) return;
  columns.show(id);
  panelOf(id).focus();
}

async function load() {
  show(await readState());
  unnotice("offline");
}

function show(state) {
  clockChanged(state);
  for (const chat of state.chats) {
    chats.set(chat.id, chat);
    panels.get(chat.id)?.update(chat);
  }
  if (!columns) {
    columns = new Columns({ panelOf, changed: refreshCast });
    columns.begin(state.chats);
  }
  refreshCast();
}

let loading = null;
let held = [];

// Events that come while the state is on its way may be newer than it: they wait until it is shown.
function reload() {
  loading ??= load()
    .catch(() => notice("offline", say("offline")))
    .finally(() => {
      loading = null;
      const waiting = held;
      held = [];
      for (const act of waiting) act();
    });
  return loading;
}

function inTurn(handle) {
  return (event) => (loading ? held.push(() => handle(event)) : handle(event));
}

// A bot that stops says nothing, so its presence is asked for now and then.
async function watchBot() {
  if (columns) await reload();
  setTimeout(watchBot, botIsHere() ? LOOK_AGAIN_MS : LOOK_SOON_MS);
}

function newMessage(chat, message) {
  chat.messages.push(message);
  if (message.keyboard) chat.keyboard = message.keyboard;
  // A message that takes the quick answers away looks like any other: ask.
  else if (chat.keyboard) reload();
}

const on = {
  message({ chat: id, message }) {
    const chat = chats.get(id);
    if (!chat) return reload();
    const place = chat.messages.findIndex((one) => one.message_id === message.message_id);
    if (place >= 0) chat.messages[place] = message;
    else newMessage(chat, message);
    panels.get(id)?.put(message, chat);
  },
  unread({ chat: id, unread }) {
    const chat = chats.get(id);
    if (!chat) return;
    const more = unread > chat.unread;
    chat.unread = unread;
    refreshCast();
    if (more && !isShown(id)) speak(say("unread_news", { name: chat.name, n: unread }));
  },
  toast({ chat: id, text, show_alert }) {
    if (!text || !chats.has(id)) return;
    if (show_alert) alertBox(chats.get(id).name, text);
    else panelOf(id).note(text);
  },
  clock: clockChanged,
};

// Chats are built anew in the other language; what was being written is carried over.
function relabel() {
  const drafts = new Map([...panels].map(([id, panel]) => [id, panel.composer.box.value]));
  panels.clear();
  forgetCast();
  guide.fill();
  showClock();
  if (!columns) return;
  columns.fit();
  for (const [id, draft] of drafts) if (draft) panelOf(id).composer.draft(draft);
}

function draft(id, text) {
  if (chats.has(id)) panelOf(id).composer.draft(text);
}

const guide = new Guide({ open: choose, draft });
startSettings(relabel);
startClock();
walkByArrows();
document.addEventListener("visibilitychange", () => refreshCast());
byId("chats").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) document.querySelector("#cast [aria-pressed=true]")?.focus();
});
watchBot();
const handlers = Object.fromEntries(Object.entries(on).map(([name, handle]) => [name, inTurn(handle)]));
// A state asked for before the stream was open may lack what came in between: ask once more.
const opened = async () => {
  await loading;
  await reload();
};
function lost() {
  roomLost();
  notice("offline", say("offline"));
}

follow(handlers, { opened, lost });
