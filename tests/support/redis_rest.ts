import { connect } from "node:net";
import { shutDown } from "./shut_down.ts";

/** A redis-server behind Upstash's REST protocol, as far as `@upstash/redis` and `@upstash/ratelimit` use it. */
export interface RedisRest {
  readonly url: string;
  readonly token: string;
  /** Answers, hangs, talks nonsense, or refuses: as a store does that is well, slow, broken or down. */
  behave(behaviour: "answer" | "hang" | "garbage" | "refuse"): void;
  close(): Promise<void>;
}

/** Whether Debian's redis-server is installed here. */
export async function hasRedis(): Promise<boolean> {
  try {
    return (await new Deno.Command("redis-server", { args: ["--version"], stdout: "null" }).output()).success;
  } catch {
    return false;
  }
}

export async function startRedisRest(): Promise<RedisRest> {
  const folder = await Deno.makeTempDir({ prefix: "convene-redis-" });
  const path = `${folder}/socket`;
  const redis = new Deno.Command("redis-server", {
    args: ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no"],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const send = await openRedis(path);
  const token = crypto.randomUUID();
  let behaviour: "answer" | "hang" | "garbage" | "refuse" = "answer";
  const hanging = new Set<() => void>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.headers.get("authorization") !== `Bearer ${token}`) {
      return Response.json({ error: "token" }, { status: 401 });
    }
    if (behaviour === "hang") await new Promise<void>((resolve) => hanging.add(resolve));
    if (behaviour === "garbage") return new Response("<html>It works!</html>");
    if (behaviour === "refuse") return new Response(null, { status: 500 });
    const encode = request.headers.get("upstash-encoding") === "base64";
    const body: unknown[] = await request.json();
    const isPipeline = /pipeline|multi-exec/.test(new URL(request.url).pathname);
    const answers = [];
    for (const command of isPipeline ? body as unknown[][] : [body]) {
      answers.push(await send(withoutFlags(command), encode));
    }
    return Response.json(isPipeline ? answers : answers[0]);
  });
  const behave = (next: typeof behaviour) => {
    behaviour = next;
    for (const release of hanging) release();
    hanging.clear();
  };
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    token,
    behave,
    async close() {
      behave("answer");
      await shutDown(server);
      redis.kill("SIGKILL");
      await redis.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Upstash's scripts begin with a flag that plain Redis does not know; a script's hash is asked for and then missed. */
function withoutFlags(command: unknown[]): string[] {
  const [name, script, ...rest] = command.map(String);
  if (name?.toUpperCase() === "EVALSHA") return ["EVALSHA", "0".repeat(40), ...rest];
  if (name?.toUpperCase() === "EVAL") {
    return ["EVAL", (script ?? "").replace(/^\s*#!lua[^\n]*\n/, ""), ...rest];
  }
  return command.map(String);
}

type Reply = { result: unknown } | { error: string };

/** One connection that sends a command at a time and reads its reply (RESP 2). */
async function openRedis(path: string): Promise<(command: string[], encode: boolean) => Promise<Reply>> {
  const socket = await connectWhenReady(path);
  let buffer = "";
  let wake = () => {};
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    buffer += text;
    wake();
  });
  const line = async (): Promise<string> => {
    for (;;) {
      const end = buffer.indexOf("\r\n");
      if (end >= 0) {
        const text = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        return text;
      }
      await new Promise<void>((resolve) => wake = resolve);
    }
  };
  const read = async (encode: boolean): Promise<unknown> => {
    const head = await line();
    const rest = head.slice(1);
    switch (head[0]) {
      case ":":
        return Number(rest);
      case "$":
        return rest === "-1" ? null : encodeText(await line(), encode);
      case "*": {
        const items = [];
        for (let i = 0; i < Number(rest); i++) items.push(await read(encode));
        return items;
      }
      case "-":
        throw new Error(rest);
      default:
        return encodeText(rest, encode && rest !== "OK");
    }
  };
  let queue: Promise<unknown> = Promise.resolve();
  return (command, encode) => {
    const reply = queue.then(async (): Promise<Reply> => {
      const parts = command.map((part) => `$${new TextEncoder().encode(part).length}\r\n${part}\r\n`);
      socket.write(`*${command.length}\r\n${parts.join("")}`);
      try {
        return { result: await read(encode) };
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    });
    queue = reply;
    return reply;
  };
}

function encodeText(text: string, encode: boolean): string {
  return encode ? new TextEncoder().encode(text).toBase64() : text;
}

async function connectWhenReady(path: string) {
  for (;;) {
    const socket = connect({ path });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return socket;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
