// In a page of an app that is not ours: what carriers.js has to know of its form, the one with FIELD,
// and copies of that form, for the ways of sending that would lead away from the page.
const field = window === window.top ? document.querySelector("FIELD") : null;
if (field) {
  const form = field.form;
  form.id = "click";
  window.written = {
    typed: () => field.value,
    to: () => location.pathname,
    body: (how) => {
      const sent = new URLSearchParams(new FormData(form));
      sent.set(field.name, field.value.replace(/ by .*$/, ` by ${how}`));
      return sent;
    },
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  };
  for (const how of ["Enter", "requestSubmit", "submit()", "formaction", "shadow root"]) {
    const place = document.body.appendChild(document.createElement("div"));
    const frame = place.appendChild(document.createElement("iframe"));
    const copy = form.cloneNode(true);
    frame.name = copy.target = `frame of ${how}`;
    copy.id = how;
    if (how === "formaction") {
      copy.querySelector("button").setAttribute("formaction", location.pathname);
      copy.action = "/nowhere";
    }
    const isDeep = how === "shadow root";
    const root = document.body.appendChild(document.createElement("div"));
    (isDeep ? root.attachShadow({ mode: "open" }) : root).append(copy);
  }
}
