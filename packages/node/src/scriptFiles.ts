/** The scripts of the SDK's own that pages load: the banner, and what marks what a page sends. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Answer, type Headers, problem, type Visit } from "./visit.ts";

// The same from the sources as from what is built of them.
const FOLDER = new URL("../dist/static/", import.meta.url);
const FRESH_SECONDS = 3600;

/** A built script, and by what a browser knows whether it still has the same. */
interface ScriptFile {
  readonly body: Uint8Array;
  readonly tag: string;
}

const files = new Map<string, ScriptFile | null>();

/**
 * The built script `name`; null where it was not built.
 *
 * Without it the banner is plain, or pages only read, as nothing that they send is marked.
 */
function scriptFile(name: string, folder: URL = FOLDER): ScriptFile | null {
  const address = new URL(name, folder);
  const known = files.get(address.href);
  if (known !== undefined) return known;
  const found = read(address);
  files.set(address.href, found);
  return found;
}

/** A script to whoever asks. It is the same for all, and asked for again once an hour. */
export function scriptAnswer(name: string, visit: Visit, folder: URL = FOLDER): Answer {
  const script = scriptFile(name, folder);
  if (script === null) return problem(404, "not_found", "This script was not built.");
  const headers: Headers = [
    ["cache-control", `public, max-age=${FRESH_SECONDS}`],
    ["etag", script.tag],
  ];
  if (visit.header("if-none-match") === script.tag) return new Answer({ status: 304, headers });
  const kind = ["content-type", "text/javascript; charset=utf-8"] as const;
  return new Answer({ headers: [...headers, kind], body: script.body });
}

function read(address: URL): ScriptFile | null {
  try {
    const body = readFileSync(address);
    return { body, tag: `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"` };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
