import "../src/index.ts";
import { UnderstudyBanner } from "../src/element.ts";
import { readSession, type Session } from "../src/session.ts";
import { attributes, nextPage } from "./markup.ts";

/** A page as the server sends it. Every page is an hour later than the one before. */
export function open(changes: Record<string, string> = {}, left = 1_601): UnderstudyBanner {
  nextPage();
  return arrive({ ...attributes(left), ...changes });
}

/** A banner that comes into the page that is there, as with soft navigation. */
export function arrive(given: Record<string, string>): UnderstudyBanner {
  const banner = document.createElement("understudy-banner");
  for (const [name, value] of Object.entries(given)) banner.setAttribute(name, value);
  const fallback = document.createElement("div");
  fallback.setAttribute("role", "status");
  fallback.textContent = "You are viewing this app as Ada Lovelace.";
  banner.append(fallback);
  document.body.prepend(banner);
  if (!(banner instanceof UnderstudyBanner)) throw new Error("the element is not defined");
  return banner;
}

/** The session of such a page, for tests of what stands behind the element. */
export function session(changes: Record<string, string> = {}): Session {
  const banner = document.createElement("div");
  for (const [name, value] of Object.entries({ ...attributes(), ...changes })) {
    banner.setAttribute(name, value);
  }
  const read = readSession(banner.dataset, "https://app.example/invoices?page=2");
  if (read === null) throw new Error("the attributes do not describe a session");
  return read;
}
