import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readSaid } from "../src/consentForm.ts";
import * as pages from "../src/consentPages.ts";
import { UnderstudyError } from "../src/core/errors.ts";
import type { Deed, Told } from "../src/userSays.ts";
import { type Answer, Visit } from "../src/visit.ts";
import { text } from "./visiting.ts";

interface PageCase {
  readonly page: "consent" | "code" | "history" | "refused";
  readonly told: Told;
  readonly status: number;
  readonly body: string;
}

interface FormCase {
  readonly type: string | null;
  readonly body: string;
  readonly among: Deed[];
  readonly said: Record<string, unknown>;
}

interface Vectors {
  readonly links: pages.Links;
  readonly pages: PageCase[];
  readonly forms: FormCase[];
}

const AT = new URL("../../../tests/vectors/guard/consent.json", import.meta.url);
const { links, pages: shown, forms }: Vectors = JSON.parse(readFileSync(AT, "utf8"));

function pageOf({ page, told }: PageCase): Answer {
  if (page === "refused") return pages.refusedPage(Number(told.status), String(told.detail), links);
  const calls = {
    consent: pages.consentPage,
    code: pages.codePage,
    history: pages.historyPage,
  };
  return calls[page](told, links);
}

function saidOf({ type, body, among }: FormCase): Record<string, unknown> {
  const headers = type === null ? [] : [["content-type", type] as const];
  const visit = new Visit({ method: "POST", origin: "https://app.test", base: "", headers });
  try {
    const who = { subjectId: "ada", among: new Set(among) };
    const { deed, target, facts } = readSaid(visit, Buffer.from(body), who);
    return { deed, target, facts };
  } catch (error) {
    if (!(error instanceof UnderstudyError)) throw error;
    return { code: error.code, field: error.facts.field ?? null };
  }
}

test.each(shown.map((one, place) => [`${one.page} ${place}`, one] as const))(
  "page %s is the same in every language",
  (_, one) => {
    const answer = pageOf(one);
    expect([answer.status, text(answer)]).toEqual([one.status, one.body]);
  },
);

test.each(forms.map((one, place) => [`${one.body.slice(0, 40)} ${place}`, one] as const))(
  "what a page sends is read alike: %s",
  (_, one) => {
    expect(saidOf(one)).toEqual(one.said);
  },
);
