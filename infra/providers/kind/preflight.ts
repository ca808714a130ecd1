import { isFree } from "../../../machine/ports";
import { UserError } from "../../../model/errors";
import { exportedState, type ReadState } from "../../state";
import { docker as dockerOnPath, type Docker } from "./docker";
import { lookAtKind } from "./files";
import { refuseKind } from "./recovery";
import type { KindSettings } from "./settings";

/** What the look at this machine uses. Replaced in tests. */
export interface Machine {
  docker: Docker;
  readState: ReadState;
  /** Whether a port on 127.0.0.1 can be had. */
  isFree: (port: number) => Promise<boolean>;
}

const thisMachine: Machine = { docker: dockerOnPath, readState: exportedState, isFree };

/**
 * Looks whether kind can make or keep the cluster on this machine. Never asked in a preview, which needs no Docker.
 * @throws UserError before any resource exists
 */
export async function checkKind(
  stack: string,
  root: string,
  settings: KindSettings,
  { docker, readState, isFree }: Machine = thisMachine,
): Promise<void> {
  const { clusterName, port } = settings;
  const problem = await docker.problem();
  if (problem !== undefined) {
    throw new UserError(
      `the provider kind needs Docker, but ${problem}; start Docker, or do without: onebranch up ${stack} --provider embedded`,
      { exitCode: 1 },
    );
  }
  const finding = await lookAtKind({ stack, clusterName }, root, docker, readState);
  const refusal = refuseKind(finding, { stack, clusterName, root });
  if (refusal) throw refusal;
  const nodes = await docker.nodes(clusterName);
  if (nodes.length === 0 && !(await isFree(port))) {
    throw new UserError(
      `port ${port} on 127.0.0.1, where Argo CD of ${stack} is to answer, is taken by another program; stop that, or choose another: pulumi config set kindPort <port> -s ${stack}`,
      { exitCode: 1 },
    );
  }
}
