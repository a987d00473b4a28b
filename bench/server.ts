/** A server in a process of its own, which prints its port. */
export interface Server {
  url: string;
  stop(): Promise<void>;
}

const root = new URL("../", import.meta.url);

/** Starts a module that serves on a free port and prints `port N`. */
export async function startServer(
  module: string,
  args: string[] = [],
  flags: string[] = [],
): Promise<Server> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ...flags, module, ...args],
    cwd: root,
    stdout: "piped",
  }).spawn();
  let output = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (!/port \d+/.test(output)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`${module} ended: ${output}`);
    output += value;
  }
  reader.releaseLock();
  return {
    url: `http://127.0.0.1:${/port (\d+)/.exec(output)?.[1]}`,
    async stop() {
      child.kill("SIGKILL");
      await child.status;
      await child.stdout.cancel().catch(() => {});
    },
  };
}
