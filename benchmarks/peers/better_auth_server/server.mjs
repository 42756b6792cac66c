// better-auth with its admin plugin on SQLite, set up as its documentation does; only rate limits and
// telemetry are off.
//
//   node server.mjs DATABASE PORT CALLERS PEOPLE JOURNAL
//
// JOURNAL is SQLite's journal mode: "delete" unless somebody changes it, or the faster "wal".
// Listens once the file PEOPLE says what each caller needs: cookies, and whom to become.
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { admin } from "better-auth/plugins";

const [file, port, callers, people, journal] = process.argv.slice(2);
const database = new DatabaseSync(file);
database.exec(`PRAGMA journal_mode=${journal}; PRAGMA synchronous=FULL;`);
const options = {
  database,
  baseURL: `http://127.0.0.1:${port}`,
  secret: "the same in every process of a run",
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [admin()],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
const auth = betterAuth(options);

async function signUp(name) {
  const body = { name, email: `${name}@example.com`, password: "a long enough password" };
  const { headers, response } = await auth.api.signUpEmail({ body, returnHeaders: true });
  const pairs = headers.getSetCookie().map((cookie) => cookie.split(";")[0].split(/=(.*)/s));
  return { id: response.user.id, cookies: Object.fromEntries(pairs.map((pair) => pair.slice(0, 2))) };
}

async function caller(_, number) {
  const agent = await signUp(`agent-${number}`);
  database.prepare("UPDATE user SET role = 'admin' WHERE id = ?").run(agent.id);
  const user = await signUp(`user-${number}`);
  return { cookies: agent.cookies, user_id: user.id };
}

const made = await Promise.all(Array.from({ length: Number(callers) }, caller));
writeFileSync(people, JSON.stringify(made), { mode: 0o600 });
createServer(toNodeHandler(auth)).listen(Number(port), "127.0.0.1");
