/**
 * A request in the few words that the SDK reads under every framework.
 *
 * Each letter of `headers`, `rawPath` and `queryString` stands for one byte, as Node gives them;
 * header names are in lower case. `path` is decoded, `rawPath` as it came; `rootPath` is where the
 * app is mounted, and `client` where the request came from, by the server's word alone. A page's
 * mark is taken out, so that whoever reads these after the SDK sees none.
 */
export interface Scope {
  readonly type: "http" | "websocket";
  readonly method: string;
  readonly path: string;
  rawPath: string | null;
  readonly rootPath: string;
  queryString: string;
  headers: readonly (readonly [string, string])[];
  readonly scheme: string;
  readonly client: string | null;
  /** Where an adapter around this one leaves a mark that it has taken out and found right. */
  takenMark?: string | null;
}
