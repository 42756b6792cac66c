/** By what a request may be taken for one of another method than it was sent with. */

import { strip } from "./core/letters.ts";
import { OVERRIDDEN_BY_FORMS, OVERRIDE_FIELDS, OVERRIDE_HEADERS } from "./core/restrictions.ts";
import { mediaType } from "./mediaType.ts";

const FORMS: readonly string[] = ["application/x-www-form-urlencoded", "multipart/form-data"];

export interface Understood {
  readonly headers?: Iterable<string>;
  readonly fields?: Iterable<string>;
  readonly forms?: boolean;
}

/**
 * What of it the app's frameworks may understand; all that are known, unless said otherwise.
 *
 * `headers` and `fields` are in lower case, `fields` those of the query. A form's own fields are
 * read by the app and not here: with `forms` whatever is posted as a form counts as each method that
 * it could name, so that a blocked DELETE also blocks a form for the same path. An app none of whose
 * frameworks reads a method out of a form can switch that off.
 */
export class MethodOverrides {
  readonly headers: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
  readonly forms: boolean;

  constructor(understood: Understood = {}) {
    this.headers = new Set(understood.headers ?? OVERRIDE_HEADERS);
    this.fields = new Set(understood.fields ?? OVERRIDE_FIELDS);
    this.forms = understood.forms ?? true;
  }

  /** The methods that the fields of a query name. */
  inQuery(pairs: Iterable<readonly [string, string]>): string[] {
    return [...pairs]
      .filter(([name]) => this.fields.has(strip(name).toLowerCase()))
      .map(([, value]) => value);
  }

  /** The methods that a body of `contentType` may name. */
  inForm(method: string, contentType: string): readonly string[] {
    if (!this.forms || method !== "POST") return [];
    return FORMS.includes(mediaType(contentType)) ? OVERRIDDEN_BY_FORMS : [];
  }
}

export const UNDERSTOOD = new MethodOverrides();
