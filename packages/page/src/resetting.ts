import type { Roots } from "./roots.ts";

const { reset } = HTMLFormElement.prototype;

/**
 * Gives all fields back what the server has put into them: once before scripts that wait for the
 * page can read them, and again when the browser is through with what it remembers.
 */
export function resetWhenShown(roots: Roots): void {
  const again = (): void => resetFields(roots);
  document.addEventListener("readystatechange", again, { once: true });
  window.addEventListener("pageshow", again, { once: true });
}

function resetFields(roots: Roots): void {
  roots.look(document);
  for (const root of roots.early()) {
    for (const form of root.querySelectorAll("form")) Reflect.apply(reset, form, []);
    for (const field of root.querySelectorAll("input,textarea,select")) resetField(field);
  }
}

/** A field without a form. The others are as they should be by now. */
function resetField(field: Element): void {
  if (field instanceof HTMLSelectElement && field.form === null) resetChoice(field);
  if (field instanceof HTMLTextAreaElement && field.form === null) field.value = field.defaultValue;
  if (field instanceof HTMLInputElement && field.form === null) {
    field.checked = field.defaultChecked;
    field.value = field.type === "file" ? "" : field.defaultValue;
  }
}

function resetChoice(field: HTMLSelectElement): void {
  const chosen = [...field.options].some((option) => option.defaultSelected);
  for (const option of field.options) option.selected = option.defaultSelected;
  if (!chosen && !field.multiple && field.size < 2) field.selectedIndex = 0;
}
