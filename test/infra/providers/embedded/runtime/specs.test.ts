import assert from "node:assert/strict";
import { argoCdConfig, configMaps } from "../../../../../infra/argocd/config";
import { clusterPaths } from "../../../../../infra/providers/embedded/runtime/directory";
import { argocdNames, environments } from "../../../../../infra/providers/embedded/runtime/argocd-parameters";
import { argocdSpecs, type ConfigMaps } from "../../../../../infra/providers/embedded/runtime/argocd-specs";
import { askPassSocket } from "../../../../../infra/providers/embedded/runtime/sockets";
import {
  controlPlaneNames,
  controlPlaneSpecs,
} from "../../../../../infra/providers/embedded/runtime/control-plane-specs";
import { portNames, type Ports } from "../../../../../infra/providers/embedded/runtime/ports";
import { digestOf } from "../../../../../infra/providers/embedded/runtime/process-spec";

const paths = clusterPaths("dev", "/checkout");
const ports = Object.fromEntries(portNames.map((name, index) => [name, 20000 + index])) as Ports;
const control = controlPlaneSpecs({ paths, ports, bin: "/bin" });

function argocd(configMaps: ConfigMaps = {}, caller: NodeJS.ProcessEnv = {}) {
  return argocdSpecs({ paths, ports, bin: "/tools", configMaps, redisPassword: "sesame", caller });
}

describe("process specs", () => {
  const all = [...Object.values(control), ...Object.values(argocd())];

  it("cover every process under its own name", () => {
    assert.deepEqual(
      all.map(({ name }) => name),
      [...controlPlaneNames, ...argocdNames],
    );
  });

  it("name every port exactly once", () => {
    assert.deepEqual(all.flatMap((spec) => spec.ports).sort(), [...portNames].sort());
  });

  it("use a port only where the process says that it listens on it, or talks to the one that does", () => {
    const clients: Record<string, string[]> = {
      "kube-apiserver": ["etcd"],
      "repo-server": ["redis"],
      "application-controller": ["redis", "repo-server"],
      "applicationset-controller": ["repo-server"],
      "argocd-server": ["redis", "repo-server"],
    };
    for (const { name, args, ports: own } of all) {
      const used = portNames.filter((port) => args.some((arg) => new RegExp(`\\b${ports[port]}\\b`).test(arg)));
      assert.deepEqual(
        used,
        portNames.filter((port) => [...own, ...(clients[name] ?? [])].includes(port)),
        name,
      );
    }
  });

  it("keep every address on this machine", () => {
    for (const { name, args } of all) {
      for (const arg of args.filter((text) => /(address|addr|urls|server)=/.test(text))) {
        const value = arg.slice(arg.indexOf("=") + 1);
        const harmless = /^(true|false|0)$/.test(value);
        assert.ok(harmless || /(^|\/\/|=)127\.0\.0\.1(:\d+)?$/.test(value), `${name} ${arg}`);
      }
    }
  });

  it("refuse a caller without a certificate or a password", () => {
    const args = (name: keyof typeof control) => control[name].args;
    assert.ok(args("etcd").includes("--client-cert-auth=true"));
    assert.ok(args("etcd").includes("--peer-client-cert-auth=true"));
    assert.ok(args("kube-apiserver").includes("--anonymous-auth=false"));
    assert.ok(args("kube-controller-manager").includes("--secure-port=0"));
    // Where there is no scheduler of ours.
    assert.ok(args("kube-scheduler").includes("--secure-port=0"));
    for (const { env } of Object.values(argocd())) assert.equal(env.REDIS_PASSWORD, "sesame");
    const authority = "/checkout/.onebranch/clusters/dev/pki/argocd-ca.crt";
    assert.ok(argocd()["repo-server"].args.includes(`--client-ca-path=${authority}`));
    for (const name of ["application-controller", "applicationset-controller", "argocd-server"] as const) {
      assert.ok(argocd()[name].args.includes(`--repo-server-ca-cert-path=${authority}`), name);
      assert.ok(
        argocd()[name].args.every((arg) => !/plaintext|disable-tls/.test(arg)),
        name,
      );
    }
  });

  it("show no secret in the list of processes", () => {
    for (const { name, args } of all) assert.ok(!args.join(" ").includes("sesame"), name);
  });

  it("do not change with the caller's environment", async () => {
    const one = argocd({}, { PATH: "/a", HTTPS_PROXY: "http://one", HOME: "/home/a", KUBECONFIG: "/other" });
    const other = argocd({}, { PATH: "/b" });
    for (const name of argocdNames) assert.equal(await digestOf(one[name]), await digestOf(other[name]));
    assert.deepEqual(one.redis.passed, { HTTPS_PROXY: "http://one", PATH: "/tools:/a" });
  });

  it("change for the processes that a setting is for", async () => {
    const plain = argocd();
    const changed = argocd({ "argocd-cm": { "timeout.reconciliation": "60s" } });
    const differs = await Promise.all(
      argocdNames.map(async (name) => (await digestOf(plain[name])) !== (await digestOf(changed[name]))),
    );
    assert.deepEqual(
      argocdNames.filter((_, index) => differs[index]),
      ["repo-server", "application-controller"],
    );
  });
});

