import { z } from "@hono/zod-openapi";
import type { Runtime } from "../runtime.ts";
import { readAnswer, VendorError, vendorFetch } from "./vendor.ts";

const Signed = z.object({ signedURL: z.string().startsWith("/") });

/** A file in Storage. */
export interface FilePlace {
  bucket: string;
  path: string;
}

/** Files of the project's Storage, with the secret key: whoever calls this has decided who may have them. */
export class Storage {
  constructor(readonly runtime: Runtime) {}

  /** Puts a file in its place, instead of one that is there. @throws {VendorError} */
  async store({ bucket, path }: FilePlace, bytes: BodyInit, type: string): Promise<void> {
    const { ok, status } = await this.#ask(`/object/${bucket}/${path}`, bytes, {
      "content-type": type,
      "x-upsert": "true",
    });
    if (!ok) throw new VendorError("storage", `answered ${status}`, status);
  }

  /** A link by which anybody reads the file for so long; null when there is none. @throws {VendorError} */
  async sign({ bucket, path }: FilePlace, expiresInSeconds: number): Promise<string | null> {
    const answer = await this.#ask(
      `/object/sign/${bucket}/${path}`,
      JSON.stringify({ expiresIn: expiresInSeconds }),
      { "content-type": "application/json" },
    );
    if (answer.status === 404 || answer.status === 400) return null;
    return `${this.runtime.config.supabaseUrl}/storage/v1${readAnswer("storage", Signed, answer).signedURL}`;
  }

  #ask(path: string, body: BodyInit, headers: Record<string, string>) {
    const { supabaseUrl, secretKey } = this.runtime.config;
    return vendorFetch(this.runtime, "storage", `${supabaseUrl}/storage/v1${path}`, {
      method: "POST",
      headers: { apikey: secretKey, authorization: `Bearer ${secretKey}`, ...headers },
      body,
    });
  }
}
