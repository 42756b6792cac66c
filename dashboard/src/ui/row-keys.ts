import type { KeyboardEvent } from "react";

export const ROW_LINK = "[data-row-link]";

/** Moves the focus between rows with the arrow keys, Home and End. */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>, leaveTop?: () => void): void {
  const target = event.target as HTMLElement;
  if (!target.matches(ROW_LINK) || event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>(ROW_LINK)];
  const next = nextIndex(event.key, links.indexOf(target), links.length);
  if (next === undefined) return;
  event.preventDefault();
  if (next < 0) leaveTop?.();
  else links[next]?.focus();
}

/** Where a key leads from row `index`: -1 above the first row, undefined for other keys. */
function nextIndex(key: string, index: number, count: number): number | undefined {
  if (key === "ArrowDown") return Math.min(index + 1, count - 1);
  if (key === "ArrowUp") return index - 1;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return undefined;
}
