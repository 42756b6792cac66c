/** One way to make something on the page silent. */
export interface OptOut {
  set(): void;
  /** Gives back what was there before; without `set` there is nothing to give back. */
  restore(): void;
}

/**
 * The property of `window` that Google's gtag.js and analytics.js look at before they send. It is
 * this page's alone.
 */
export function googleAnalytics(id: string): OptOut {
  const name = `ga-disable-${id}`;
  let restore: (() => void) | undefined;
  return {
    set: () => {
      const before = Reflect.getOwnPropertyDescriptor(window, name);
      Reflect.set(window, name, true);
      restore = () =>
        before
          ? Reflect.defineProperty(window, name, before)
          : Reflect.deleteProperty(window, name);
    },
    restore: () => {
      restore?.();
      restore = undefined;
    },
  };
}

/**
 * A flag in `localStorage`, which is the whole browser's. What stood there is kept beside it, so
 * that any page of the app gives it back, also after the one that set it was closed.
 */
export function storedFlag(name: string, value: string): OptOut {
  const kept = `understudy:${name}`;
  return {
    set: () =>
      withStorage((storage) => {
        if (storage.getItem(kept) === null) {
          storage.setItem(kept, JSON.stringify(storage.getItem(name)));
        }
        storage.setItem(name, value);
      }),
    restore: () =>
      withStorage((storage) => {
        const before = storage.getItem(kept);
        if (before === null) return;
        const text: unknown = JSON.parse(before);
        if (typeof text === "string") storage.setItem(name, text);
        else storage.removeItem(name);
        storage.removeItem(kept);
      }),
  };
}

/** Something that the app makes silent itself; `pause` answers how it goes on. */
export function paused(pause: () => () => void): OptOut {
  let resume: (() => void) | undefined;
  return {
    set: () => {
      resume = pause();
    },
    restore: () => {
      resume?.();
      resume = undefined;
    },
  };
}

function withStorage(use: (storage: Storage) => void): void {
  try {
    use(localStorage);
  } catch {
    // Forbidden or full: what cannot be written here, the analytics cannot read here either.
  }
}
