/** Something that tests wait for, and that tells of its changes. */

const PATIENCE_SECONDS = 5;

/** Lets tests wait until something is so. */
export class Changes {
  readonly #waiting = new Set<() => void>();

  /** Something has changed. */
  tell(): void {
    for (const look of [...this.#waiting]) look();
  }

  /**
   * What `find` gives, once it is not null.
   *
   * @throws Error with the words of `otherwise`, when that takes too long.
   */
  async until<T>(
    find: () => T | null,
    otherwise: () => string,
    seconds = PATIENCE_SECONDS,
  ): Promise<T> {
    const first = find();
    if (first !== null) return first;
    return await new Promise<T>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = () => {
        const found = find();
        if (found === null) return;
        done();
        resolve(found);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(otherwise()));
      }, seconds * 1_000);
      this.#waiting.add(look);
    });
  }
}
