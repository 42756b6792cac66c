/**
 * What all copies of this package share that a process may have.
 *
 * Bundlers put one of their own into what they build, such as Next into pages; and a page that asked
 * its own copy would be told that nobody is impersonated.
 */

/** What stands under `name` for the whole process; the first copy that asks makes it. */
export function onePerProcess<T extends object>(name: string, make: () => T): T {
  const key = Symbol.for(`understudy.${name}`);
  const found: T | undefined = Reflect.get(globalThis, key);
  if (found !== undefined) return found;
  const made = make();
  Reflect.set(globalThis, key, made);
  return made;
}
