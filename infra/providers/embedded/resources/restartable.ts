import { isDeepStrictEqual } from "node:util";
import { hasUnknown, type ResourceImplementation } from "../../../dynamic/implementation";
import { checkoutRoot } from "../../../checkout-root";
import { clusterStatus, type ClusterStatus, type ProcessStatus, type ReportStep } from "../runtime";
import { findToolchain, type Part, type Toolchain } from "../toolchain";
import { stepLog } from "./step-log";
import { requireToolchain } from "./toolchain";

interface Named {
  /** The cluster's name, which is the resource's id. */
  name: string;
}

/** Where and how the work on a cluster is done. */
interface Place extends Named {
  root: string;
  report: ReportStep;
}

/** What one group of a cluster's processes does differently from another. */
interface Restartable<Inputs extends Named, Extra extends object> {
  /** The names of the inputs; a change of any of them starts the processes again. */
  inputs: readonly (keyof Inputs)[];
  /** The parts of the toolchain that the processes need. */
  parts: readonly Part[];
  processes(status: ClusterStatus): readonly ProcessStatus[];
  /** Starts what does not run, and returns the outputs besides the inputs. */
  start(inputs: Inputs, toolchain: Toolchain, place: Place): Promise<Extra>;
  /** Whether the processes were started as they would be now. */
  isCurrent(inputs: Inputs, toolchain: Toolchain, place: Place): Promise<boolean>;
  /** What the disk says of the outputs; `undefined` when it is gone. */
  read(place: Place): Promise<Partial<Extra> | undefined>;
  remove(place: Place): Promise<void>;
}

type Outputs<Inputs, Extra> = Inputs & Extra & { running: boolean };

/** A resource that is processes of an embedded cluster: started again when they have ended, or would be started differently now. */
export function restartable<Inputs extends Named, Extra extends object>(
  group: Restartable<Inputs, Extra>,
): ResourceImplementation<Inputs, Outputs<Inputs, Extra>> {
  const place = (name: string): Place => ({ root: checkoutRoot(), name, report: stepLog(name) });

  async function start(given: Inputs): Promise<Outputs<Inputs, Extra>> {
    // Pulumi adds its own to what the program gives, and cannot keep `undefined`.
    const known = group.inputs.filter((key) => given[key] !== undefined);
    const inputs = Object.fromEntries(known.map((key) => [key, given[key]])) as unknown as Inputs;
    const toolchain = await requireToolchain(group.parts);
    return { ...inputs, ...(await group.start(inputs, toolchain, place(inputs.name))), running: true };
  }

  async function runs(name: string): Promise<boolean> {
    const status = await clusterStatus(checkoutRoot(), name);
    return group.processes(status).every(({ state }) => state === "running");
  }

  /** Without a toolchain nothing could be started again, and what runs may go on. */
  async function isCurrent(inputs: Inputs): Promise<boolean> {
    const toolchain = await findToolchain({ parts: group.parts });
    return !toolchain || group.isCurrent(inputs, toolchain, place(inputs.name));
  }

  return {
    create: async (inputs) => ({ id: inputs.name, outs: await start(inputs) }),
    update: async (_id, _olds, news) => ({ outs: await start(news) }),
    async diff(_id, olds, news) {
      if (hasUnknown(news)) return { changes: true };
      if (olds.name !== news.name) return { changes: true, replaces: ["name"], deleteBeforeReplace: true };
      const changed = group.inputs.some((key) => !isDeepStrictEqual(olds[key], news[key]));
      return { changes: changed || !(await runs(news.name)) || !(await isCurrent(news)) };
    },
    async read(id, props) {
      const found = await group.read(place(id));
      // An empty id says that it is gone.
      return found ? { id, props: { ...props!, ...found, running: await runs(id) } } : { id: "" };
    },
    delete: (id) => group.remove(place(id)),
  };
}
