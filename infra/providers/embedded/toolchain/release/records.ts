import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../../../../machine/files";
import { toolchainCache, type Host } from "../host";

/** URL to SHA-256. */
type Digests = Readonly<Record<string, string>>;

/** The digests of release files that are known: pinned by us, or said by the publisher when a file was first fetched here. */
export class Records {
  private constructor(
    private readonly file: string,
    private readonly pinned: Digests,
    private said: Digests,
  ) {}

  static async open(host: Host): Promise<Records> {
    const file = join(toolchainCache(host.env), "release-digests.json");
    const read = async (path: string) => JSON.parse(await readFile(path, "utf8")) as Digests;
    return new Records(file, await read(host.digests), await read(file).catch(() => ({})));
  }

  known(url: string): { digest: string; by: string } | undefined {
    const ours = this.pinned[url];
    if (ours !== undefined) return { digest: ours, by: "the toolchain's digests.json" };
    const said = this.said[url];
    return said === undefined ? undefined : { digest: said, by: this.file };
  }

  record(url: string, digest: string): void {
    if (this.known(url) !== undefined) return;
    this.said = { ...this.said, [url]: digest };
    writeWhole(this.file, `${JSON.stringify(this.said, null, 2)}\n`);
  }
}
