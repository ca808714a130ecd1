import type { ModulePart } from "../parts";
import { versions } from "../parts";

/** What publishers have files for. */
export interface Platform {
  os: "linux" | "darwin";
  arch: "amd64" | "arm64";
}

/** One file of a publisher, and what of it belongs into the part. */
export interface ReleaseFile {
  url: string;
  /** where the publisher says what its SHA-256 is; absent: in `digests.json` alone */
  checksums?: string;
  /** its path in the finished part */
  to: string;
  /** the path of that in the archive; absent: the file is it */
  member?: string;
}

export function platformOf({ platform, arch }: { platform: string; arch: string }): Platform | undefined {
  const os = platform === "linux" || platform === "darwin" ? platform : undefined;
  const cpu = arch === "x64" ? "amd64" : arch === "arm64" ? "arm64" : undefined;
  return os && cpu && { os, arch: cpu };
}

const github = (repository: string, tag: string, file: string) =>
  `https://github.com/${repository}/releases/download/${tag}/${file}`;

/** The files of a part; `undefined` where a publisher has none for the platform. @param plugins versions of Pulumi's plugins */
export function releaseFiles(
  part: ModulePart,
  platform: Platform,
  plugins: Readonly<Record<string, string>>,
): ReleaseFile[] | undefined {
  switch (part) {
    case "cluster":
      // Nobody publishes the servers of Kubernetes for macOS.
      return platform.os === "linux" ? cluster(platform) : undefined;
    case "argocd":
      return argocd(platform);
    case "pulumi":
      return pulumi(platform, plugins);
  }
}

function cluster({ os, arch }: Platform): ReleaseFile[] {
  const { kubernetes, etcd, kwok } = versions;
  const servers = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"].map((name) => {
    const url = `https://dl.k8s.io/release/v${kubernetes}/bin/${os}/${arch}/${name}`;
    return { url, checksums: `${url}.sha256`, to: `bin/${name}` };
  });
  const etcdName = `etcd-v${etcd}-${os}-${arch}`;
  return [
    ...servers,
    {
      url: github("etcd-io/etcd", `v${etcd}`, `${etcdName}.tar.gz`),
      checksums: github("etcd-io/etcd", `v${etcd}`, "SHA256SUMS"),
      to: "bin/etcd",
      member: `${etcdName}/etcd`,
    },
    {
      url: github("kubernetes-sigs/kwok", `v${kwok}`, `kwok-${os}-${arch}`),
      // KWOK publishes no checksums; GitHub knows the digest of each file that was uploaded.
      checksums: `https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v${kwok}`,
      to: "bin/kwok",
    },
  ];
}

/** What a cluster gets from Argo CD's own manifests, and the script that repo-server calls. */
export const argocdManifests = {
  crds: ["application-crd.yaml", "applicationset-crd.yaml", "appproject-crd.yaml"],
  config: [
    "argocd-cm.yaml",
    "argocd-cmd-params-cm.yaml",
    "argocd-gpg-keys-cm.yaml",
    "argocd-rbac-cm.yaml",
    "argocd-ssh-known-hosts-cm.yaml",
    "argocd-tls-certs-cm.yaml",
  ],
} as const;

function argocd({ os, arch }: Platform): ReleaseFile[] {
  const tag = `v${versions.argocd}`;
  const source = (path: string, to: string) => ({
    url: `https://raw.githubusercontent.com/argoproj/argo-cd/${tag}/${path}`,
    to,
  });
  return [
    {
      url: github("argoproj/argo-cd", tag, `argocd-${os}-${arch}`),
      checksums: github("argoproj/argo-cd", tag, "cli_checksums.txt"),
      to: "bin/argocd",
    },
    {
      url: `https://get.helm.sh/helm-v${versions.helm}-${os}-${arch}.tar.gz`,
      checksums: `https://get.helm.sh/helm-v${versions.helm}-${os}-${arch}.tar.gz.sha256sum`,
      to: "bin/helm",
      member: `${os}-${arch}/helm`,
    },
    {
      url: github(
        "kubernetes-sigs/kustomize",
        `kustomize/v${versions.kustomize}`,
        `kustomize_v${versions.kustomize}_${os}_${arch}.tar.gz`,
      ),
      checksums: github("kubernetes-sigs/kustomize", `kustomize/v${versions.kustomize}`, "checksums.txt"),
      to: "bin/kustomize",
      member: "kustomize",
    },
    ...argocdManifests.crds.map((name) => source(`manifests/crds/${name}`, `manifests/crds/${name}`)),
    ...argocdManifests.config.map((name) => source(`manifests/base/config/${name}`, `manifests/config/${name}`)),
    source("hack/git-verify-wrapper.sh", "bin/git-verify-wrapper.sh"),
  ];
}

function pulumi({ os, arch }: Platform, plugins: Readonly<Record<string, string>>): ReleaseFile[] {
  const { pulumi: version } = versions;
  return [
    {
      url: github("pulumi/pulumi", `v${version}`, `pulumi-v${version}-${os}-${arch === "amd64" ? "x64" : arch}.tar.gz`),
      checksums: github("pulumi/pulumi", `v${version}`, `pulumi-${version}-checksums.txt`),
      to: "bin/pulumi",
      member: "pulumi/pulumi",
    },
    ...Object.entries(plugins).map(([name, plugin]) => ({
      url: github(`pulumi/pulumi-${name}`, `v${plugin}`, `pulumi-resource-${name}-v${plugin}-${os}-${arch}.tar.gz`),
      checksums: github(`pulumi/pulumi-${name}`, `v${plugin}`, `pulumi-${name}_${plugin}_checksums.txt`),
      to: `bin/pulumi-resource-${name}`,
      member: `pulumi-resource-${name}`,
    })),
  ];
}
