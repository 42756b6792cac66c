import type { Scope, Wanted } from "@understudy/browser";

/** What a dialog can ask for beside the reason. */
export type Asked = "ticket" | "minutes" | "scope";

export const EVERYTHING: readonly Asked[] = ["ticket", "scope", "minutes"];

/** What the fields of a form ask for; the server judges it. What was left empty, its rules decide. */
export function wantedOf(subjectId: string | number, form: HTMLFormElement): Wanted {
  const fields = new FormData(form);
  const text = (name: string): string => String(fields.get(name) ?? "").trim();
  const minutes = text("minutes");
  return {
    subjectId,
    reason: text("reason"),
    ticket: text("ticket") || undefined,
    minutes: minutes === "" ? undefined : Number(minutes),
    scope: scopeOf(text("scope")),
  };
}

function scopeOf(value: string): Scope | undefined {
  return value === "full" || value === "read_only" ? value : undefined;
}
