import { type ReactElement, version } from "react";
import { renderToString } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { UnderstudyProvider, useImpersonation } from "../src/index.ts";
import { FakeUnderstudy, OVER, SESSION } from "./app.ts";
import { after, hydrate, show } from "./page.tsx";

function Who(): ReactElement {
  const { known, impersonation, ending } = useImpersonation();
  if (impersonation) return <p>as {impersonation.subject.name}</p>;
  return <p>{ending ? ending.message : known ? "nobody" : "unknown"}</p>;
}

function App({ understudy }: { readonly understudy: FakeUnderstudy }): ReactElement {
  return (
    <UnderstudyProvider understudy={understudy}>
      <Who />
    </UnderstudyProvider>
  );
}

test("these tests run with the React that they name", () => {
  expect(version.split(".")[0]).toBe(process.env.REACT);
});

test("a component shows the session and its end as they come", async () => {
  const understudy = new FakeUnderstudy();
  const place = await show(<App understudy={understudy} />);
  const seen = [place.textContent];
  for (const status of [SESSION, OVER, { ...OVER, cause: null }]) {
    await after(() => understudy.tells(status));
    seen.push(place.textContent);
  }
  expect(seen).toEqual(["unknown", "as Ada", "It was revoked.", "nobody"]);
});

test("a server knows nobody, and the browser goes on from its markup", async () => {
  const { html, place } = await hydrate(<App understudy={new FakeUnderstudy(SESSION)} />);
  expect(html).toContain("unknown");
  expect(place.textContent).toBe("as Ada");
});

test("a provider makes its own for a prefix, once", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return Response.json({ impersonating: false });
  });
  const place = await show(
    <UnderstudyProvider prefix="/app/_support">
      <Who />
    </UnderstudyProvider>,
  );
  await after(() => {});
  expect(place.textContent).toBe("nobody");
  expect(new Set(asked)).toEqual(new Set(["/app/_support/status"]));
});

test("without a provider a component says what is missing", () => {
  expect(() => renderToString(<Who />)).toThrow("UnderstudyProvider");
});
