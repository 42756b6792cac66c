export type Call = (...args: unknown[]) => unknown;
type Made = new (...args: unknown[]) => object;

/** Does the work of `native`, which is called by `Reflect.apply(native, self, args)`. */
type Instead = (native: Call, self: unknown, args: unknown[]) => unknown;

/**
 * Puts `instead` before a function of the platform. Name, length and text stay, and so does a
 * function in a frozen place: what it sends has no mark, and the server refuses that.
 */
export function wrapCall(holder: object, name: string, instead: Instead): void {
  const native: unknown = Reflect.get(holder, name);
  if (typeof native !== "function") return;
  replace(holder, name, new Proxy(native as Call, { apply: instead }));
}

/** The same for a class: `instanceof`, static members, subclasses and `constructor` stay as they were. */
export function wrapClass(
  name: string,
  instead: (native: Made, args: unknown[], to: Made) => object,
): void {
  const native: unknown = Reflect.get(window, name);
  if (typeof native !== "function") return;
  const construct = (target: Made, args: unknown[], to: unknown) =>
    instead(target, args, to as Made);
  const wrapped = new Proxy(native as Made, { construct });
  if (replace(window, name, wrapped)) replace(native.prototype, "constructor", wrapped);
}

function replace(holder: object, name: string, value: unknown): boolean {
  const known = Reflect.getOwnPropertyDescriptor(holder, name) ?? { enumerable: true };
  return Reflect.defineProperty(holder, name, {
    configurable: true,
    enumerable: known.enumerable === true,
    writable: true,
    value,
  });
}
