// The people and what they have spent, in memory: an example keeps nothing.

const PASSWORD = "tally";

const PEOPLE = [
  {
    id: "ada",
    name: "Ada Byron",
    email: "ada@engines.example",
    company: "Analytical Engines",
    isStaff: false,
  },
  {
    id: "grace",
    name: "Grace Marsh",
    email: "grace@compilers.example",
    company: "Compilers & Co",
    isStaff: false,
  },
  {
    id: "kim",
    name: "Kim Winter",
    email: "kim@tally.example",
    company: "Tally support",
    isStaff: true,
  },
];

const EXPENSES = new Map([
  ["ada", [{ what: "Brass, 3 kg", euros: 41.5, by: "Ada Byron" }]],
  ["grace", [{ what: "Train to Utrecht", euros: 58, by: "Grace Marsh" }]],
]);

export const person = (id) => PEOPLE.find((one) => one.id === id);
export const customers = () => PEOPLE.filter((one) => !one.isStaff);
export const expensesOf = (id) => EXPENSES.get(id) ?? [];

export function signedIn(email, password) {
  return password === PASSWORD ? PEOPLE.find((one) => one.email === email) : undefined;
}

export function addExpense(id, expense) {
  EXPENSES.set(id, [expense, ...expensesOf(id)]);
}
