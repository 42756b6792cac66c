import { screen } from "@testing-library/react";
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

async function choose(file: File, report: Record<string, unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const type = request.headers.get("Content-Type");
    sent.push({ url: new URL(request.url), type, text: await request.text() });
    return Response.json({ unranked: NOTHING, ...report });
  });
  await show(<ImportDialog application={application()} opened onClose={() => {}} />);
  await userEvent.upload(await screen.findByLabelText("File with users"), file);
  return sent;
}

it("sends the file as it is and says how many rows were saved", async () => {
  const file = new File(["id,email\nada,ada@x.example\n"], "users.csv", { type: "text/csv" });
  const report = { saved: 1, unchanged: 2, problems: [], problem_count: 0 };
  const sent = await choose(file, report);
  expect(await screen.findByText("1 saved, 2 unchanged")).toBeTruthy();
  expect(sent.map(({ type }) => type)).toEqual(["text/csv"]);
  expect(sent[0]?.url.search).toBe("?application_id=app_harbor");
});

it("says line by line what is wrong, and how many more problems there are", async () => {
  const problems = [{ line: 3, code: "id_missing", detail: "Every row needs an id." }];
  const report = { saved: 0, unchanged: 0, problems, problem_count: 40 };
  const sent = await choose(new File(["{}"], "users.ndjson"), report);
  expect(await screen.findByText("0 saved, 40 with a problem")).toBeTruthy();
  expect(screen.getByText("Line 3: Every row needs an id.")).toBeTruthy();
  expect(screen.getByText(/and 39 more/)).toBeTruthy();
  expect(sent[0]?.type).toBe("application/x-ndjson");
});

it("says which roles have no rank, and how many users hold them", async () => {
  const unranked = { users: 1, roles: [{ role: "editor", users: 1 }], role_count: 1 };
  const report = { saved: 1, unchanged: 0, problems: [], problem_count: 0, unranked };
  await choose(new File(["id,roles\nada,editor\n"], "users.csv"), report);
  expect(await screen.findByText("1 user holds roles without a rank: editor (1).")).toBeTruthy();
});
