/**
 * The parts of a form with files as fields: texts as they are, files as what tells one from another.
 *
 * Read as strictly as browsers write (RFC 7578). Readers of such bodies go apart over what is beside
 * that: parameters that come twice or in two spellings, bare line feeds, headers beyond these two.
 */

import { createHash } from "node:crypto";
import { quote } from "../core/escapes.ts";
import { strip } from "../core/letters.ts";
import { isPrintable } from "../core/text.ts";
import type { Pair } from "../core/unlocks.ts";
import type { Read } from "./jsonFields.ts";
import { strictText } from "./strictText.ts";
import { Unbound } from "./unbound.ts";

const UTF_8 = '(?:[ \\t]*;[ \\t]*charset=(?:"utf-8"|utf-8))?';
const BOUNDARY = new RegExp(
  `^multipart/form-data${UTF_8}[ \\t]*;[ \\t]*boundary=("?)([\\w.+'-]{1,70})\\1${UTF_8}[ \\t]*$`,
  "i",
);
const DISPOSITION = /^form-data; *name="([^"\\]*)"(?:; *filename="([^"\\]*)")?$/i;
const TEXT = new RegExp(`^text/plain${UTF_8}$`, "i");
const HEADERS: ReadonlySet<string> = new Set(["content-disposition", "content-type"]);
const END = "\r\n";
/** What marks part: one part, and the end. */
const FEWEST = 2;

/**
 * (name, value) for each part, in the order of the body; and which of them are files.
 *
 * The value of a file is its name, its type and the SHA-256 of what is in it.
 *
 * @throws {Unbound} it is no such form, or a part is not to be read in one way.
 */
export function fieldsOfMultipart(contentType: string, body: Uint8Array): Read {
  const fields: Pair[] = [];
  const files = new Set<string>();
  for (const [head, raw] of partsOf(contentType, Buffer.from(body).toString("latin1"))) {
    const told = headersOf(head);
    const found = DISPOSITION.exec(told.get("content-disposition") ?? "");
    if (found === null) throw new Unbound();
    const [, name = "", file] = found;
    const kind = told.get("content-type");
    if (file !== undefined) {
      files.add(`file=${quote(name, "")}`);
      fields.push([name, fileOf(file, kind ?? "text/plain", raw)]);
    } else if (kind === undefined || TEXT.test(kind)) {
      fields.push([name, strictText(raw)]);
    } else {
      throw new Unbound();
    }
  }
  return [fields, [...files].sort()];
}

/** What stands before the first empty line of each part, and what behind it. */
function* partsOf(contentType: string, body: string): Generator<[Uint8Array, Uint8Array]> {
  const boundary = BOUNDARY.exec(contentType)?.[2];
  if (boundary === undefined) throw new Unbound();
  const mark = `--${boundary}`;
  const [before, ...parts] = `${END}${body}`.split(END + mark);
  // One more, anywhere, is a part to readers to whom a line feed is the end of a line.
  if (before !== "" || parts.length < FEWEST || body.split(mark).length - 1 !== parts.length) {
    throw new Unbound();
  }
  if (!["--", `--${END}`].includes(parts.pop() ?? "")) throw new Unbound();
  for (const part of parts) {
    const gap = part.indexOf(END + END);
    if (gap < 0 || !part.startsWith(END)) throw new Unbound();
    yield [bytesOf(part.slice(END.length, gap)), bytesOf(part.slice(gap + 2 * END.length))];
  }
}

function headersOf(head: Uint8Array): ReadonlyMap<string, string> {
  const told = new Map<string, string>();
  for (const line of strictText(head).split(END)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1);
    // Neither twice, nor another one, nor one that goes on in the next line.
    if (!HEADERS.has(name) || told.has(name) || !isPrintable(value)) throw new Unbound();
    told.set(name, strip(value));
  }
  return told;
}

function fileOf(name: string, kind: string, raw: Uint8Array): string {
  const sha256 = createHash("sha256").update(raw).digest("hex");
  const [file, type] = [JSON.stringify(name), JSON.stringify(kind)];
  return `{"file": ${file}, "type": ${type}, "sha256": "${sha256}"}`;
}

function bytesOf(letters: string): Uint8Array {
  return Buffer.from(letters, "latin1");
}
