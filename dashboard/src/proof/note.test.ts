// @vitest-environment node
import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/audit/signed_notes.json";
import { MalformedProof } from "./bytes";
import { parseNote, parseVerifier, signedBy } from "./note";

const [first] = vectors;
if (first === undefined) throw new Error("There are no vectors.");

describe("a signed note", () => {
  it.each(vectors)("verifies: $source", async ({ vkey, text, note }) => {
    const parsed = parseNote(note);
    expect(parsed.text).toBe(text);
    expect(await signedBy(parsed, await parseVerifier(vkey))).toBe("signed");
  });

  it("is forged once a letter of its text differs", async () => {
    const parsed = parseNote(first.note.replace("example", "Example"));
    expect(await signedBy(parsed, await parseVerifier(first.vkey))).toBe("forged");
  });

  it("is not signed by a key that does not stand below it", async () => {
    const [, second] = vectors;
    const verifier = await parseVerifier(second?.vkey ?? "");
    expect(await signedBy(parseNote(first.note), verifier)).toBe("absent");
  });

  it.each([
    "",
    "text\n",
    "text\n\n",
    "text\n\nno dash AAAAAAAA\n",
    "text\n\n— name\n",
    "text\n\n— name AAAA\n",
    "text\n\n— name AAAAAAA=\n ",
    "te\txt\n\n— name AAAAAAAA\n",
    "text\r\n\n— name AAAAAAAA\n",
  ])("is refused when it is %j", (note) => {
    expect(() => parseNote(note)).toThrow(MalformedProof);
  });
});

describe("a verifier key", () => {
  it.each([
    "",
    "name",
    "name+00000000+AAAA",
    first.vkey.replace("530d903a", "530d903b"),
    first.vkey.replace("foo", "bar"),
    first.vkey.replace("+Aeky", "+Bfky"),
  ])("is refused when it is %j", async (vkey) => {
    await expect(parseVerifier(vkey)).rejects.toThrow(MalformedProof);
  });
});
