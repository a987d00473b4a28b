/** What configures npm on this machine. */
export interface NpmConfiguration {
  /** NPM_CONFIG_REGISTRY. */
  variable: string | undefined;
  /** Texts of the .npmrc files, the project's before the user's. */
  npmrcs: string[];
}

/**
 * The npm registry that Deno uses here: NPM_CONFIG_REGISTRY, the first .npmrc that names one, or Deno's default.
 * Access tokens in an .npmrc are not used.
 */
export async function npmRegistry(configuration?: NpmConfiguration): Promise<URL> {
  const { variable, npmrcs } = configuration ?? await readConfiguration();
  const [configured] = npmrcs.flatMap((npmrc) => /^\s*registry\s*=\s*"?([^\s"]+)/m.exec(npmrc)?.[1] ?? []);
  const registry = variable || configured || defaultRegistry();
  return new URL(registry.endsWith("/") ? registry : `${registry}/`);
}

async function readConfiguration(): Promise<NpmConfiguration> {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  const files = [new URL("../../../.npmrc", import.meta.url), ...(home ? [`${home}/.npmrc`] : [])];
  return {
    variable: Deno.env.get("NPM_CONFIG_REGISTRY"),
    npmrcs: await Promise.all(files.map((file) => Deno.readTextFile(file).catch(() => ""))),
  };
}

/** Deno keeps packages in a folder per registry, and names the folder of its default by the host alone. */
function defaultRegistry(): string {
  const host = /\/npm\/([^/]+)\/hono\//.exec(import.meta.resolve("hono"))?.[1];
  if (!host) throw new Error("Cannot tell which npm registry Deno uses; set NPM_CONFIG_REGISTRY");
  return `https://${host}/`;
}
