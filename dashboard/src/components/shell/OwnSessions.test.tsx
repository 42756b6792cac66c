import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { session } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { OwnSessions } from "./OwnSessions";

const FOUR = ["1", "2", "3", "4"].map((n) => session({ id: `ses_${n}`, grant_id: `grt_${n}` }));

it("shows two strips, and leads to the others", async () => {
  service({ "GET /sessions": page(...FOUR) });
  await show(<OwnSessions />);
  const more = await screen.findByRole("link", { name: "And 2 more of your live sessions" });
  expect(more.getAttribute("href")).toBe("/sessions");
  expect(screen.getAllByRole("button", { name: "End" })).toHaveLength(2);
});

it("leads nowhere else where it shows all", async () => {
  service({ "GET /sessions": page(...FOUR.slice(2)) });
  await show(<OwnSessions />);
  expect(await screen.findAllByRole("button", { name: "End" })).toHaveLength(2);
  expect(screen.queryByRole("link")).toBeNull();
});
