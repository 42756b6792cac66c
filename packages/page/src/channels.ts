import type { Identity } from "./identity.ts";
import { deadAddress } from "./requests.ts";
import { wrapClass } from "./wrapping.ts";

interface Policy {
  createScriptURL(address: string): object;
}
interface TrustedTypes {
  isScriptURL(value: unknown): boolean;
  createPolicy(name: string, rules: { createScriptURL: (address: string) => string }): Policy;
}

/** Where each class finds nobody, and says so by its own `error` event. The port is one of those
 * to which browsers open no connection. */
const DEAD: Readonly<Record<string, () => string>> = {
  WebSocket: () => `${location.protocol.replace("http", "ws")}//${location.hostname}:1/`,
  EventSource: () => "data:,",
  Worker: deadAddress,
  SharedWorker: deadAddress,
};

/** Marks the addresses of sockets, event streams and workers; in a foreign page they fail. */
export function guardChannels(identity: Identity): void {
  for (const [name, dead] of Object.entries(DEAD)) {
    wrapClass(name, (native, args, to) => {
      const [address, ...rest] = args;
      const other = identity.withholds(address) ? dead() : identity.marked(address);
      const given = other === null ? args : [likeGiven(address, other), ...rest];
      return Reflect.construct(native, given, to);
    });
  }
}

let policy: Policy | null | undefined;

/** `address` in the type of what was given; as it was given where the page's policy forbids it. */
function likeGiven(given: unknown, address: string): unknown {
  const types = Reflect.get(window, "trustedTypes") as TrustedTypes | undefined;
  if (!types?.isScriptURL(given)) return address;
  policy ??= makePolicy(types);
  return policy?.createScriptURL(address) ?? given;
}

function makePolicy(types: TrustedTypes): Policy | null {
  try {
    return types.createPolicy("understudy-page", { createScriptURL: (address) => address });
  } catch {
    return null;
  }
}
