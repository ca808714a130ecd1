/** One thing the runtime is about to do, or still waits for. */
export interface StepEvent {
  action: "write" | "start" | "restart" | "wait" | "apply" | "stop" | "kill" | "remove";
  /** A process, or what else the action is about. */
  subject: string;
  /** How long it has waited so far. */
  seconds?: number;
}

/** Called before each step. */
export type ReportStep = (event: StepEvent) => void;

const words: Record<StepEvent["action"], string> = {
  write: "writing",
  start: "starting",
  restart: "restarting",
  wait: "waiting for",
  apply: "applying",
  stop: "stopping",
  kill: "killing",
  remove: "removing",
};

/** `starting etcd`, `waiting for kube-apiserver (1.2 s)`. */
export function formatStep({ action, subject, seconds }: StepEvent): string {
  return `${words[action]} ${subject}${seconds === undefined ? "" : ` (${seconds.toFixed(1)} s)`}`;
}
