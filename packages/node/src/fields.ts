/** The service's JSON, taken by name and exact type; its times have a zone, its keys are unique. */

import { Unavailable } from "./core/errors.ts";
import { hasKeyTwice } from "./jsonKeys.ts";

/** RFC 3339, section 5.6; more than milliseconds are cut off by `Date`. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** A JSON object whose members are taken by name and exact type; unknown ones are ignored. */
export class Fields {
  readonly #members: ReadonlyMap<string, unknown>;

  constructor(members: unknown) {
    if (typeof members !== "object" || members === null || Array.isArray(members)) {
      throw unreadable("an object was expected");
    }
    this.#members = new Map(Object.entries(members));
  }

  /** All of it, as it came. */
  get members(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#members);
  }

  /** A string. */
  text(name: string): string {
    const value = this.#members.get(name);
    if (typeof value !== "string") throw unreadable(name);
    return value;
  }

  /** A whole number; true and false are none. */
  number(name: string): number {
    const value = this.#members.get(name);
    if (!Number.isSafeInteger(value)) throw unreadable(name);
    return value as number;
  }

  /** A string, or null for null and for nothing. */
  optionalText(name: string): string | null {
    return this.#isMissing(name) ? null : this.text(name);
  }

  /** A whole number, or null for null and for nothing. */
  optionalNumber(name: string): number | null {
    return this.#isMissing(name) ? null : this.number(name);
  }

  /** True or false. */
  truth(name: string): boolean {
    const value = this.#members.get(name);
    if (typeof value !== "boolean") throw unreadable(name);
    return value;
  }

  /** True or false, or null for null and for nothing. */
  optionalTruth(name: string): boolean | null {
    return this.#isMissing(name) ? null : this.truth(name);
  }

  /** A time, whose zone must be there. */
  time(name: string): Date {
    const text = this.text(name);
    const moment = new Date(TIME.test(text) ? text : Number.NaN);
    if (Number.isNaN(moment.getTime())) throw unreadable(name);
    return moment;
  }

  /** A nested object. */
  object(name: string): Fields {
    return new Fields(this.#members.get(name));
  }

  /** A nested object, or null for null and for nothing. */
  optionalObject(name: string): Fields | null {
    return this.#isMissing(name) ? null : this.object(name);
  }

  /** A list of objects. */
  objects(name: string): Fields[] {
    return this.#list(name).map((member) => new Fields(member));
  }

  /** A list of strings. */
  texts(name: string): string[] {
    const members = this.#list(name);
    if (!members.every((member) => typeof member === "string")) throw unreadable(name);
    return members;
  }

  #list(name: string): unknown[] {
    const value = this.#members.get(name);
    if (!Array.isArray(value)) throw unreadable(name);
    return value;
  }

  #isMissing(name: string): boolean {
    return (this.#members.get(name) ?? null) === null;
  }
}

/**
 * The JSON object in `body`.
 *
 * @throws Unavailable it is not one, or not one that everybody reads alike.
 */
export function readObject(body: Buffer | string): Fields {
  const text = typeof body === "string" ? body : decoded(body);
  const members = parsed(text);
  if (hasKeyTwice(text)) throw unreadable("a key twice");
  return new Fields(members);
}

/** The service's answer is not what it should be, so that nothing is served on its strength. */
export function unreadable(what: string): Unavailable {
  return new Unavailable(null, { internal: `the service's answer could not be read: ${what}` });
}

function decoded(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw unreadable("not UTF-8");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable("not JSON");
  }
}
