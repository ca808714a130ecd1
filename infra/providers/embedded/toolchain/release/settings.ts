import { ToolchainError } from "../errors";

export interface ReleaseSettings {
  /** whether release files are looked for at all */
  tried: boolean;
  /** the address that takes the place of a publisher's */
  mirror: (url: string) => string;
}

/** Reads what the user says of release files; every fault is one sentence of the error. */
export function releaseSettings(env: NodeJS.ProcessEnv): ReleaseSettings {
  const faults: string[] = [];
  const said = env.ONEBRANCH_RELEASES || "auto";
  if (said !== "auto" && said !== "never") {
    faults.push(
      `ONEBRANCH_RELEASES is "${said}": set it to auto, which looks for release files, or to never, which builds`,
    );
  }
  const mirrors = new Map<string, string>();
  for (const entry of (env.ONEBRANCH_RELEASE_MIRROR ?? "").split(",").map((text) => text.trim())) {
    if (entry === "") continue;
    const [, host = "", base = ""] = /^(?:([a-z0-9.-]+)=)?(https?:\/\/[^=\s]+)$/.exec(entry) ?? [];
    if (base === "") {
      faults.push(
        `ONEBRANCH_RELEASE_MIRROR has "${entry}": give the address of a mirror of all publishers (https://mirror.example), or of one ` +
          "(dl.k8s.io=https://mirror.example/kubernetes), with commas between several",
      );
    }
    mirrors.set(host, base.replace(/\/+$/, ""));
  }
  if (faults.length > 0) throw new ToolchainError(faults);
  return {
    // Who forbids Go to download wants no downloads.
    tried: said === "auto" && env.GOPROXY !== "off",
    mirror(url) {
      const { host, pathname } = new URL(url);
      const own = mirrors.get(host);
      if (own !== undefined) return `${own}${pathname}`;
      const all = mirrors.get("");
      return all === undefined ? url : `${all}/${host}${pathname}`;
    },
  };
}
