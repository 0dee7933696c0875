// Shows moments in the programme's zone, whatever zone the reader's machine is in.

import { currentLanguage } from "./words.js";

const ZONE = "Asia/Shanghai";
const formats = new Map();

function format(name, options) {
  const key = `${name}:${currentLanguage()}`;
  if (!formats.has(key)) {
    const locale = currentLanguage() === "zh" ? "zh-CN" : "en-GB";
    formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: ZONE, hourCycle: "h23", ...options }));
  }
  return formats.get(key);
}

// Message dates are seconds since 1970, as in the Bot API; clocks are ISO texts.
export function moment(value) {
  return new Date(typeof value === "number" ? value * 1000 : value);
}

export function hours(date) {
  return format("hours", { hour: "2-digit", minute: "2-digit" }).format(date);
}

export function longDay(date) {
  return format("long", { year: "numeric", month: "long", day: "numeric", weekday: "long" }).format(date);
}

export function shortDay(date) {
  return format("short", { month: "short", day: "numeric", weekday: "short" }).format(date);
}

export function dayKey(date) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(date);
}

// How much of the day is over, 0 to 1.
export function dayShare(date) {
  const [hour, minute] = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
    .format(date)
    .split(":")
    .map(Number);
  return (hour * 60 + minute) / 1440;
}
