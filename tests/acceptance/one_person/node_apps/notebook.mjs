/** What the three apps have in common: people, their notes, the pages, and a sign-in of their own. */

import { createHmac, timingSafeEqual } from "node:crypto";
import { appendFileSync } from "node:fs";
import { Understudy } from "@understudy/node";

const { NOTES, SESSION_KEY } = process.env;
const PEOPLE = new Map(
  [
    { id: "ada", name: "Ada Byron" },
    { id: "grace", name: "Grace Murray" },
    { id: "kim", name: "Kim Winter", email: "kim@support.example", isStaff: true },
  ].map((one) => [one.id, one]),
);
const LOGIN = "login";
const notes = [];

export const understudy = Understudy.remote({
  url: process.env.UNDERSTUDY_URL,
  publicUrl: process.env.UNDERSTUDY_PUBLIC_URL,
  applicationId: process.env.APP_ID,
  secret: process.env.APP_SECRET,
  sessionOrigins: process.env.SESSION_ORIGINS,
});

export const options = {
  loadUser: ({ id }) => PEOPLE.get(id),
  ownCookies: [LOGIN],
  staff: ({ headers }) => {
    const user = signedIn(headers.cookie);
    return user?.isStaff ? user : null;
  },
};

/** Whom the app's own sign-in finds in a Cookie header. */
export function signedIn(cookies = "") {
  const pairs = cookies.split("; ").map((one) => one.split("="));
  const [id = "", seal = ""] = new Map(pairs).get(LOGIN)?.split(".") ?? [];
  const [given, own] = [Buffer.from(seal), Buffer.from(sealOf(id))];
  return given.length === own.length && timingSafeEqual(given, own) ? PEOPLE.get(id) : null;
}

/** The value of a Set-Cookie header: nobody has a password here. */
export const signIn = (id) => `${LOGIN}=${id}.${sealOf(id)}; Path=/; HttpOnly; SameSite=Lax`;

const sealOf = (id) => createHmac("sha256", SESSION_KEY).update(id).digest("hex");

/** Keeps what is sent, for whomever the app takes it; the test reads the file. */
export function write(user, text) {
  if (!user) throw new Error("Nobody has signed in.");
  notes.push({ owner: user.id, text });
  appendFileSync(NOTES, `${JSON.stringify([user.id, text])}\n`);
}

/** The pages, by their paths; each takes whom it is for. */
export const PAGES = {
  "/": (user) => layout(user, "Notes", notesOf(user).map(shown)),
  "/settings": (user) => layout(user, "Settings", []),
  "/people": (user) => layout(user, "People", user?.isStaff ? customers().map(card) : []),
  "/notes/new": (user) =>
    layout(user, "New note", [
      '<form method="post"><label>text <input name="text" required></label>',
      "<button>Save</button></form>",
    ]),
};

const notesOf = (user) => notes.filter(({ owner }) => owner === user?.id);
const customers = () => [...PEOPLE.values()].filter(({ isStaff }) => !isStaff);

function layout(user, title, parts) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><header><span class="who">${user?.name ?? "nobody"}</span></header>
<main><h1>${title}</h1>${parts.join("")}</main></body></html>`;
}

function card({ id, name }) {
  return `<article><h2>${name}</h2><form method="post" action="/_understudy/start">
<input type="hidden" name="subject_id" value="${id}"><label>Why? <input name="reason"></label>
<button>Impersonate ${name}</button></form></article>`;
}

function shown({ text }) {
  return `<p>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`;
}

/** Says that it serves, so that the test goes on. */
export const isServing = () => process.stdout.write("ready\n");
