/**
 * Writes docs/openapi/<function>.json, what each function serves at /openapi.json.
 *
 *   deno task openapi            write
 *   deno task openapi --check    fail when a committed document differs
 */
import { hostFunctions } from "../local/functions.ts";
import { functionEnvironment } from "../local/function_environment.ts";
import { loadKeys } from "../local/keys.ts";

// deno-lint-ignore no-console -- this is a command; it talks to whoever runs it
const say = console.log;

const folder = new URL("../docs/openapi/", import.meta.url);
const isCheck = Deno.args.includes("--check");
const functions = hostFunctions(functionEnvironment("http://127.0.0.1", await loadKeys(null)), {
  write: () => {},
});

let differing = 0;
await Deno.mkdir(folder, { recursive: true });
for (const name of functions.names) {
  const url = `http://127.0.0.1/functions/v1/${name}/openapi.json`;
  const response = await functions.fetch(new Request(url), "127.0.0.1");
  const text = `${JSON.stringify(await response.json(), null, 2)}\n`;
  const file = new URL(`${name}.json`, folder);
  if (!isCheck) {
    await Deno.writeTextFile(file, text);
  } else if (await Deno.readTextFile(file).catch(() => "") !== text) {
    say(`docs/openapi/${name}.json differs from what the function serves: run deno task openapi`);
    differing++;
  }
}
Deno.exit(differing > 0 ? 1 : 0);
