// @vitest-environment node
import { describe, expect, it } from "vitest";
import { application, settings } from "../../test/made";
import { type Connection, type Way, waysToConnect } from "./snippet";
import { publishableKey } from "./snippet-clerk";

const URL_ = "https://understudy.example";

function way(id: Way["id"], change: Partial<Connection> = {}): Way {
  const found = waysToConnect({ url: URL_, application: application(), ...change }).find(
    (one) => one.id === id,
  );
  if (found === undefined) throw new Error(`There is no way ${id}.`);
  return found;
}

function codeOf(id: Way["id"], change: Partial<Connection> = {}): string {
  return way(id, change)
    .snippets.map(({ code }) => code)
    .join("\n");
}

describe("the code to paste", () => {
  it("names the service and the application in every way, and no secret", () => {
    for (const { id } of waysToConnect({ url: URL_, application: application() })) {
      expect(codeOf(id)).toContain(URL_);
      expect(codeOf(id)).toContain("…the application’s secret…");
    }
    for (const id of ["sdk", "stytch", "oauth"] as const) {
      expect(codeOf(id)).toContain("app_harbor");
    }
  });

  it("installs what is there: a checkout, and nothing by our name out of an index", () => {
    expect(codeOf("sdk")).toContain("pip install ./understudy");
    expect(codeOf("sdk")).not.toMatch(/pip install understudy/);
  });

  it("takes Stytch’s client for the application’s vertical", () => {
    const consumer = application({ vertical: "consumer" });
    expect(codeOf("stytch")).toContain("stytch.B2BClient(");
    expect(codeOf("stytch", { application: consumer })).toContain("stytch.Client(");
  });

  it("tells Stytch’s SDKs of plain http by the way that they take", () => {
    expect(codeOf("stytch")).toContain(`custom_base_url="${URL_}"`);
    const code = codeOf("stytch", { url: "http://127.0.0.1:8700" });
    expect(code).toContain('environment="http://127.0.0.1:8700"');
    expect(code).toContain('env: "http://127.0.0.1:8700"');
    expect(code).not.toContain("custom_base_url");
  });

  it("lets an OAuth library use plain http only where there is nothing else", () => {
    expect(codeOf("oauth")).not.toContain("allowInsecureRequests");
    expect(codeOf("oauth", { url: "http://127.0.0.1:8700" })).toContain("allowInsecureRequests");
  });

  it("gives Clerk’s SDKs each the address that it takes", () => {
    expect(codeOf("clerk")).toContain(`CLERK_API_URL=${URL_}/clerk\n`);
    expect(codeOf("clerk")).toContain(`server_url="${URL_}/clerk/v1"`);
    expect(publishableKey("understudy.example")).toBe("pk_live_dW5kZXJzdHVkeS5leGFtcGxlJA");
  });

  it("opens our SDK to the hand-off that the application uses", () => {
    expect(codeOf("sdk")).not.toContain("hand_offs");
    const stytch = application({ settings: settings({ hand_off: "stytch" }) });
    expect(codeOf("sdk", { application: stytch })).toContain('hand_offs=("code", "stytch")');
  });
});

describe("what stops people who do not know it", () => {
  it("is said, and nothing else", () => {
    expect(way("clerk").note).toBeNull();
    expect(way("clerk", { url: "http://localhost:8700" }).note).toContain("“localhost:8700”");
    expect(way("stytch").note).toContain("hand-off");
    const stytch = application({ settings: settings({ hand_off: "stytch" }) });
    expect(way("stytch", { application: stytch }).note).toBeNull();
    expect(way("stytch", { url: `${URL_}/tools` }).note).toContain("host of its own");
    expect(way("oauth").note).toBeNull();
  });
});
