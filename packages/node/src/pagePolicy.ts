/** What a page's own Content-Security-Policy headers let run. They are read and never touched. */

type Directives = ReadonlyMap<string, readonly string[]>;
const NONCE = /'nonce-([A-Za-z0-9+/_=-]{1,200})'/;
const SCRIPT_SOURCES = ["script-src-elem", "script-src", "default-src"] as const;
const ANYWHERE: readonly string[] = ["'self'", "*", "http:", "https:"];

/** The nonce under which these policies let scripts run, if any. */
export function nonceIn(policies: readonly string[]): string | null {
  for (const directives of read(policies)) {
    const found = NONCE.exec((scriptSources(directives) ?? []).join(" "));
    if (found?.[1] !== undefined) return found[1];
  }
  return null;
}

/**
 * False where these Content-Security-Policy headers stop a script from `address`.
 *
 * All of them must let it through. Hashes do not: they would have to be known in advance.
 */
export function mayRun(
  policies: readonly string[],
  address: string,
  nonce: string | null,
): boolean {
  return read(policies).every((directives) => allows(directives, address, nonce));
}

/** Each policy's directives; a header may hold several policies. */
function read(policies: readonly string[]): Directives[] {
  const parts = policies.length > 0 ? policies.join(",").split(",") : [];
  return parts.map((policy) => {
    const found = new Map<string, readonly string[]>();
    for (const part of policy.split(";")) {
      const [name = "", ...sources] = part.split(/\s+/).filter(Boolean);
      // Of one name twice the first holds (CSP 3, section 2.2.1).
      if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), sources);
    }
    return found;
  });
}

function scriptSources(directives: Directives): readonly string[] | null {
  const name = SCRIPT_SOURCES.find((one) => directives.has(one));
  return name === undefined ? null : (directives.get(name) ?? null);
}

function allows(directives: Directives, address: string, nonce: string | null): boolean {
  const sandbox = directives.get("sandbox");
  if (sandbox !== undefined && !sandbox.includes("allow-scripts")) return false;
  const sources = scriptSources(directives);
  if (sources === null || (nonce && sources.includes(`'nonce-${nonce}'`))) return true;
  // Then only what such a script itself loads is let through.
  if (sources.some((source) => source.toLowerCase() === "'strict-dynamic'")) return false;
  return sources.some((source) => matches(source, address));
}

function matches(source: string, address: string): boolean {
  // Schemes are not compared: behind a proxy that ends TLS the app sees http for https.
  if (ANYWHERE.includes(source.toLowerCase())) return true;
  if (source.startsWith("'") || source.endsWith(":")) return false;
  const named = parted(source);
  const own = parted(address);
  const host = named.host.toLowerCase();
  const isSame = host.startsWith("*.") ? own.host.endsWith(host.slice(1)) : own.host === host;
  if (!isSame) return false;
  return named.path.endsWith("/")
    ? own.path.startsWith(named.path)
    : named.path === "" || named.path === own.path;
}

/** Host, with its port, and path of an address, which may lack a scheme. */
function parted(address: string): { readonly host: string; readonly path: string } {
  const below = address.slice(address.indexOf("://") < 0 ? 0 : address.indexOf("://") + 3);
  const [plain = ""] = below.split(/[?#]/);
  const slash = plain.indexOf("/");
  return slash < 0
    ? { host: plain, path: "" }
    : { host: plain.slice(0, slash), path: plain.slice(slash) };
}
