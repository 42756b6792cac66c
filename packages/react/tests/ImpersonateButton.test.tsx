import { Refusal } from "@understudy/browser";
import { beforeEach, expect, test } from "vitest";
import {
  ImpersonateButton,
  type ImpersonateButtonProps,
  UnderstudyProvider,
} from "../src/index.ts";
import { FakeUnderstudy } from "./app.ts";
import { after, button, control, description, hydrate, show } from "./page.tsx";

let understudy: FakeUnderstudy;

beforeEach(() => {
  understudy = new FakeUnderstudy();
});

function buttonFor(more: Partial<ImpersonateButtonProps> = {}) {
  return (
    <UnderstudyProvider understudy={understudy}>
      <ImpersonateButton subject={{ id: "1", name: "Ada" }} {...more} />
    </UnderstudyProvider>
  );
}

async function open(more: Partial<ImpersonateButtonProps> = {}): Promise<HTMLDialogElement> {
  await show(buttonFor(more));
  await after(() => button("Impersonate").click());
  return document.querySelector("dialog") ?? expect.fail("there is no dialog");
}

function type(label: string, text: string): void {
  control<HTMLInputElement>(label).value = text;
}

async function submit(): Promise<void> {
  await after(() => button("Start").click());
}

test("the dialog is named after whom it is about, and the reason has the focus", async () => {
  const dialog = await open();
  expect(dialog.open).toBe(true);
  const title = document.getElementById(dialog.getAttribute("aria-labelledby") ?? "");
  expect(title?.textContent).toBe("Work as Ada");
  expect(document.activeElement).toBe(control("Reason"));
});

test("what was typed starts a session, by the least that it may do", async () => {
  await open();
  type("Reason", "  Cannot see the invoice ");
  type("Ticket (optional)", "SUP-1");
  type("Minutes (optional)", "15");
  await submit();
  expect(understudy.wanted).toEqual([
    {
      subjectId: "1",
      reason: "Cannot see the invoice",
      ticket: "SUP-1",
      minutes: 15,
      scope: "read_only",
    },
  ]);
  // The page goes elsewhere: until then nobody starts a second one.
  await after(() => button("Starting…").click());
  expect(understudy.wanted).toHaveLength(1);
});

test("what nobody is asked for the rules decide", async () => {
  await open({ ask: [] });
  expect(document.querySelectorAll("label")).toHaveLength(1);
  type("Reason", "Cannot see the invoice");
  await submit();
  expect(understudy.wanted).toEqual([
    {
      subjectId: "1",
      reason: "Cannot see the invoice",
      ticket: undefined,
      minutes: undefined,
      scope: undefined,
    },
  ]);
});

test("a ticket's own words stand in the fields", async () => {
  await open({ initial: { reason: "As in the ticket", ticket: "SUP-1", minutes: 5 } });
  const values = ["Reason", "Ticket (optional)", "Minutes (optional)"].map(
    (label) => control<HTMLInputElement>(label).value,
  );
  expect(values).toEqual(["As in the ticket", "SUP-1", "5"]);
});

test("what is wrong is said beside its field, which gets the focus and keeps what was typed", async () => {
  understudy.refusal = new Refusal("ticket_too_long", "That is too long.", { field: "ticket" });
  await open();
  type("Ticket (optional)", "SUP");
  await submit();
  const ticket = control<HTMLInputElement>("Ticket (optional)");
  expect([ticket.value, ticket.getAttribute("aria-invalid"), description(ticket)]).toEqual([
    "SUP",
    "true",
    "That is too long.",
  ]);
  expect(document.activeElement).toBe(ticket);
  expect(document.querySelector("[role=alert]")?.textContent).toBe("");
  expect(button("Start").hasAttribute("aria-disabled")).toBe(false);
});

test.each([
  [new Refusal("subject_unavailable", "This user cannot be impersonated."), "This user cannot be"],
  [new Refusal("not_found", "There is nothing here."), "You cannot impersonate users"],
  [new Refusal("not_signed_in", "Sign in again.", { signIn: "/login" }), "taken to the sign-in"],
  [new Refusal("ticket_missing", "A ticket is needed.", { field: "ticket" }), "A ticket is needed"],
  [new Error("odd") as Refusal, "Something went wrong"],
])("everything else is told at once, to screen readers too: %s", async (refusal, told) => {
  understudy.refusal = refusal;
  await open({ ask: [] });
  await submit();
  expect(document.querySelector("[role=alert]")?.textContent).toContain(told);
});

test("closing gives the focus back, however it is closed", async () => {
  const dialog = await open();
  await after(() => button("Cancel").click());
  expect(document.querySelector("dialog")).toBeNull();
  expect(document.activeElement).toBe(button("Impersonate"));
  await after(() => button("Impersonate").click());
  // As by Escape.
  await after(() => document.querySelector("dialog")?.close());
  expect(document.activeElement).toBe(button("Impersonate"));
  expect(dialog.isConnected).toBe(false);
});

test("a server renders the button alone, and the browser goes on from there", async () => {
  const { html } = await hydrate(buttonFor());
  expect(html).toContain("Impersonate");
  expect(html).not.toContain("dialog open");
  await after(() => button("Impersonate").click());
  expect(control("Reason")).toBeDefined();
});

test("nothing is styled in the markup, which many policies forbid", async () => {
  await open();
  expect(document.querySelectorAll("[style], style")).toHaveLength(0);
});

test("the app's own looks and words take the place of ours", async () => {
  await show(buttonFor({ className: "mine", children: "View as Ada", disabled: true }));
  const own = button("View as Ada");
  expect([own.className, own.disabled]).toEqual(["mine", true]);
});
