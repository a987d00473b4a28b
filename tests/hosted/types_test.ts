import assert from "node:assert/strict";
import { hasNpx, hostedDeno, hostedDenoEnv, run } from "./commands.ts";

const root = new URL("../../", import.meta.url);
// deno-lint-ignore no-console -- the reader of the tests' output should know
if (!hasNpx) console.log("Skipped without npx: hosted Supabase's Deno 2.1.4 comes from npm.");

// What a newer runtime alone has, such as `Uint8Array.prototype.toHex`, is missing where it is called, perhaps late.
Deno.test({
  name: "the functions use nothing that hosted Supabase's Deno 2.1.4 does not know",
  ignore: !hasNpx,
  async fn() {
    const modules: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(new URL("functions/", root))) {
      if (isDirectory && name !== "_shared") modules.push(`functions/${name}/index.ts`);
    }
    const { code, stderr } = await run(await hostedDeno(), ["check", "--no-lock", ...modules], {
      cwd: root,
      env: hostedDenoEnv,
    });
    assert.equal(code, 0, stderr);
  },
});
