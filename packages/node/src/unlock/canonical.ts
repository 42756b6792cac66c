/**
 * What a request would change, in a form in which the same change is always the same.
 *
 * Its bytes would not do: boundaries, the order of keys and tokens against forgery are others each
 * time. What two readers could read in two ways has no such form, and stays blocked.
 */

import { byCodePoint } from "../core/letters.ts";
import { OVERRIDE_FIELDS } from "../core/restrictions.ts";
import type { Pair, Write } from "../core/unlocks.ts";
import { mediaType } from "../mediaType.ts";
import { fieldsOfJson, type Read } from "./jsonFields.ts";
import { fieldsOfMultipart } from "./multipartFields.ts";
import { unescaped } from "./strictText.ts";
import { Unbound } from "./unbound.ts";

/** So long a body may be: somebody has to look at all of it. */
export const MOST_BYTES = 65_536;
const MOST_FIELDS = 200;
/** More the service does not take. */
const MOST_LETTERS = { method: 20, host: 300, path: 2_000, mediaType: 100 } as const;
const MOST_LETTERS_OF_A_NAME = 500;
/** Fields that are others each time that a form is sent, in lower case. */
const VARYING: ReadonlySet<string> = new Set([
  "csrfmiddlewaretoken",
  "authenticity_token",
  "csrf_token",
  "_csrf",
  "_csrf_token",
  "_token",
  "__requestverificationtoken",
  "idempotency_key",
]);
const OVERRIDES: ReadonlySet<string> = new Set(OVERRIDE_FIELDS);
const PLAIN_TYPE = /^[a-z/+.-]*(?:[ \t]*;[ \t]*charset=(?:"utf-8"|utf-8))?[ \t]*$/i;
const ASCII = /^[\0-\x7f]*$/;

/**
 * A request that changes something, as it came. `path` has no query; `ifMatch` is the header by
 * which an app tells whether it was changed meanwhile.
 */
export interface Sent {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly ifMatch: string | null;
}

/**
 * The one form of `sent`; fields that vary are left out.
 *
 * @throws {Unbound} it has none.
 */
export function writeOf(sent: Sent): Write {
  const kind = mediaType(sent.contentType);
  const query = pairsOf(sent.query);
  const [fields, kinds] = fieldsOf(kind, sent);
  requirePlain([...query, ...fields].map(([name]) => name));
  const left = fields.filter(([name]) => !VARYING.has(name.toLowerCase()));
  const { ifMatch } = sent;
  const write = {
    method: sent.method.toUpperCase(),
    host: sent.host,
    path: sent.path,
    // Which fields are files stands here, so that no text can pass for the hash of a file; nor can
    // a field of its name pass for the header.
    mediaType: [kind, ...kinds, ...(ifMatch === null ? [] : ["if-match"])].join(";"),
    query: sorted(query),
    fields: sorted(ifMatch === null ? left : [...left, ["If-Match", ifMatch]]),
  };
  requireRoom(write);
  return write;
}

function fieldsOf(kind: string, { contentType, body }: Sent): Read {
  if (body.length > MOST_BYTES) throw new Unbound();
  if (kind === "multipart/form-data") return fieldsOfMultipart(contentType, body);
  // Some readers go by its charset, and of two types some take the first and some the last.
  if (!PLAIN_TYPE.test(contentType)) throw new Unbound();
  if (kind === "application/json") return fieldsOfJson(body);
  if (kind === "application/x-www-form-urlencoded") {
    return [pairsOf(Buffer.from(body).toString("latin1")), []];
  }
  if (body.length > 0 || kind !== "") throw new Unbound();
  return [[], []];
}

function pairsOf(text: string): Pair[] {
  if (text === "") return [];
  const pairs = text.split("&");
  // Unescaped letters are read in the encoding that each reader likes best.
  if (!ASCII.test(text) || pairs.length > MOST_FIELDS) throw new Unbound();
  return pairs.map((pair): Pair => {
    const equals = pair.indexOf("=");
    if (equals < 0) throw new Unbound();
    return [unescaped(pair.slice(0, equals)), unescaped(pair.slice(equals + 1))];
  });
}

function requirePlain(names: readonly string[]): void {
  // Whoever reads these may take the request for another one than the guard has judged.
  if (names.length > MOST_FIELDS || names.some((name) => OVERRIDES.has(name.toLowerCase()))) {
    throw new Unbound();
  }
}

/** What the service would not take, or cannot, has no form either. */
function requireRoom(write: Write): void {
  const pairs = [...write.query, ...write.fields];
  const texts = [...pairs.flat(), write.path, write.host];
  const isReadable = texts.every((text) => text.isWellFormed());
  const isShort =
    Object.entries(MOST_LETTERS).every(([name, most]) =>
      isWithin(write[name as keyof typeof MOST_LETTERS], most),
    ) &&
    pairs.every(
      ([name, value]) => isWithin(name, MOST_LETTERS_OF_A_NAME) && isWithin(value, MOST_BYTES),
    );
  if (!isReadable || !isShort) throw new Unbound();
}

/** Letters are counted as the service does, to which those of two units are one. */
function isWithin(text: string, most: number): boolean {
  return text.length <= most || (text.length <= 2 * most && [...text].length <= most);
}

/** By name; several of one name stay in the order in which they came. */
function sorted(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.toSorted(([one], [other]) => byCodePoint(one, other));
}
