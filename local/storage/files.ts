import { dirname, join } from "node:path";
import type { App } from "@supabase/lite";

/** What lite keeps files with. */
export type Files = NonNullable<App["_storageAdapter"]>;
type Metadata = Awaited<ReturnType<Files["headObject"]>>;

interface StoredFile {
  bytes: Uint8Array<ArrayBuffer>;
  metadata: Metadata;
}

interface Shelf {
  read(name: string): Promise<StoredFile | undefined>;
  write(name: string, file: StoredFile): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Keeps Storage's files below a folder, or in memory without one. */
export function createFiles(folder: string | null): Files {
  const shelf = folder ? folderShelf(folder) : memoryShelf();
  const read = async (bucket: string, key: string) => {
    const file = await shelf.read(await nameOf(bucket, key));
    if (!file) throw new Deno.errors.NotFound("Storage has the object's row but not its bytes");
    return file;
  };
  return {
    driver: null,
    async getObject(bucket, key) {
      const { bytes, metadata } = await read(bucket, key);
      return { metadata, httpStatusCode: 200, body: new Blob([bytes]) };
    },
    async uploadObject(bucket, key, _version, body, mimetype, cacheControl) {
      const bytes = new Uint8Array(await new Response(body as BodyInit).arrayBuffer());
      const metadata = {
        cacheControl,
        mimetype,
        contentLength: bytes.length,
        size: bytes.length,
        lastModified: new Date(),
        eTag: `"${await digest(bytes)}"`,
        httpStatusCode: 200,
      };
      await shelf.write(await nameOf(bucket, key), { bytes, metadata });
      return metadata;
    },
    deleteObject: async (bucket, key) => await shelf.remove(await nameOf(bucket, key)),
    async deleteObjects(bucket, keys) {
      for (const key of keys) await shelf.remove(await nameOf(bucket, key));
    },
    async copyObject(fromBucket, from, _version, toBucket, to) {
      const file = await read(fromBucket, from);
      await shelf.write(await nameOf(toBucket, to), file);
      return { httpStatusCode: 200, eTag: file.metadata.eTag, lastModified: new Date() };
    },
    headObject: async (bucket, key) => (await read(bucket, key)).metadata,
    privateAssetUrl: () => Promise.reject(new Error("The embedded Storage transforms no images")),
  };
}

/** A name without anything of the object's: no path of a client ever becomes a path of this machine. */
function nameOf(bucket: string, key: string): Promise<string> {
  return digest(new TextEncoder().encode(JSON.stringify([bucket, key])));
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

function memoryShelf(): Shelf {
  const files = new Map<string, StoredFile>();
  return {
    read: (name) => Promise.resolve(files.get(name)),
    write: (name, file) => Promise.resolve(void files.set(name, file)),
    remove: (name) => Promise.resolve(void files.delete(name)),
  };
}

function folderShelf(folder: string): Shelf {
  const [bytesOf, metadataOf] = ["bin", "json"].map((ending) => (name: string) =>
    join(folder, name.slice(0, 2), `${name}.${ending}`)
  ) as [(name: string) => string, (name: string) => string];
  return {
    async read(name) {
      try {
        const metadata = JSON.parse(await Deno.readTextFile(metadataOf(name)));
        const bytes = await Deno.readFile(bytesOf(name));
        return { bytes, metadata: { ...metadata, lastModified: new Date(metadata.lastModified) } };
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    },
    async write(name, { bytes, metadata }) {
      await Deno.mkdir(dirname(bytesOf(name)), { recursive: true });
      await Deno.writeFile(bytesOf(name), bytes);
      await Deno.writeTextFile(metadataOf(name), JSON.stringify(metadata));
    },
    async remove(name) {
      for (const path of [metadataOf(name), bytesOf(name)]) {
        await Deno.remove(path).catch((error) => {
          if (!(error instanceof Deno.errors.NotFound)) throw error;
        });
      }
    },
  };
}
