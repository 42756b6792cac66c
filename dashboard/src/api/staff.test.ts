import { afterEach, describe, expect, it } from "vitest";
import { inAnApp, SIGN_IN_AT } from "../test/staff";
import { signInAddress, staffPlaces } from "./staff";

let undo = () => {};
afterEach(() => undo());

describe("the app that signs staff in", () => {
  it("is told of by the page", () => {
    expect(staffPlaces()).toBeNull();
    undo = inAnApp();
    expect(staffPlaces()).toEqual({ signInAt: SIGN_IN_AT, home: "/shop" });
  });

  it("is none where the page says nothing of it", () => {
    undo = inAnApp();
    const told = document.querySelector<HTMLMetaElement>('meta[name="understudy-staff"]');
    if (told !== null) told.content = "";
    expect(staffPlaces()).toBeNull();
  });
});

describe("the address of its sign-in", () => {
  it("holds the page to come back to, of this dashboard alone", () => {
    expect(signInAddress(SIGN_IN_AT, "/users/ada?impersonate&reason=a%20b")).toBe(
      `/login?next=${encodeURIComponent("/users/ada?impersonate&reason=a%20b")}`,
    );
    expect(signInAddress(SIGN_IN_AT, "//evil.example/x")).toBe(
      `/login?next=${encodeURIComponent("/evil.example/x")}`,
    );
  });

  it("stays as it is where the app cannot come back", () => {
    expect(signInAddress("/login", "/users")).toBe("/login");
  });
});
