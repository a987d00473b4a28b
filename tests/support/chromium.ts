import { settledWithin } from "../../local/settled_within.ts";
import { kill } from "./kill.ts";

/** A headless Chromium, spoken to over its DevTools protocol. */
export interface Chromium {
  /** A person's window, with cookies of its own. */
  open(): Promise<Window>;
  close(): Promise<void>;
}

export interface Window {
  /** Goes to a page and runs a script there: the body of an async function; answers its result. */
  run<T>(url: string, script: string): Promise<T>;
  close(): Promise<void>;
}

interface Message {
  id?: number;
  // deno-lint-ignore no-explicit-any -- the protocol's answers, read where they are asked for
  result?: any;
  error?: { message: string };
}

/** What takes longer on this machine will not happen any more. */
const patienceMs = 60_000;

const names = ["chromium", "chromium-browser", "google-chrome"];

/** The browser's program; null where none is installed. CHROMIUM names another. */
export async function findChromium(): Promise<string | null> {
  for (const name of [Deno.env.get("CHROMIUM") ?? [], names].flat()) {
    const command = new Deno.Command(name, { args: ["--version"], stdout: "null", stderr: "null" });
    if (await command.output().then(({ success }) => success, () => false)) return name;
  }
  return null;
}

export async function startChromium(program: string): Promise<Chromium> {
  const folder = await Deno.makeTempDir({ prefix: "convene-chromium-" });
  const child = new Deno.Command(program, {
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--no-first-run",
      // It should ask nobody for updates or experiments: the tests need this machine alone.
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-default-apps",
      "--disable-sync",
      "--no-proxy-server",
      "--remote-debugging-port=0",
      `--user-data-dir=${folder}`,
      "about:blank",
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  try {
    const { address, drained } = await inTime(readAddress(child.stderr), "to start");
    const socket = new WebSocket(address);
    const opened = Promise.withResolvers<unknown>();
    socket.onopen = opened.resolve;
    socket.onerror = opened.reject;
    await inTime(opened.promise, "to open its protocol");
    const send = protocol(socket);
    return {
      open: () => openWindow(send),
      async close() {
        const closed = new Promise((resolve) => socket.onclose = resolve);
        const asked = send("Browser.close").catch(() => {});
        await settledWithin(Promise.all([asked, closed, child.status, drained]), 10_000);
        kill(child);
        await child.status;
        await removeUnused(folder);
      },
    };
  } catch (error) {
    kill(child);
    throw error;
  }
}

/** The work's answer, unless Chromium takes so long that it will never give one. */
async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Chromium took over ${patienceMs / 1000} s ${what}`)),
    patienceMs,
  );
  return await Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

/** Removes a folder that processes which are about to end may write to still; one that stays in use stays. */
async function removeUnused(folder: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      return await Deno.remove(folder, { recursive: true });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function openWindow(send: Send): Promise<Window> {
  const { browserContextId } = await send("Target.createBrowserContext");
  const { targetId } = await send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  return {
    async run(url, script) {
      await navigate(send, url, sessionId);
      const expression = `(async () => {
        while (location.href !== ${JSON.stringify(url)} || document.readyState !== "complete") {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        ${script}
      })()`;
      const { result, exceptionDetails } = await evaluate(send, expression, sessionId);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },
    close: () => send("Target.disposeBrowserContext", { browserContextId }),
  };
}

type Send = ReturnType<typeof protocol>;

/** A change of the machine's networks breaks a navigation off (ERR_NETWORK_CHANGED); then it begins again. */
async function navigate(send: Send, url: string, sessionId: string): Promise<void> {
  for (let tries = 1;; tries++) {
    const { errorText } = await send("Page.navigate", { url }, sessionId);
    if (!errorText) return;
    if (tries === 5) throw new Error(`Chromium cannot open ${url}: ${errorText}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** A navigation throws away the page that a script runs in; then it starts again in the new one. */
async function evaluate(send: Send, expression: string, sessionId: string) {
  for (let tries = 0;; tries++) {
    try {
      return await send(
        "Runtime.evaluate",
        { expression, awaitPromise: true, returnByValue: true },
        sessionId,
      );
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

function protocol(socket: WebSocket) {
  const waiting = new Map<number, PromiseWithResolvers<Message["result"]>>();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id = 0, result, error }: Message = JSON.parse(data);
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error) waiter?.reject(new Error(error.message));
    else waiter?.resolve(result);
  };
  return (method: string, params?: object, sessionId?: string) => {
    const id = ++last;
    const waiter = Promise.withResolvers<Message["result"]>();
    waiting.set(id, waiter);
    socket.send(JSON.stringify({ id, method, params: params ?? {}, ...(sessionId ? { sessionId } : {}) }));
    return inTime(waiter.promise, `to answer ${method}`);
  };
}

/** Chromium tells on its error output where it listens; what it says afterwards is read and forgotten. */
async function readAddress(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Chromium did not start:\n${text}`);
    text += value;
    const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
    if (!address) continue;
    const drain = async () => {
      while (!(await reader.read()).done);
    };
    return { address, drained: drain() };
  }
}
