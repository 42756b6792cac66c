// Verifies messages as a receiver in Node does: with `standardwebhooks` and with `svix`.
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

const input = await new Response(process.stdin).json();

function verdict(Library, headers) {
  try {
    return { ok: true, payload: new Library(input.secret).verify(input.body, headers) };
  } catch (error) {
    return { ok: false, error: error.message };
  }
}

const only = (family) =>
  Object.fromEntries(Object.entries(input.headers).filter(([name]) => name.startsWith(family)));

process.stdout.write(
  JSON.stringify({
    standardwebhooks: verdict(StandardWebhook, only("webhook-")),
    svix: verdict(SvixWebhook, only("svix-")),
    svixByOtherNames: verdict(SvixWebhook, only("webhook-")),
  }),
);
