const blockBytes = 512;

/**
 * One file of a tar archive. The rest of the archive is not read.
 *
 * @throws {Error} when the archive ends before the file is complete
 */
export async function fileOfTar(
  archive: ReadableStream<Uint8Array>,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new ByteReader(archive.getReader());
  try {
    for (;;) {
      const header = await bytes.take(blockBytes);
      const name = textAt(header, 0, 100);
      const size = parseInt(textAt(header, 124, 12), 8);
      if (!name || !Number.isSafeInteger(size)) throw new Error(`The archive has no ${path}`);
      if (name === path) return await bytes.take(size);
      await bytes.skip(Math.ceil(size / blockBytes) * blockBytes);
    }
  } finally {
    await bytes.cancel();
  }
}

/** Text up to the first NUL. */
function textAt(header: Uint8Array, start: number, length: number): string {
  return new TextDecoder().decode(header.subarray(start, start + length)).replace(/\0.*/s, "");
}

/** Takes exact numbers of bytes from a stream of chunks. */
class ByteReader {
  #chunk: Uint8Array = new Uint8Array();

  constructor(readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const taken = new Uint8Array(length);
    await this.#pass(length, (part, offset) => taken.set(part, offset));
    return taken;
  }

  skip(length: number): Promise<void> {
    return this.#pass(length, () => {});
  }

  async cancel(): Promise<void> {
    await this.reader.cancel().catch(() => {});
  }

  async #pass(length: number, onPart: (part: Uint8Array, offset: number) => void): Promise<void> {
    for (let offset = 0; offset < length;) {
      if (this.#chunk.length === 0) {
        const { value, done } = await this.reader.read();
        if (done) throw new Error("The archive ends too early");
        this.#chunk = value;
      }
      const part = this.#chunk.subarray(0, length - offset);
      onPart(part, offset);
      offset += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
  }
}
