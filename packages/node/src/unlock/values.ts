/** What the service says of one blocked change. */

/** Whether a change may be made now, this once; else in which fields it is another one. */
export interface Spent {
  readonly spent: boolean;
  readonly differs: readonly string[];
}

/** What was asked for: its id, and how it stands. */
export interface AskedFor {
  readonly id: string;
  readonly status: string;
}
