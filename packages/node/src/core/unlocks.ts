/** One blocked write that an actor asks for: somebody else allows that request alone, once. */

/** A name and a value. */
export type Pair = readonly [name: string, value: string];

/**
 * A request that changes something, as the guard reads it.
 *
 * `query` and `fields` are in an order that does not depend on who sent it; a field's value is
 * canonical text: for JSON the member as it was written, numbers included.
 */
export interface Write {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly mediaType: string;
  readonly query: readonly Pair[];
  readonly fields: readonly Pair[];
}
