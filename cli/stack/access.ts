import { directoryWith, searchPath } from "../../machine/path";
import { firstPasswordCommand, firstUser } from "../../model/access";
import type { ProgramRun } from "./run";

/** How to reach a cluster and its Argo CD; nothing in it is secret. */
export interface Access {
  argocdURL?: string;
  /** Whether people log in by their identity provider. */
  argocdSso?: boolean;
  /** The program's own words on how to log in. */
  argocdLogin?: string;
  kubeconfig: { path: string; context?: string };
  /** Directory with kubectl and argocd, when the user's PATH lacks them. */
  tools?: string;
}

/** What the user needs, from the outputs of the program. */
export function accessOf(
  { settings, toolPath }: ProgramRun,
  outputs: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): Access {
  const text = (name: string) => (typeof outputs[name] === "string" ? { [name]: outputs[name] } : {});
  const own = searchPath(env);
  const lacking = ["kubectl", "argocd"].some((tool) => directoryWith(tool, own) === undefined);
  const tools = lacking ? directoryWith("kubectl", toolPath) : undefined;
  return {
    ...text("argocdURL"),
    ...(outputs.argocdSso === true && { argocdSso: true }),
    ...text("argocdLogin"),
    kubeconfig: settings.kubeconfig,
    ...(tools !== undefined && { tools }),
  };
}

/** The same as lines to copy into a shell, in the order of their use. */
export function accessText({ argocdURL, argocdSso, argocdLogin, kubeconfig, tools }: Access): string {
  const context = kubeconfig.context === undefined ? "" : ` && kubectl config use-context ${kubeconfig.context}`;
  const lines: [string, string][] = [
    ...(tools === undefined ? [] : [["tools", `export PATH=${tools}:$PATH`] as [string, string]]),
    ["kubectl", `export KUBECONFIG=${kubeconfig.path}${context}`],
  ];
  if (argocdURL !== undefined) {
    lines.push(["Argo CD", argocdURL], ["log in", loginCommand(argocdURL, argocdSso)]);
  }
  if (argocdLogin !== undefined) lines.push(["", argocdLogin]);
  return `\n${lines.map(([title, text]) => `${title.padEnd(8)}  ${text}\n`).join("")}`;
}

/** On this machine the certificate is self-signed. Elsewhere something may stand in front that does not pass gRPC on. */
function loginCommand(url: string, sso = false): string {
  const { host, hostname } = new URL(url);
  const login = `argocd login ${host} ${["127.0.0.1", "localhost"].includes(hostname) ? "--insecure" : "--grpc-web"}`;
  return sso ? `${login} --sso` : `${login} --username ${firstUser} --password "$(${firstPasswordCommand})"`;
}
