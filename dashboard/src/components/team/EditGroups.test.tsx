import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { operator } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { EditGroups } from "./EditGroups";

const sam = operator({ id: "opr_sam", groups: ["billing"] });

it("says which groups a colleague is in, all of them", async () => {
  const calls = service({
    "GET /operators": { items: [sam, operator({ id: "opr_kim", groups: ["leads"] })] },
    "PATCH /operators/opr_sam": sam,
  });
  const changed: string[] = [];
  await show(
    <EditGroups
      operator={sam}
      onClose={() => changed.push("closed")}
      onChanged={async () => changed.push("changed")}
    />,
  );
  await userEvent.type(screen.getByLabelText("Groups", { selector: "input" }), "leads{Enter}");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(changed).toEqual(["changed", "closed"]));
  expect(calls.at(-1)?.body).toEqual({ groups: ["billing", "leads"] });
});

it("warns where the app has the last word", async () => {
  service({ "GET /operators": { items: [] } });
  const props = { onClose: () => undefined, onChanged: async () => undefined };
  await show(<EditGroups operator={operator({ signed_in_by: "app" })} {...props} />);
  expect(screen.getByText(/its word replaces yours/)).toBeTruthy();
});

it("does not send what is no group", async () => {
  service({ "GET /operators": { items: [] } });
  const props = { onClose: () => undefined, onChanged: async () => undefined };
  await show(<EditGroups operator={sam} {...props} />);
  await userEvent.type(screen.getByLabelText("Groups", { selector: "input" }), "A B{Enter}");
  expect(screen.getByText("Small letters, digits, - and _")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
});
