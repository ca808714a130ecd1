import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { defaultHost } from "../../../../../../infra/providers/embedded/toolchain/host";
import { pluginVersions } from "../../../../../../infra/providers/embedded/toolchain/installed";
import { moduleParts } from "../../../../../../infra/providers/embedded/toolchain/parts";
import { digestIn } from "../../../../../../infra/providers/embedded/toolchain/release/digest";
import { platformOf, releaseFiles } from "../../../../../../infra/providers/embedded/toolchain/release/files";
import { releaseSettings } from "../../../../../../infra/providers/embedded/toolchain/release/settings";

describe("toolchain: the table of release files", () => {
  const platforms = (["linux", "darwin"] as const).flatMap((os) =>
    (["amd64", "arm64"] as const).map((arch) => ({ os, arch })),
  );

  it("has a digest of ours for each file that its publisher says none of, and none of a file that is not in it", async () => {
    const host = defaultHost();
    const pinned = JSON.parse(readFileSync(host.digests, "utf8")) as Record<string, string>;
    const plugins = await pluginVersions(host);
    const all = platforms.flatMap((one) => moduleParts.flatMap((part) => releaseFiles(part, one, plugins) ?? []));
    for (const { url, checksums } of all) {
      assert.match(url, /^https:\/\//);
      if (checksums === undefined) assert.ok(url in pinned, url);
    }
    assert.deepEqual(
      Object.keys(pinned).filter((url) => all.every((file) => file.url !== url)),
      [],
    );
    for (const digest of Object.values(pinned)) assert.match(digest, /^[0-9a-f]{64}$/);
  });

  it("has the servers of Kubernetes for Linux alone", () => {
    const parts = (os: "linux" | "darwin") =>
      moduleParts.filter((part) => releaseFiles(part, { os, arch: "arm64" }, {}) !== undefined);
    assert.deepEqual(
      [parts("linux"), parts("darwin")],
      [
        ["pulumi", "cluster", "argocd"],
        ["pulumi", "argocd"],
      ],
    );
  });

  it("knows no other machines", () => {
    assert.deepEqual(platformOf({ platform: "darwin", arch: "x64" }), { os: "darwin", arch: "amd64" });
    assert.equal(platformOf({ platform: "linux", arch: "riscv64" }), undefined);
    assert.equal(platformOf({ platform: "win32", arch: "x64" }), undefined);
  });
});

describe("toolchain: what publishers say of their files", () => {
  const digest = "0123456789abcdef".repeat(4);
  const forms = {
    "the digest alone": `${digest}\n`,
    "a list": `${"1".repeat(64)}  other\n${digest}  file\n`,
    "a list of files read as bytes": `${digest} *./file\r\n`,
    "GitHub's API": JSON.stringify({ assets: [{ name: "other" }, { name: "file", digest: `sha256:${digest}` }] }),
  };
  for (const [form, text] of Object.entries(forms)) {
    it(`is understood as ${form}`, () => assert.equal(digestIn(text, "file"), digest));
  }

  it("is nothing where the file is not named", () => {
    for (const text of [
      "",
      "<html>",
      `${digest}  file.tar.gz`,
      JSON.stringify({ assets: [{ name: "file", digest: null }] }),
    ]) {
      assert.equal(digestIn(text, "file"), undefined);
    }
  });
});

describe("toolchain: the settings of release files", () => {
  const url = "https://dl.k8s.io/release/v1/kubectl";

  it("are to look for them at their publishers", () => {
    const { tried, mirror } = releaseSettings({});
    assert.deepEqual([tried, mirror(url)], [true, url]);
  });

  it("may name a mirror of all, and others of single publishers", () => {
    const { mirror } = releaseSettings({
      ONEBRANCH_RELEASE_MIRROR: "https://m.example/all/, github.com=http://10.0.0.1:8080",
    });
    assert.equal(mirror(url), "https://m.example/all/dl.k8s.io/release/v1/kubectl");
    assert.equal(mirror("https://github.com/a/b"), "http://10.0.0.1:8080/a/b");
  });

  it("are refused when they mean nothing, all at once", () => {
    assert.throws(() => releaseSettings({ ONEBRANCH_RELEASES: "off", ONEBRANCH_RELEASE_MIRROR: "m.example" }), {
      message:
        'ONEBRANCH_RELEASES is "off": set it to auto, which looks for release files, or to never, which builds\n' +
        'ONEBRANCH_RELEASE_MIRROR has "m.example": give the address of a mirror of all publishers (https://mirror.example), or of one ' +
        "(dl.k8s.io=https://mirror.example/kubernetes), with commas between several",
    });
  });
});
