// The people and what they have written, in memory: an example keeps nothing.

const PASSWORD = "paperclip";

const PEOPLE = [
  { id: "ada", name: "Ada Byron", email: "ada@engines.example", company: "Analytical Engines" },
  { id: "grace", name: "Grace Marsh", email: "grace@compilers.example", company: "Compilers & Co" },
  {
    id: "kim",
    name: "Kim Winter",
    email: "kim@paperclip.example",
    company: "Paperclip",
    staff: true,
  },
];

const MEMOS = new Map([
  ["ada", [{ text: "Order brass for the second engine.", author: "Ada Byron" }]],
  ["grace", [{ text: "Ask who left a moth in the relay.", author: "Grace Marsh" }]],
]);

export const person = (id) => PEOPLE.find((one) => one.id === id);
export const customers = () => PEOPLE.filter((one) => !one.staff);
export const memosOf = (id) => MEMOS.get(id) ?? [];

export function signedIn(email, password) {
  return password === PASSWORD ? PEOPLE.find((one) => one.email === email) : undefined;
}

export function addMemo(id, memo) {
  MEMOS.set(id, [memo, ...memosOf(id)]);
}
