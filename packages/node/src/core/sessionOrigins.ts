/**
 * Origins of which each belongs to one session: `https://understudy-….view.app.example`.
 *
 * A label is an identifier and no secret, as name servers see it. Its first word lets whoever looks
 * at a Host, an Origin or a Referer find all of them.
 */

import { checkOrigin } from "./addresses.ts";
import { InvalidInput } from "./errors.ts";

export const MARK = "understudy-";
const LABEL = /^understudy-[a-z2-7]{26}(?:--[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?)?$/;
const WILDCARD = "*.";
const STAND_IN = "understudy-x.";

/** True for the one spelling of a label, with or without the tenant behind it. */
export function isLabel(text: string): boolean {
  return LABEL.test(text);
}

/**
 * An application's pattern, `https://*.view.app.example:8443` at its longest.
 *
 * `below` is what stands behind the label in a Host header: domain and port.
 */
export class SessionOrigins {
  readonly scheme: string;
  readonly below: string;

  private constructor(scheme: string, below: string) {
    this.scheme = scheme;
    this.below = below;
  }

  /**
   * Read a pattern: one wildcard, which is the whole label at the left.
   *
   * @throws {InvalidInput} anything else; plain http but for loopback names; a number for a name.
   */
  static parse(pattern: string): SessionOrigins {
    const [scheme = "", host = ""] = splitOnce(pattern, "://");
    if (!pattern.includes("://") || !host.startsWith(WILDCARD)) {
      throw new InvalidInput(`Session origins look like https://*.view.app.example: ${pattern}`);
    }
    const below = host.slice(WILDCARD.length);
    checkOrigin(`${scheme}://${STAND_IN}${below}`);
    const name = below.replace(/:\d+$/, "");
    if (!/[a-z]/i.test(name.slice(name.lastIndexOf(".") + 1))) {
      throw new InvalidInput(`A label can only stand before a domain's name: ${pattern}`);
    }
    return new SessionOrigins(scheme, below);
  }

  /** The origin of the session with `label`. */
  origin(label: string): string {
    return `${this.scheme}://${label}.${this.below}`;
  }

  /**
   * True for every Host header that lies under the wildcard, in the spelling of browsers: in lower
   * case, and without the scheme's own port.
   */
  covers(host: string): boolean {
    return host.endsWith(`.${this.below}`);
  }

  /** True for an origin under the pattern with a label in its one spelling. */
  has(origin: string): boolean {
    const before = `${this.scheme}://`;
    const [label = ""] = (origin.startsWith(before) ? origin.slice(before.length) : origin).split(
      ".",
      1,
    );
    return isLabel(label) && origin === this.origin(label);
  }

  toString(): string {
    return `${this.scheme}://${WILDCARD}${this.below}`;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
