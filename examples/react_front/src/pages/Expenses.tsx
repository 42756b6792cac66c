import { type ReactElement, useEffect, useState } from "react";
import { addExpense, type Expense, getExpenses } from "../api.ts";
import { Form } from "../Form.tsx";

const EUROS = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

export function Expenses(): ReactElement {
  const [expenses, setExpenses] = useState<readonly Expense[]>([]);
  useEffect(() => void getExpenses().then(setExpenses), []);
  return (
    <>
      <h1>Expenses</h1>
      <Form
        label="Add"
        send={(typed) =>
          addExpense({ what: typed("what"), euros: Number(typed("euros")) }).then(setExpenses)
        }
      >
        <label>
          What for? <input name="what" required maxLength={100} />
        </label>
        <label>
          Euros <input name="euros" type="number" min="0.01" step="0.01" required />
        </label>
      </Form>
      <ul className="card list">
        {expenses.map((one) => (
          <li key={`${one.what} ${one.by} ${one.euros}`}>
            <span>
              {one.what}
              <small>{one.by}</small>
            </span>
            <strong>{EUROS.format(one.euros)}</strong>
          </li>
        ))}
      </ul>
    </>
  );
}
