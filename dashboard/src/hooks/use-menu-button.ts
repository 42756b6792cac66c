import { type RefObject, useRef } from "react";

/**
 * The button of a menu whose items open dialogs. A dialog gives the focus back to what had it when
 * it opened, and the item is gone by then: `hold` puts the focus on the button first.
 */
export function useMenuButton(): { button: RefObject<HTMLButtonElement | null>; hold: () => void } {
  const button = useRef<HTMLButtonElement>(null);
  return { button, hold: () => button.current?.focus() };
}
