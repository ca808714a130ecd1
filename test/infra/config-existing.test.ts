import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExistingSettings } from "../../infra/providers/existing/settings";
import { refusal, type Change } from "./support/refusal";
import { git, kubeconfig, settingsWith } from "./support/source";

describe("settings of an existing cluster", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "onebranch-config-"));
    writeFileSync(join(folder, "config"), kubeconfig);
    writeFileSync(join(folder, "broken"), "just text\n");
    writeFileSync(
      join(folder, "files"),
      kubeconfig.replace("certificate-authority-data: Q0E=", "certificate-authority: ca.crt"),
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  const existing = (config: Record<string, string>): Change => ({
    root: folder,
    config: { provider: "existing", kubeconfig: "config", kubeconfigContext: "shared", ...config },
  });

  it("hold the one context and nothing else of the kubeconfig", () => {
    const { provider, repository, pollSeconds } = settingsWith(existing({}));
    assert.equal(provider.name, "existing");
    const { kubeconfig: one } = provider as ExistingSettings;
    assert.doesNotMatch(one, /other/);
    assert.match(one, /shared-token/);
    assert.deepEqual(repository, {
      url: "https://git.example.org/platform/onebranch.git",
      revision: "main",
      isCheckout: false,
    });
    assert.equal(pollSeconds, 180);
  });

  const faults: { title: string; change: () => Change; message: () => string }[] = [
    {
      title: "without kubeconfig and context",
      change: () => ({ config: { provider: "existing" } }),
      message: () =>
        "the provider existing needs a kubeconfig; name it: pulumi config set kubeconfig <path>\n" +
        "the provider existing needs a context of the kubeconfig; name it: pulumi config set kubeconfigContext <name>",
    },
    {
      title: "a context that is not in it",
      change: () => existing({ kubeconfigContext: "share" }),
      message: () => 'config has no context "share"; use "shared" (allowed: other, shared)',
    },
    {
      title: "a kubeconfig that is not there",
      change: () => existing({ kubeconfig: "nowhere" }),
      message: () =>
        "kubeconfig names nowhere, which cannot be read; give the path of a kubeconfig, from the root of the checkout",
    },
    {
      title: "a file that is not a kubeconfig",
      change: () => existing({ kubeconfig: "broken" }),
      message: () =>
        "kubeconfig names broken, which is not a kubeconfig; give the path of a kubeconfig, from the root of the checkout",
    },
    {
      title: "a certificate that is not there",
      change: () => existing({ kubeconfig: "files" }),
      message: () =>
        `files names a file that cannot be read (ENOENT: no such file or directory, open '${join(folder, "ca.crt")}'); mend the path in the kubeconfig`,
    },
    {
      title: "a checkout without a remote",
      change: () => ({ ...existing({}), git: { branch: "main", head: git.head, dirty: [] } }),
      message: () =>
        "the checkout has no remote origin, and a cluster of the provider existing cannot reach this directory; set repoURL to the https address of the repository: pulumi config set repoURL https://...",
    },
    {
      title: "a remote on this disk",
      change: () => ({ ...existing({}), git: { ...git, origin: "/srv/git/onebranch" } }),
      message: () =>
        "the remote origin (/srv/git/onebranch) is not an address that a cluster of the provider existing can reach; set repoURL to the https address of the repository: pulumi config set repoURL https://...",
    },
  ];
  for (const { title, change, message } of faults) {
    it(`are refused: ${title}`, () => assert.equal(refusal(change()), message()));
  }
});
