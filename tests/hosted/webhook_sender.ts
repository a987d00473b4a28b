/** Sends the webhook that its argument describes, as the worker does, and prints what came of it. */
const { sendWebhook } = await import("../../functions/_shared/integrations/webhooks/send.ts");
const { createRuntime } = await import("../../functions/_shared/runtime.ts");
const outcome = await sendWebhook(createRuntime(() => undefined), JSON.parse(Deno.args[0] ?? ""), 10_000);
// deno-lint-ignore no-console -- this is a command; the test reads it
console.log(JSON.stringify(outcome));
