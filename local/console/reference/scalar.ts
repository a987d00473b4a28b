import { join } from "node:path";
import { npmRegistry } from "./registry.ts";
import { fileOfTar } from "./tar.ts";

const version = "1.72.1";

/**
 * SHA-512 of `dist/browser/standalone.js` in `@scalar/api-reference` of this version. To change the version: unpack
 * `npm pack @scalar/api-reference` and run `openssl dgst -sha512 -binary standalone.js | base64 -w0`.
 */
const standaloneSha512 =
  "tU3J4euEo5lXIMy42HF4KUTdundzAMuHoOw2Z0WquNAbdigLVdAyOGPJJoCmhiSNVRnSgfNqbB1VdiIfNATEMg==";

/** Where the console serves Scalar. */
export const scalarPath = `/console/scalar-${version}.js`;

/** What browsers check before they run it. */
export const scalarIntegrity = `sha512-${standaloneSha512}`;

/** Where Scalar comes from. */
export interface ScalarSource {
  registry(): Promise<URL>;
  /** SHA-512 of the script, in base64. */
  sha512: string;
}

/** The script in the package's archive. */
const standalone = "package/dist/browser/standalone.js";

/**
 * Answers Scalar's script: from `folder`, else from the npm registry, once for all callers. As a dependency it would
 * bring 268 packages (93 MB) to everybody who starts the stack; this is one file (6 MB) at the first reference viewed.
 *
 * @throws {Error} when the registry does not answer, or answers something else
 */
export function scalarLoader(
  folder: string | null,
  source: ScalarSource = { registry: () => npmRegistry(), sha512: standaloneSha512 },
): () => Promise<Uint8Array<ArrayBuffer>> {
  let loading: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return () => {
    loading ??= load(folder && join(folder, `scalar-${version}.js`), source).catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

async function load(path: string | null, source: ScalarSource): Promise<Uint8Array<ArrayBuffer>> {
  const kept = path ? await Deno.readFile(path).catch(() => null) : null;
  if (kept && await sha512(kept) === source.sha512) return kept;
  const script = await download(await source.registry());
  if (await sha512(script) !== source.sha512) {
    throw new Error("The registry's Scalar is not the expected one");
  }
  if (path) await Deno.writeFile(path, script).catch(() => {});
  return script;
}

async function download(registry: URL): Promise<Uint8Array<ArrayBuffer>> {
  const archive = new URL(`@scalar/api-reference/-/api-reference-${version}.tgz`, registry);
  const response = await fetch(archive, { signal: AbortSignal.timeout(120_000) });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`The npm registry answered ${response.status}`);
  }
  const files = response.body.pipeThrough(new DecompressionStream("gzip"));
  return await fileOfTar(files, standalone);
}

async function sha512(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", bytes)).toBase64();
}
