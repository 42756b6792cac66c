import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { application, session, settings } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { OtherSessions } from "./OtherSessions";

const AS_ADA = session();

it("says whose session a launch ends in an app that holds one at a time", async () => {
  service({ "GET /sessions": page(AS_ADA) });
  await show(<OtherSessions application={application()} subjectId="boris" />);
  await screen.findByText("Your session as Ada Lovelace in Harbor ends when you launch this one.");
  expect(screen.queryByRole("button")).toBeNull();
});

it("says that both stay where each session has an address of its own", async () => {
  service({ "GET /sessions": page(AS_ADA) });
  const apart = settings({ session_origins: "https://*.view.app.example" });
  const harbor = application({ settings: apart });
  await show(<OtherSessions application={harbor} subjectId="boris" />);
  await screen.findByText(/Ada Lovelace in Harbor goes on: .* both stay side by side\./);
  expect(screen.queryByText(/ends when/)).toBeNull();
});

it("says once of many that they stay side by side", async () => {
  const other = session({ id: "ses_2", grant_id: "grt_2" });
  service({ "GET /sessions": page(AS_ADA, other) });
  const apart = settings({ session_origins: "https://*.view.app.example" });
  await show(<OtherSessions application={application({ settings: apart })} subjectId="ada" />);
  await screen.findByText(/^Your 2 sessions in Harbor go on: .* all stay side by side\.$/);
  expect(screen.getAllByRole("button", { name: "Open the app as Ada Lovelace" })).toHaveLength(1);
});

it("offers the session that is there already, to whoever asks for the same user again", async () => {
  service({ "GET /sessions": page(AS_ADA) });
  await show(<OtherSessions application={application()} subjectId="ada" />);
  const button = await screen.findByRole("button", { name: "Open the app as Ada Lovelace" });
  expect(button.closest("form")?.getAttribute("action")).toBe("/api/v1/grants/grt_1/launch");
});

it("says nothing of other apps, nor of the very session that is launched", async () => {
  const elsewhere = session({ id: "ses_2", grant_id: "grt_2", application_id: "app_shop" });
  const calls = service({ "GET /sessions": page(AS_ADA, elsewhere) });
  await show(
    <main>
      <OtherSessions application={application()} subjectId="ada" grantId="grt_1" />
    </main>,
  );
  await waitFor(() => expect(calls).toHaveLength(1));
  await new Promise((done) => setTimeout(done, 50));
  expect(screen.getByRole("main").textContent).toBe("");
});
