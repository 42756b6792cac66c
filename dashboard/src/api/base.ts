/** Where the dashboard lies: the origin itself, or a path of the app that it is embedded in. */
export const BASE = new URL(".", document.baseURI);

/** The absolute path of something below the dashboard's own base. */
export function pathOf(path: string): string {
  return new URL(path.replace(/^\//, ""), BASE).pathname;
}
