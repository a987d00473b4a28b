/** Writes the receipt that its argument describes, as consulting does, and prints the link to it. */
const { linkReceipt } = await import("../../functions/_shared/integrations/receipt_files.ts");
const { denoRuntime } = await import("../../functions/_shared/runtime.ts");
// deno-lint-ignore no-console -- this is a command; the test reads it
console.log(await linkReceipt(denoRuntime(), JSON.parse(Deno.args[0] ?? "")));
