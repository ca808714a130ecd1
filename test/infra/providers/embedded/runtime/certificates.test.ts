import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { privateDirectory } from "../../../../../machine/files";
import { ensureCertificates, keyPair } from "../../../../../infra/providers/embedded/runtime/certificates";
import { type ClusterPaths, clusterPaths } from "../../../../../infra/providers/embedded/runtime/directory";
import { writeAdminKubeconfig } from "../../../../../infra/providers/embedded/runtime/kubeconfig";
import { parse } from "yaml";
import { scratch } from "./scratch";
import { skip } from "../../../../support/skip";

describe("certificates", () => {
  const directory = scratch();
  let paths: ClusterPaths;
  beforeEach(async () => {
    paths = clusterPaths("dev", directory.path);
    privateDirectory(paths.home);
    await ensureCertificates(paths, () => undefined);
  });
  const certificate = (name: string) => new X509Certificate(readFileSync(keyPair(paths, name).cert));
  const ca = "ca";

  it("come from the authority of what they are for", () => {
    const authorities: Record<string, string[]> = {
      ca: ["kube-apiserver", "admin", "kube-controller-manager", "kube-scheduler", "kwok", "argocd-server"],
      "etcd-ca": ["etcd", "etcd-client"],
      "argocd-ca": ["argocd-server-tls"],
    };
    for (const [authority, names] of Object.entries(authorities)) {
      const issuer = certificate(authority);
      assert.equal(issuer.ca, true);
      for (const name of names) {
        const leaf = certificate(name);
        assert.equal(leaf.checkIssued(issuer), true, name);
        assert.equal(leaf.verify(issuer.publicKey), true, name);
        assert.equal(leaf.verify(certificate(authority === ca ? "etcd-ca" : ca).publicKey), false, name);
        assert.equal(leaf.ca, false, name);
      }
    }
  });

  it("name their users and groups as Kubernetes reads them", () => {
    assert.equal(certificate("admin").subject, "O=system:masters\nCN=kubernetes-admin");
    assert.equal(certificate("kube-scheduler").subject, "CN=system:kube-scheduler");
    assert.equal(
      certificate("argocd-application-controller").subject,
      "CN=system:serviceaccount:argocd:argocd-application-controller",
    );
  });

  it("are good for this machine's own address and for nothing outside", () => {
    assert.equal(
      certificate("kube-apiserver").subjectAltName,
      "IP Address:127.0.0.1, DNS:localhost, IP Address:10.96.0.1, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc",
    );
    assert.equal(certificate("etcd").subjectAltName, "IP Address:127.0.0.1, DNS:localhost");
    assert.equal(certificate("admin").subjectAltName, undefined);
  });

  it("let clients be clients only", () => {
    const clientAuth = "1.3.6.1.5.5.7.3.2";
    assert.deepEqual(certificate("admin").keyUsage, [clientAuth]);
    assert.deepEqual(certificate("etcd-client").keyUsage, [clientAuth]);
  });

  it("are readable by their owner only", () => {
    assert.equal(statSync(paths.pki).mode & 0o777, 0o700);
    for (const file of readdirSync(paths.pki)) assert.equal(statSync(join(paths.pki, file)).mode & 0o777, 0o600, file);
  });

  it("are made once", async () => {
    const before = certificate("ca").fingerprint256;
    await ensureCertificates(paths, () => undefined);
    assert.equal(certificate("ca").fingerprint256, before);
  });

  it("are those of OpenSSL's taste", function () {
    const verify = () =>
      execFileSync(
        "openssl",
        ["verify", "-x509_strict", "-CAfile", keyPair(paths, "ca").cert, keyPair(paths, "admin").cert],
        {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
    try {
      execFileSync("openssl", ["version"], { stdio: "ignore" });
    } catch {
      skip(this, "no openssl on this machine");
    }
    assert.match(verify(), /: OK/);
  });

  it("make a kubeconfig that holds everything", async () => {
    const text = await writeAdminKubeconfig(paths, 20000);
    assert.equal(statSync(paths.kubeconfig).mode & 0o777, 0o600);
    assert.equal(readFileSync(paths.kubeconfig, "utf8"), text);
    const encoded = (name: string) => Buffer.from(readFileSync(name)).toString("base64");
    assert.deepEqual(parse(text), {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "onebranch-dev",
      clusters: [
        {
          name: "onebranch-dev",
          cluster: {
            server: "https://127.0.0.1:20000",
            "certificate-authority-data": encoded(keyPair(paths, "ca").cert),
          },
        },
      ],
      contexts: [{ name: "onebranch-dev", context: { cluster: "onebranch-dev", user: "admin" } }],
      users: [
        {
          name: "admin",
          user: {
            "client-certificate-data": encoded(keyPair(paths, "admin").cert),
            "client-key-data": encoded(keyPair(paths, "admin").key),
          },
        },
      ],
    });
  });
});
