/** Requests per second that `wrk` gets out of a URL. */
export async function httpLoad(
  url: string,
  { connections, seconds, headers = {}, body }: {
    connections: number;
    seconds: number;
    headers?: Record<string, string>;
    body?: string;
  },
): Promise<number> {
  const script = await Deno.makeTempFile({ suffix: ".lua" });
  await Deno.writeTextFile(
    script,
    [
      ...(body === undefined ? [] : ['wrk.method = "POST"', `wrk.body = ${JSON.stringify(body)}`]),
      ...Object.entries(headers).map(([name, value]) =>
        `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`
      ),
    ].join("\n"),
  );
  const output = await run("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", script, url]);
  await Deno.remove(script);
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(output);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
}

/** Transactions per second that `pgbench` gets out of a database with a script of its language. */
export async function databaseLoad(
  databaseUrl: string,
  script: string,
  { connections, seconds, variables = {} }: {
    connections: number;
    seconds: number;
    variables?: Record<string, string | number>;
  },
): Promise<number> {
  const file = await Deno.makeTempFile({ suffix: ".sql" });
  await Deno.writeTextFile(file, script);
  const output = await run(Deno.env.get("PGBENCH") ?? "pgbench", [
    "--no-vacuum",
    `--client=${connections}`,
    `--jobs=${Math.min(2, connections)}`,
    `--time=${seconds}`,
    ...Object.entries(variables).map(([name, value]) => `--define=${name}=${value}`),
    `--file=${file}`,
    databaseUrl,
  ]);
  await Deno.remove(file);
  return Number(/tps = ([\d.]+)/.exec(output)?.[1]);
}

async function run(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output().catch((cause) => {
    throw new Error(
      `${command} is needed: wrk and pgbench are packages of most systems (PGBENCH names its path)`,
      { cause },
    );
  });
  const output = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`${command}: ${output}${new TextDecoder().decode(stderr)}`);
  return output;
}
