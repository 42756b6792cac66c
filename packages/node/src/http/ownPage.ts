/** A page of the agent's own on its way to the browser, where it gets its mark. */

import type { GrowingPage } from "../growingPage.ts";
import type { RawHeaders } from "../headers.ts";
import type { OwnPages, OwnVisit } from "../ownPage.ts";
import type { Passing } from "./outgoing.ts";

/** Changes nothing but pages. */
export class OwnPageAnswer implements Passing {
  readonly #pages: OwnPages;
  readonly #asked: OwnVisit;
  #page: GrowingPage | null = null;
  #headers: RawHeaders = [];

  constructor(pages: OwnPages, asked: OwnVisit) {
    this.#pages = pages;
    this.#asked = asked;
  }

  get headers(): RawHeaders {
    return this.#page?.headers ?? this.#headers;
  }

  get waits(): boolean {
    return this.#page?.waits ?? false;
  }

  start(status: number, headers: RawHeaders): null {
    this.#headers = headers;
    this.#page = this.#pages.page(status, headers, this.#asked);
    return null;
  }

  part(body: Uint8Array, more: boolean): Uint8Array {
    return this.#page?.part(body, { more }) ?? body;
  }
}
