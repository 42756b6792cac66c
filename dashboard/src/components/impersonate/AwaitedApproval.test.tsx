import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { application, approval, approvalRequest, grant } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { LaunchPanel } from "./LaunchPanel";

const waiting = grant({ status: "pending", quorum: 2 });

it("goes on to the launch by itself once enough agree", async () => {
  let asked = 0;
  service({
    "GET /grants/grt_1": () => {
      asked += 1;
      return asked < 2 ? waiting : grant({ quorum: 2 });
    },
    "GET /grants/grt_1/approvals": approvalRequest({ approvals: [approval()], agreed: 1 }),
  });
  await show(<LaunchPanel grant={waiting} application={application()} />);
  expect(await screen.findByText("Waiting for a colleague to agree…")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Launch/ })).toBeNull();
  expect(await screen.findByText(/1 of 2 agree/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Cancel the request" })).toBeTruthy();
  const launch = { name: "Launch in new tab" };
  expect(await screen.findByRole("button", launch, { timeout: 6_000 })).toBeTruthy();
}, 20_000);

it("tells who said no, and why", async () => {
  const denied = grant({ status: "denied", quorum: 1 });
  service({
    "GET /grants/grt_1": denied,
    "GET /grants/grt_1/approvals": approvalRequest({
      approvals: [approval({ agreed: false, note: "Ask Ada first." })],
    }),
  });
  await show(<LaunchPanel grant={denied} application={application()} onClose={() => {}} />);
  expect(await screen.findByText(/Ask Ada first/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Launch|Cancel/ })).toBeNull();
});
