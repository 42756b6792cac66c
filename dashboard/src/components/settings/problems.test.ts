import { expect, it } from "vitest";
import { application } from "../../test/made";
import { draftOf } from "./draft";
import { problemsOf } from "./problems";

const found = (change: object) => {
  const draft = draftOf(application());
  return problemsOf({ ...draft, approval: { ...draft.approval, ...change } });
};

it("wants a role or a group where somebody has to agree", () => {
  expect(found({ quorum: 1, roles: [] })["approval.roles"]).toBe("Say who may agree");
  expect(found({ quorum: 1, roles: [], groups: ["leads"] })).toEqual({});
  expect(found({ quorum: 0, roles: [] })).toEqual({});
});

it("knows what a group is called", () => {
  expect(Object.keys(found({ groups: ["leads", "The Leads"] }))).toEqual(["approval.groups"]);
});
