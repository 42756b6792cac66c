// Every way by which this page's scripts send what was typed. Each answers once its fate is known.
// An app that is written to in another way says how, before this runs.
const { typed, to, body, headers } = window.written ?? {
  typed: () => document.querySelector("#typed").value,
  to: (how) => `/save?how=${encodeURIComponent(how)}`,
  body: () => document.querySelector("#typed").value,
  headers: {},
};
const save = (how, fetching, more = {}) =>
  fetching(to(how), { method: "POST", body: body(how), ...more });
const posted = (how) => ({
  url: new URL(to(how), location.href).href,
  more: { method: "POST", body: String(body(how)), headers },
});
const heard = (target, ...types) =>
  new Promise((resolve) => {
    for (const type of types) target.addEventListener(type, resolve, { once: true });
  });

// Made when the page is, as apps make them; what they send comes later.
const worker = new Worker("/worker.js");
const source = `onmessage = async ({ data }) => {
  await fetch(data.url, data.more).catch(() => {});
  postMessage("done");
};`;
const blobWorker = new Worker(URL.createObjectURL(new Blob([source])));
const frame = document.body.appendChild(document.createElement("iframe"));

let autosaved = null;
setInterval(() => {
  const due = autosaved;
  autosaved = null;
  if (due) save("autosave", fetch).then(due, due);
}, 20);

const carriers = {
  fetch: () => save("fetch", fetch),
  keepalive: () => save("keepalive", fetch, { keepalive: true }),
  XHR: () => {
    const request = new XMLHttpRequest();
    request.open("POST", to("XHR"));
    request.send(body("XHR"));
    return heard(request, "loadend");
  },
  beacon: () => navigator.sendBeacon(to("beacon"), body("beacon")),
  WebSocket: () => {
    const socket = new WebSocket(`ws://${location.host}/live?how=WebSocket`);
    socket.addEventListener("open", () => socket.send(typed()));
    return heard(socket, "close", "error");
  },
  EventSource: async () => {
    const text = encodeURIComponent(typed());
    const events = new EventSource(`/feed?how=EventSource&text=${text}`);
    await heard(events, "message", "error");
    events.close();
  },
  worker: () => {
    worker.postMessage(posted("worker"));
    return heard(worker, "message", "error");
  },
  autosave: () =>
    new Promise((resolve) => {
      autosaved = resolve;
    }),
  "early fetch": () => save("early fetch", window.earlyFetch ?? fetch),
  "frame's fetch": () => save("frame's fetch", frame.contentWindow.fetch),
  "blob worker": () => {
    blobWorker.postMessage(posted("blob worker"));
    return heard(blobWorker, "message", "error");
  },
};

window.sendAll = async (names) => {
  if (typed() === "") return [];
  const late = (name) =>
    new Promise((resolve) => {
      setTimeout(() => resolve(`${name} never came to an end`), 3000);
    });
  const fates = names.map(async (name) => {
    try {
      return await Promise.race([Promise.resolve(carriers[name]()).then(() => null), late(name)]);
    } catch {
      return null; // withheld by the page itself
    }
  });
  return (await Promise.all(fates)).filter((fate) => fate !== null);
};

// A form in a shadow root, made late, as web components are. What it sends has a frame of its own:
// two forms with the same one call each other off.
const host = document.querySelector("#host");
if (host) {
  const own = document.body.appendChild(document.createElement("iframe"));
  own.name = "frame of shadow root";
  host.attachShadow({ mode: "open" }).innerHTML =
    `<form id="shadow root" method="post" action="/save?how=shadow root" target="${own.name}">` +
    '<input name="text"><button>Save</button></form>';
}
