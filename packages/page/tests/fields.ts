/** A field with this value in its markup. */
export function field(holder: Node, value: string): HTMLInputElement {
  const made = document.createElement("input");
  made.setAttribute("value", value);
  holder.appendChild(made);
  return made;
}

/** Somebody, or the browser, types into it. */
export function type(into: HTMLInputElement, text: string): void {
  into.value = text;
}
