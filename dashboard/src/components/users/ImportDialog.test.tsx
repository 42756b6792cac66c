import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { application } from "../../test/made";
import { show } from "../../test/render";
import { ImportDialog } from "./ImportDialog";

const NOTHING = { users: 0, roles: [], role_count: 0 };

interface Sent {
  url: URL;
  type: string | null;
  text: string;
}

const ADA = {
  id: "ada",
  email: "ada@x.example",
  name: null,
  organization_id: null,
  organization_name: null,
  roles: ["owner", "x"],
  protected: true,
  tags: null,
};
const PREVIEW = {
  columns: ["id", "mail", "plan"],
  unread: ["plan"],
  read: { id: "id", email: "mail", roles: "roles", protected: "protected" },
  rows: [ADA],
  row_count: 3,
  problems: [],
  problem_count: 0,
  removed: null,
  user_count: null,
  many: false,
};
const REPORT = { saved: 1, unchanged: 2, removed: 0, unread: [], problems: [], problem_count: 0 };
const PROBLEM = { line: 3, row: null, column: "mail", code: "id_missing", detail: "No id." };

async function choose(
  file: File,
  preview: Record<string, unknown>,
  report: Record<string, unknown> = REPORT,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    const type = request.headers.get("Content-Type");
    sent.push({ url, type, text: await request.text() });
    return Response.json(
      url.pathname.endsWith("/preview") ? preview : { unranked: NOTHING, ...report },
    );
  });
  await show(<ImportDialog application={application()} opened onClose={() => {}} />);
  await userEvent.upload(await screen.findByLabelText("File with users"), file);
  return sent;
}

it("shows the first users before anything is saved, then saves the file as it is", async () => {
  const file = new File(["id,mail\nada,ada@x.example\n"], "users.csv", { type: "text/csv" });
  const sent = await choose(file, PREVIEW);
  expect(await screen.findByText("ada@x.example")).toBeTruthy();
  expect(screen.getByText("owner, x")).toBeTruthy();
  expect(screen.getByText(/and 2 more/)).toBeTruthy();
  expect(screen.getByText(/Not read: plan/)).toBeTruthy();
  expect(sent.map(({ url }) => url.pathname)).toEqual(["/api/v1/subjects/import/preview"]);
  await userEvent.click(screen.getByRole("button", { name: "Import 3 users" }));
  expect(await screen.findByText("1 saved, 2 unchanged")).toBeTruthy();
  expect(sent[1]?.url.pathname).toBe("/api/v1/subjects/import");
  expect(sent.map(({ type }) => type)).toEqual(["text/csv", "text/csv"]);
  expect(sent.map(({ url }) => url.search)).toEqual(Array(2).fill("?application_id=app_harbor"));
});

it("reads anew when somebody says whose export it is or which column is which", async () => {
  const sent = await choose(new File(["[]"], "users.json"), PREVIEW);
  await screen.findByText("ada@x.example");
  expect(screen.getByLabelText("Id").getAttribute("placeholder")).toBe("needed");
  expect(screen.getByLabelText("E-mail").getAttribute("placeholder")).toBe("stays as it is");
  await userEvent.selectOptions(screen.getByLabelText("users.json has"), "Auth0");
  await waitFor(() => expect(sent.at(-1)?.url.searchParams.get("preset")).toBe("auth0"));
  await userEvent.type(screen.getByLabelText("Name"), "first + last{enter}");
  await waitFor(() =>
    expect(sent.at(-1)?.url.searchParams.getAll("map")).toEqual(["name=first + last"]),
  );
  await userEvent.clear(screen.getByLabelText("Roles"));
  await userEvent.tab();
  await waitFor(() =>
    expect(sent.at(-1)?.url.searchParams.getAll("map")).toEqual(["name=first + last", "roles="]),
  );
  expect(new Set(sent.map(({ type }) => type))).toEqual(new Set(["application/json"]));
  await userEvent.click(screen.getByRole("button", { name: "Import 3 users" }));
  await screen.findByText("1 saved, 2 unchanged");
  expect(sent.at(-1)?.url.search).toBe(sent.at(-2)?.url.search);
});

it("says where something is wrong, and saves the good rows only when that is asked for", async () => {
  const preview = { ...PREVIEW, problems: [PROBLEM], problem_count: 40 };
  const report = { ...REPORT, problems: [{ ...PROBLEM, row: 2 }], problem_count: 40 };
  const sent = await choose(new File(["{}"], "users.ndjson"), preview, report);
  expect(await screen.findByText("Line 3, column mail: No id.")).toBeTruthy();
  expect(screen.getByText(/and 39 more/)).toBeTruthy();
  const button = screen.getByRole("button", { name: "Import 3 users" });
  expect(button).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByLabelText(/Save the good rows/));
  await userEvent.click(button);
  expect(await screen.findByText("1 saved, 2 unchanged, 40 with a problem")).toBeTruthy();
  expect(screen.getByText("Row 2, line 3, column mail: No id.")).toBeTruthy();
  expect(sent.at(-1)?.url.searchParams.get("partial")).toBe("true");
  expect(sent.at(-1)?.type).toBe("application/x-ndjson");
});

it("removes many only when somebody agrees to as many, and tells how many went", async () => {
  const preview = { ...PREVIEW, removed: 7, user_count: 20, many: true };
  const sent = await choose(new File([""], "all.csv"), preview, { ...REPORT, removed: 7 });
  await screen.findByText("ada@x.example");
  await userEvent.click(screen.getByLabelText(/This file has everybody/));
  await waitFor(() => expect(sent.at(-1)?.url.searchParams.get("mode")).toBe("sync"));
  const button = screen.getByRole("button", { name: "Import 3 users" });
  expect(button).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByLabelText("Remove 7 of 20 users"));
  await userEvent.click(button);
  expect(await screen.findByText("1 saved, 2 unchanged, 7 removed")).toBeTruthy();
  expect(sent.at(-1)?.url.searchParams.get("remove_at_most")).toBe("7");
});

it("says how few would be removed, and removes nobody by a file with a fault", async () => {
  const few = { ...PREVIEW, removed: 1, user_count: 20 };
  await choose(new File([""], "all.csv"), few);
  expect(await screen.findByText("1 of 20 users would be removed.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Import 3 users" })).toHaveProperty("disabled", false);
  cleanup();
  await choose(new File([""], "all.csv"), { ...few, problems: [PROBLEM], problem_count: 1 });
  expect(await screen.findByText(/Nobody is removed by a file/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Import 3 users" })).toHaveProperty("disabled", true);
});

it("says which roles have no rank, and how many users hold them", async () => {
  const unranked = { users: 1, roles: [{ role: "editor", users: 1 }], role_count: 1 };
  const report = { ...REPORT, unranked };
  await choose(new File(["id,roles\nada,editor\n"], "users.csv"), PREVIEW, report);
  await userEvent.click(await screen.findByRole("button", { name: "Import 3 users" }));
  expect(await screen.findByText("1 user holds roles without a rank: editor (1).")).toBeTruthy();
});
