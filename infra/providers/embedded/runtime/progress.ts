/** One thing the runtime is about to do, or still waits for. */
export interface ProgressEvent {
  action: "write" | "start" | "restart" | "wait" | "apply" | "stop" | "kill" | "remove";
  /** A process, or what else the action is about. */
  subject: string;
  /** How long it has waited so far. */
  seconds?: number;
}

/** Told before each step. */
export type Progress = (event: ProgressEvent) => void;

const words: Record<ProgressEvent["action"], string> = {
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
export function formatEvent({ action, subject, seconds }: ProgressEvent): string {
  return `${words[action]} ${subject}${seconds === undefined ? "" : ` (${seconds.toFixed(1)} s)`}`;
}
