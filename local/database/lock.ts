import { join } from "node:path";

/** The data folder belongs to another running process. */
export class FolderLockedError extends Error {
  override name = "FolderLockedError";

  constructor(folder: string, pid: string) {
    super(
      `The data folder ${folder} is in use by process ${
        pid || "unknown"
      }. Two processes on one PGlite folder ` +
        "destroy its data: stop the other one, or start this one with --memory.",
    );
  }
}

/**
 * Takes the data folder for this process, because PGlite does not. The operating system frees it when the process
 * ends, however it ends.
 *
 * @throws {FolderLockedError} when another stack holds it
 */
export async function lockFolder(folder: string): Promise<{ release(): void }> {
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, "lock");
  const file = await Deno.open(path, { create: true, read: true, write: true });
  if (!await file.tryLock(true)) {
    file.close();
    throw new FolderLockedError(folder, await Deno.readTextFile(path));
  }
  await file.truncate();
  await file.write(new TextEncoder().encode(String(Deno.pid)));
  return { release: () => file.close() };
}
