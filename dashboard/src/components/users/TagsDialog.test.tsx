import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { application, subject } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { SubjectFacts } from "./SubjectFacts";
import { TagsDialog } from "./TagsDialog";

it("saves the tags of a user and says nothing else of them", async () => {
  const calls = service({ "PUT /subjects/ada": subject({ tags: ["late", "vip"] }) });
  await show(<TagsDialog subject={subject({ tags: ["late"] })} onClose={() => undefined} />);
  await userEvent.type(screen.getByLabelText("Tags", { selector: "input" }), "vip{Enter}");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.body).toEqual({ tags: ["late", "vip"] });
});

it("shows them beside what else is known", async () => {
  await show(
    <SubjectFacts subject={subject({ tags: ["late", "vip"] })} application={application()} />,
  );
  expect(screen.getByText("late, vip")).toBeTruthy();
});
