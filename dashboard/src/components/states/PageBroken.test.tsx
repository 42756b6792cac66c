import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { ApiProblem, Unreachable } from "../../api/problem";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { PageBroken } from "./PageBroken";

const STATUS = "GET /_understudy/status";
const NOT_LOADED = new TypeError("Failed to fetch dynamically imported module");

function broken(error: Error) {
  return show(<PageBroken error={error} reset={() => undefined} />);
}

it("says whom the browser works as where a script is refused, and leads to the end of it", async () => {
  service({
    [STATUS]: { impersonating: true, subject: { id: "1", email: null, name: "Ada Byron" } },
  });
  await broken(NOT_LOADED);
  expect(await screen.findByRole("heading", { name: "You are working as Ada Byron" })).toBeTruthy();
  const end = screen.getByRole("link", { name: "End the session…" });
  expect(end.getAttribute("href")).toBe("/_understudy/end");
});

it("says so where the service itself has refused for that reason", async () => {
  service({ [STATUS]: { impersonating: true, subject: { id: "ada", email: "", name: null } } });
  await broken(new ApiProblem(403, { code: "nested" }));
  expect(await screen.findByRole("heading", { name: "You are working as ada" })).toBeTruthy();
});

it.each([
  ["nobody is worked as", () => ({ impersonating: false })],
  ["there is no guard", () => new Response("<!doctype html>", { status: 404 })],
  ["something else answers", () => new Response("<!doctype html>")],
])("says that the page broke where %s", async (_, answer) => {
  service({ [STATUS]: answer });
  await broken(NOT_LOADED);
  expect(await screen.findByText("Something broke in this page")).toBeTruthy();
});

it("asks nobody where the reason is known", async () => {
  const calls = service({});
  await broken(new Unreachable(null));
  expect(screen.getByText("The service cannot be reached")).toBeTruthy();
  expect(calls).toEqual([]);
});
