/** What the back end tells, whichever of the two it is. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly company: string;
  readonly isStaff: boolean;
}

export interface Expense {
  readonly what: string;
  readonly euros: number;
  /** Both names, where somebody works as the user. */
  readonly by: string;
}

export const getMe = (): Promise<Person | null> =>
  ask<Person>("me").catch((error) => {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  });
export const getUsers = (): Promise<Person[]> => ask("users");
export const getExpenses = (): Promise<Expense[]> => ask("expenses");
export const addExpense = (expense: { what: string; euros: number }): Promise<Expense[]> =>
  ask("expenses", expense);
export const signIn = (email: string, password: string): Promise<Person> =>
  ask("sign-in", { email, password });
export const signOut = (): Promise<null> => ask("sign-out", {});
export const changePassword = (password: string): Promise<null> => ask("password", { password });

/** Why the app said no, in words for people. */
class Problem extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

async function ask<T>(path: string, sent?: object): Promise<T> {
  const answer = await fetch(`/api/${path}`, {
    method: sent ? "POST" : "GET",
    headers: { accept: "application/json", ...(sent && { "content-type": "application/json" }) },
    ...(sent && { body: JSON.stringify(sent) }),
  });
  const body = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw new Problem(answer.status, body?.detail ?? "That did not work.");
  return body;
}
