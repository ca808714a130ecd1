import { webcrypto } from "node:crypto";
import { access, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { privateDirectory, writeWhole } from "../../../../machine/files";
import { type ClusterPaths, removeTree } from "./directory";
import type { ReportStep } from "./steps";

/** What a certificate is for: a server by its names and addresses, a client by its user and groups. */
interface Leaf {
  authority: "ca" | "etcd-ca" | "argocd-ca";
  subject: Record<string, string>[];
  hosts?: string[];
}

const loopback = ["127.0.0.1", "localhost"];
const masters = [{ O: "system:masters" }];

/** Argo CD's processes that talk to the API server; they have the names that its service accounts have elsewhere. */
export const argocdUsers = [
  "argocd-application-controller",
  "argocd-applicationset-controller",
  "argocd-server",
] as const;

/**
 * Every key pair of a cluster. etcd has an authority of its own: what may use the API server must not reach around it.
 * Argo CD's server has another, because users tell browsers and the `argocd` command to trust it.
 */
const leaves: Record<string, Leaf> = {
  "kube-apiserver": {
    authority: "ca",
    subject: [{ CN: "kube-apiserver" }],
    hosts: [...loopback, "10.96.0.1", "kubernetes", "kubernetes.default", "kubernetes.default.svc"],
  },
  admin: { authority: "ca", subject: [...masters, { CN: "kubernetes-admin" }] },
  "kube-controller-manager": { authority: "ca", subject: [{ CN: "system:kube-controller-manager" }] },
  "kube-scheduler": { authority: "ca", subject: [{ CN: "system:kube-scheduler" }] },
  kwok: { authority: "ca", subject: [...masters, { CN: "onebranch:kwok" }] },
  ...Object.fromEntries(
    argocdUsers.map((name) => [
      name,
      { authority: "ca", subject: [{ CN: `system:serviceaccount:argocd:${name}` }] } satisfies Leaf,
    ]),
  ),
  etcd: { authority: "etcd-ca", subject: [{ CN: "etcd" }], hosts: loopback },
  "etcd-client": { authority: "etcd-ca", subject: [{ CN: "kube-apiserver" }] },
  "argocd-server-tls": {
    authority: "argocd-ca",
    subject: [{ CN: "argocd-server" }],
    hosts: [...loopback, "argocd-server"],
  },
};

/** A key pair's files. */
export function keyPair(paths: ClusterPaths, name: string): { cert: string; key: string } {
  return { cert: join(paths.pki, `${name}.crt`), key: join(paths.pki, `${name}.key`) };
}

/** Makes the key pairs of a cluster that do not exist yet. A kill in the middle leaves none, or all. */
export async function ensureCertificates(paths: ClusterPaths, report: ReportStep): Promise<void> {
  if (
    await access(paths.pki).then(
      () => true,
      () => false,
    )
  )
    return;
  report({ action: "write", subject: "certificates" });
  const draft: ClusterPaths = { ...paths, pki: `${paths.pki}.new` };
  await removeTree(draft.pki);
  privateDirectory(draft.pki);
  const issuer = new Issuer(draft, await loadX509());
  await issuer.authorities(["ca", "etcd-ca", "argocd-ca"]);
  await Promise.all(Object.entries(leaves).map(([name, leaf]) => issuer.leaf(name, leaf)));
  await issuer.serviceAccountKey();
  await rename(draft.pki, paths.pki);
}

type X509 = typeof import("@peculiar/x509");

/** The library is slow to load and needed once in a cluster's life. */
async function loadX509(): Promise<X509> {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;

class Issuer {
  private readonly known = new Map<string, { keys: webcrypto.CryptoKeyPair; subject: string }>();
  private readonly validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 3650 * day) };

  constructor(
    private readonly paths: ClusterPaths,
    private readonly x509: X509,
  ) {}

  async authorities(names: Leaf["authority"][]): Promise<void> {
    for (const name of names) {
      const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const subject = `CN=onebranch ${this.paths.name} ${name}`;
      const cert = await this.x509.X509CertificateGenerator.createSelfSigned({
        ...this.validity,
        name: subject,
        serialNumber: serial(),
        signingAlgorithm: algorithm,
        keys,
        extensions: [
          new this.x509.BasicConstraintsExtension(true, 0, true),
          new this.x509.KeyUsagesExtension(
            this.x509.KeyUsageFlags.keyCertSign | this.x509.KeyUsageFlags.digitalSignature,
            true,
          ),
          await this.x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      this.known.set(name, { keys, subject });
      await this.write(name, cert.toString("pem"), keys.privateKey);
    }
  }

  async leaf(name: string, { authority, subject, hosts }: Leaf): Promise<void> {
    const issuer = this.known.get(authority)!;
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const { ExtendedKeyUsage } = this.x509;
    // etcd's server calls itself as a client, too.
    const usages = hosts ? [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth] : [ExtendedKeyUsage.clientAuth];
    const cert = await this.x509.X509CertificateGenerator.create({
      ...this.validity,
      subject: new this.x509.Name(subject.map((part) => mapValues(part, (value) => [value]))).toString(),
      issuer: issuer.subject,
      serialNumber: serial(),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: issuer.keys.privateKey,
      extensions: [
        new this.x509.BasicConstraintsExtension(false, undefined, true),
        new this.x509.KeyUsagesExtension(this.x509.KeyUsageFlags.digitalSignature, true),
        new this.x509.ExtendedKeyUsageExtension(usages),
        await this.x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
        ...(hosts ? [new this.x509.SubjectAlternativeNameExtension(hosts.map(alternativeName))] : []),
      ],
    });
    await this.write(name, cert.toString("pem"), keys.privateKey);
  }

  /** What the API server signs service account tokens with. */
  async serviceAccountKey(): Promise<void> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const spki = await webcrypto.subtle.exportKey("spki", keys.publicKey);
    writeWhole(join(this.paths.pki, "service-account.pub"), this.pem(spki, "PUBLIC KEY"));
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    writeWhole(join(this.paths.pki, "service-account.key"), this.pem(pkcs8, "PRIVATE KEY"));
  }

  private async write(name: string, cert: string, key: webcrypto.CryptoKey): Promise<void> {
    const file = keyPair(this.paths, name);
    writeWhole(file.key, this.pem(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY"));
    writeWhole(file.cert, `${cert}\n`);
  }

  private pem(bytes: ArrayBuffer, label: string): string {
    return `${this.x509.PemConverter.encode(bytes, label)}\n`;
  }
}

function alternativeName(host: string): { type: "ip" | "dns"; value: string } {
  return { type: /^[\d.]+$/.test(host) ? "ip" : "dns", value: host };
}

function serial(): string {
  // Not negative, whatever the first bit would say.
  return `00${Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString("hex")}`;
}

function mapValues<A, B>(from: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}

/** The text of a file of the cluster's key store. */
export async function readPki(paths: ClusterPaths, file: string): Promise<string> {
  return readFile(join(paths.pki, file), "utf8");
}
