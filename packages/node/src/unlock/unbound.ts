/** What cannot be bound. */

/** This request has no form in which it would be known again. */
export class Unbound extends Error {
  override readonly name = "Unbound";
}
