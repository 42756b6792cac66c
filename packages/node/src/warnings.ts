/** What whoever runs the app should hear of: Node prints it, and a listener may take it elsewhere. */

/**
 * Warn of `text`. `action` is the stable verb to look for, as the `code` of the warning that
 * `process.on("warning")` gets, under the name `UnderstudyWarning`.
 */
export function warn(text: string, action: string): void {
  process.emitWarning(text, { type: "UnderstudyWarning", code: action });
}
