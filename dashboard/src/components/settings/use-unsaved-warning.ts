import { useBlocker } from "@tanstack/react-router";

/** Asks before a page with unsaved changes is left. */
export function useUnsavedWarning(unsaved: boolean): void {
  useBlocker({
    shouldBlockFn: () => unsaved && !window.confirm("Leave without saving your changes?"),
    enableBeforeUnload: unsaved,
    disabled: !unsaved,
  });
}
