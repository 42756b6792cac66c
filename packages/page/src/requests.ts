import { changes } from "./address.ts";
import type { Identity } from "./identity.ts";
import { wrapCall } from "./wrapping.ts";

/** Marks what `XMLHttpRequest` and beacons send, and lets a page of somebody else's send nothing. */
export function guardRequests(identity: Identity): void {
  guardXhr(identity);
  wrapCall(Navigator.prototype, "sendBeacon", (native, self, [address, ...rest]) => {
    if (identity.withholds(address)) return false;
    return Reflect.apply(native, self, [identity.marked(address) ?? address, ...rest]);
  });
}

function guardXhr(identity: Identity): void {
  const { open } = XMLHttpRequest.prototype;
  const opened = new WeakMap<object, { readonly address: unknown; readonly waits: unknown }>();
  wrapCall(XMLHttpRequest.prototype, "open", (native, self, args) => {
    const [method, address, waits = true] = args;
    opened.set(self as object, { address, waits });
    const marked = changes(method) ? identity.marked(address) : null;
    if (marked === null) return Reflect.apply(native, self, args);
    return Reflect.apply(native, self, [method, marked, ...args.slice(2)]);
  });
  wrapCall(XMLHttpRequest.prototype, "send", (native, self, args) => {
    const known = opened.get(self as object);
    if (known !== undefined && identity.withholds(known.address)) {
      // Fails as without a network: its state, its events and, where it waits, what it throws.
      Reflect.apply(open, self, ["GET", deadAddress(), known.waits]);
    }
    return Reflect.apply(native, self, args);
  });
}

/** Nothing is ever there, and looking takes no network. */
export function deadAddress(): string {
  return `blob:${location.origin}/00000000-0000-0000-0000-000000000000`;
}
