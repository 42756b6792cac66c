// puppeteer-core over WebDriver BiDi: a Firefox in which something is typed for one person, then
// something happens, then it is sent. Cells come in by JSON; what each then had in its fields goes out.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import puppeteer from "puppeteer-core";

const { firefox, ownOrigin, cells } = JSON.parse(readFileSync(0, "utf8"));
const CALLS = ["fetch", "XHR", "beacon"];
const FIELDS = ["#typed", ...["Enter", "submit()", "click"].map((how) => `[id="${how}"] input`)];
const QUIET_MS = 400;

const happenings = {
  nothing: async () => {},
  "second launch": async ({ context, second }) => {
    await launched(await context.newPage(), second, "bob");
  },
  "ended elsewhere": async ({ context, origin }) => {
    const page = await context.newPage();
    await page.goto(`${origin}/_understudy/end`);
    await Promise.all([page.waitForNavigation(), page.click("button")]);
  },
  Back: async ({ page, second }) => {
    await launched(page, second, "bob");
    await page.goBack();
  },
  reload: async ({ context, page, second }) => {
    await launched(await context.newPage(), second, "bob");
    await page.reload();
  },
};

async function launched(page, address, user) {
  await page.goto(address);
  await page.waitForFunction(
    (name) => document.querySelector("#who")?.innerText === name,
    {},
    user,
  );
  return new URL(page.url()).origin;
}

async function type(page, text) {
  for (const field of FIELDS) {
    await page.focus(field);
    await page.keyboard.type(text);
  }
}

/** Sends what stands in the fields, each by its way; the click last, as it leads away. */
async function send(page) {
  if (!(await page.$("#typed"))) return;
  await page.evaluate((names) => window.sendAll(names), CALLS);
  await page.focus('[id="Enter"] input');
  await page.keyboard.press("Enter");
  await page.$eval('[id="submit()"]', (form) => form.submit());
  await pause(QUIET_MS);
  await page.bringToFront();
  await page.click('[id="click"] button');
  await pause(QUIET_MS);
}

async function run(browser, { happening, first, second, text }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(`${ownOrigin}/log-in?as=agent`);
  const origin = await launched(page, first, "ada");
  // Another address than where a launch leads: coming there again makes no step in the history.
  await page.goto(`${origin}/of/ada`);
  await type(page, text);
  await happenings[happening]({ context, page, origin, second });
  const typed = await page.$$eval(FIELDS.join(), (fields) => fields.map((field) => field.value));
  await send(page);
  await context.close();
  return typed;
}

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: firefox,
  headless: true,
});
try {
  const results = [];
  for (const cell of cells) results.push(await run(browser, cell));
  process.stdout.write(JSON.stringify(results));
} finally {
  await browser.close();
}
