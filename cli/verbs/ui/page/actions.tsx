import { useRef, useState } from "preact/hooks";
import type { ApplicationView, Refusal } from "../views";
import { href } from "./address";

/** Whether `onebranch ui` was started with --actions. Without it the server has no route for them. */
const acts = "acts" in document.documentElement.dataset;

type Action = "refresh" | "sync";

/** Buttons that ask Argo CD for something, each of which asks the reader first. */
export function Actions({ application }: { application: ApplicationView }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [action, setAction] = useState<Action>("refresh");
  const [said, setSaid] = useState("");
  if (!acts) return null;
  const { cluster, name, prunes } = application;
  const ask = (wanted: Action) => {
    setAction(wanted);
    dialog.current?.showModal();
  };
  const send = async () => {
    dialog.current?.close();
    setSaid(`Asking for the ${action}…`);
    try {
      const address = href(`/api/clusters/${cluster}/applications/${name}/${action}`);
      const response = await fetch(address, { method: "POST" });
      setSaid(response.ok ? `Argo CD is asked for the ${action}.` : ((await response.json()) as Refusal).error);
    } catch {
      setSaid("`onebranch ui` does not answer");
    }
  };
  const what = {
    refresh: "Argo CD compares it with Git again. Where its policy syncs by itself, it may then sync.",
    sync: `Argo CD applies what Git has${prunes ? ", and removes from the cluster what Git does not have" : ""}.`,
  }[action];
  return (
    <div class="choices">
      <button type="button" onClick={() => ask("refresh")}>
        Refresh…
      </button>
      <button type="button" onClick={() => ask("sync")}>
        Sync…
      </button>
      <span class="muted" role="status">
        {said}
      </span>
      <dialog ref={dialog} aria-labelledby="ask">
        <h2 id="ask">
          {action === "sync" ? "Sync" : "Refresh"} {name} in {cluster}?
        </h2>
        <p>{what}</p>
        <p class="choices">
          <button type="button" onClick={() => void send()}>
            {action === "sync" ? "Sync" : "Refresh"}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
        </p>
      </dialog>
    </div>
  );
}
