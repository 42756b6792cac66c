/** What a person typed into a form that goes no further, read for the page that tells them so. */

import { type Field, fieldsOf, isForm, MAX_BODY } from "../typedText.ts";
import { wantsPage } from "../visit.ts";
import type { Request } from "./request.ts";
import { readingBody, type Steps } from "./steps.ts";

/**
 * The fields of a form that nothing was done with; none for programs, which know what they have
 * sent.
 *
 * Only where the app is not called any more, as it could not read the form again.
 */
export function* givenBack({ asked, headers }: Request): Steps<readonly Field[]> {
  const kind = headers.get("content-type") ?? "";
  if (asked.onlyReads || asked.socket || !isForm(kind) || !wantsPage(headers)) return [];
  return fieldsOf(kind, yield* readingBody(MAX_BODY));
}
