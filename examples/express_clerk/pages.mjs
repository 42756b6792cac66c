// What people see. Every value that somebody typed goes through `html`, which escapes it.

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

class Markup {
  constructor(text) {
    this.text = text;
  }
}

function shown(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(shown).join("");
  return String(value ?? "").replace(/[&<>"']/g, (one) => ESCAPES[one]);
}

function html(parts, ...values) {
  return new Markup(String.raw({ raw: parts }, ...values.map(shown)));
}

const NOTHING = html``;

function layout({ user, actor }, title, page) {
  const way = user?.staff ? html`<a href="/customers">Customers</a>` : html`<a href="/">Memos</a>`;
  const out = html`<form method="post" action="/logout"><button class="quiet">Sign out</button></form>`;
  const who = html`
    <nav aria-label="Main">${way} <a href="/settings">Settings</a></nav>
    <div class="who"><span>${user?.name}<small>${user?.company}</small></span>${actor ? NOTHING : out}</div>`;
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} · Paperclip</title>
  <link rel="stylesheet" href="/paperclip.css">
</head>
<body>
  ${actor ? strip(user, actor) : NOTHING}
  <header><a class="brand" href="/">Paperclip</a>${user ? who : NOTHING}</header>
  <main><h1>${title}</h1>${page}</main>
</body>
</html>`.text;
}

function strip(user, actor) {
  return html`<section class="impersonation" aria-label="Impersonation">
    <p><strong>${actor.name ?? actor.sub} works as ${user.name}.</strong> ${actor.reason}</p>
    <form method="post" action="/end"><button>End session</button></form>
  </section>`;
}

const told = (text) => (text ? html`<p class="told" role="status">${text}</p>` : NOTHING);

export const signIn = (served, message) =>
  layout(
    served,
    "Sign in",
    html`${told(message)}
  <form class="card narrow" method="post" action="/login">
    <label>E-mail <input name="email" type="email" autocomplete="username" required></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
    <button>Sign in</button>
  </form>`,
  );

export const memos = (served, written) =>
  layout(
    served,
    "Memos",
    html`
  <form class="card" method="post" action="/memos">
    <input type="hidden" name="page_of" value="${served.identity}">
    <label>New memo <textarea name="text" rows="3" required></textarea></label>
    <button>Save</button>
  </form>
  ${written.map((one) => html`<article class="card"><p>${one.text}</p><small>${one.author}</small></article>`)}`,
  );

export const customers = (served, people, message) =>
  layout(
    served,
    "Customers",
    html`${told(message)}
  ${people.map(
    (one) => html`
  <article class="card customer">
    <h2>${one.name}<small>${one.email}</small></h2>
    <form method="post" action="/impersonate">
      <input type="hidden" name="user_id" value="${one.id}">
      <label>Why? <input name="reason" required minlength="10" maxlength="1000"></label>
      <button>Impersonate ${one.name.split(" ")[0]}</button>
    </form>
  </article>`,
  )}`,
  );

export const settings = (served, message) =>
  layout(
    served,
    "Settings",
    html`${told(message)}
  <form class="card narrow" method="post" action="/settings/password">
    <label>New password <input name="password" type="password" autocomplete="new-password" required></label>
    <button>Change password</button>
  </form>`,
  );

export const notSaved = (served, text) =>
  layout(
    served,
    "Not saved",
    html`
  ${told("The page that you sent this from was made for somebody else, or its session is over. Nothing was saved.")}
  <label>What you had typed <textarea rows="6" readonly>${text}</textarea></label>
  <p><a href="/">Go on</a></p>`,
  );
