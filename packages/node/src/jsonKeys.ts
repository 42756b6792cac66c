/** Whether JSON names a member twice: `JSON.parse` takes the last one, another reader the first. */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/** Whether any object in `text`, which is JSON, has two members of one name. */
export function hasKeyTwice(text: string): boolean {
  const levels: (Set<string> | null)[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") levels.push(new Set());
    else if (token === "[") levels.push(null);
    else if (token === "}" || token === "]") levels.pop();
    else if (token === ":" && !isNew(levels.at(-1), last)) return true;
    last = token;
  }
  return false;
}

function isNew(names: Set<string> | null | undefined, token: string): boolean {
  // By what the name means: letters may be written as escapes.
  const name: unknown = JSON.parse(token);
  if (!names || typeof name !== "string") return true;
  const isNewName = !names.has(name);
  names.add(name);
  return isNewName;
}