describe("environments", () => {
  it("look at Git every five seconds where nothing else is said", () => {
    const { "application-controller": controller, "repo-server": repoServer, redis } = environments({});
    assert.equal(controller.ARGOCD_RECONCILIATION_TIMEOUT, "5s");
    assert.equal(controller.ARGOCD_RECONCILIATION_JITTER, "0s");
    assert.equal(controller.ARGOCD_SYNC_WAVE_DELAY, "0");
    assert.equal(repoServer.ARGOCD_RECONCILIATION_TIMEOUT, "5s");
    assert.deepEqual(redis, {});
  });

  it("come from argocd-cm and argocd-cmd-params-cm", () => {
    const result = environments({
      "argocd-cm": { "timeout.reconciliation": "1m", "admin.enabled": "true" },
      "argocd-cmd-params-cm": { "server.insecure": "false", "applicationsetcontroller.enable.scm.providers": "false" },
      "argocd-rbac-cm": { "policy.default": "role:readonly" },
    });
    assert.equal(result["repo-server"].ARGOCD_RECONCILIATION_TIMEOUT, "1m");
    assert.deepEqual(result["applicationset-controller"], {
      ARGOCD_APPLICATIONSET_CONTROLLER_ENABLE_SCM_PROVIDERS: "false",
    });
    assert.deepEqual(result["argocd-server"], {
      ARGOCD_SERVER_INSECURE: "false",
      ARGOCD_APPLICATIONSET_CONTROLLER_ENABLE_SCM_PROVIDERS: "false",
    });
  });

  it("keep every process that asks for a checkout from fetching submodules", () => {
    const result = environments(configMaps(argoCdConfig(5)));
    for (const name of ["repo-server", "applicationset-controller", "argocd-server"] as const)
      assert.equal(result[name].ARGOCD_GIT_MODULES_ENABLED, "false", name);
  });

  it("refuse parameters that would do nothing", () => {
    assert.throws(
      () => environments({ "argocd-cmd-params-cm": { "repo.server": "elsewhere:1", "server.insecured": "true" } }),
      {
        name: "UserError",
        message:
          /^argocd-cmd-params-cm has repo\.server, server\.insecured; an embedded Argo CD knows log\.format\.timestamp, /,
      },
    );
  });
});

describe("askPassSocket", () => {
  it("lies in the cluster's directory, or elsewhere when that is too deep for a socket", () => {
    assert.equal(askPassSocket(paths), "/checkout/.onebranch/clusters/dev/argocd/ask-pass.sock");
    const deep = (name: string) => clusterPaths(name, `/${"deep/".repeat(20)}`);
    const far = [askPassSocket(deep("dev")), askPassSocket(deep("prod"))];
    for (const path of far) assert.ok(Buffer.byteLength(path) <= 103);
    assert.equal(new Set(far).size, 2);
  });
});
