// Talks to the sandbox: one state to read, one stream to follow, plain posts for everything done.

export class Refused extends Error {
  constructor(status, why) {
    super(why);
    this.status = status;
  }
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refused(response.status, body.error ?? body.description ?? response.statusText);
  }
  return body;
}

export async function readState() {
  return answer(await fetch("/page/state", { cache: "no-store" }));
}

export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answer(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

export async function upload(path, { chat, file, caption, album, duration }) {
  const form = new FormData();
  form.append("chat", String(chat));
  form.append("caption", caption);
  if (album) form.append("media_group_id", album);
  if (duration) form.append("duration", String(duration));
  form.append("file", file, file.name);
  return answer(await fetch(path, { method: "POST", body: form }));
}

const RETRY_MS = 2000;

// Whatever happened while the stream was down is not repeated by it: after each
// (re)connection `opened` runs, and reads the whole state again.
export function follow(handlers, { opened, lost }) {
  const source = new EventSource("/page/events");
  source.addEventListener("open", opened);
  source.addEventListener("error", () => {
    lost();
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => follow(handlers, { opened, lost }), RETRY_MS);
    }
  });
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
}
