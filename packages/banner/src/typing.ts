/** While somebody types, the server hears of it at most this often. */
const PAUSE = 30_000;

/**
 * Tells that somebody types in the page: who writes a long answer asks the server for nothing. What
 * script does by itself is no sign of anybody. The page itself was the last sign, as of now.
 */
export function wireTyping(tell: () => void, signal: AbortSignal): void {
  let told = performance.now();
  const heard = ({ isTrusted }: Event): void => {
    const now = performance.now();
    if (!isTrusted || now - told < PAUSE) return;
    told = now;
    tell();
  };
  for (const type of ["keydown", "input"]) {
    document.addEventListener(type, heard, { capture: true, passive: true, signal });
  }
}
