import { Diff, Field } from "../../plan/report/view";
import type { LiveView, ResourceDifference } from "../views";
import { Notice, Table, When } from "./parts";
import { useView } from "./store";

/** How often the cluster is asked again, in milliseconds. */
const every = 15_000;

/** What the cluster says beside the Application: what differs from Git, the tree of resources, events. */
export function Live({ cluster, name, reasons }: { cluster: string; name: string; reasons: readonly unknown[] }) {
  const { data, error } = useView<LiveView>(`/clusters/${cluster}/applications/${name}/live`, reasons, every);
  if (data === undefined) return error === undefined ? <p role="status">Asking the cluster…</p> : null;
  return (
    <>
      <Differences live={data} />
      {data.tree !== undefined && <Tree nodes={data.tree} />}
      <Events live={data} />
    </>
  );
}

const signs = { add: "+", change: "~", remove: "-" } as const;

function Differences({ live: { differences, onlyStatus } }: { live: LiveView }) {
  const title = ({ change, kind, namespace, name }: ResourceDifference) =>
    `${signs[change]} ${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">From what is in the cluster to what is in Git</h2>
      {onlyStatus !== undefined && (
        <p class="muted">
          Argo CD's API could not be asked: {onlyStatus}. This is what the Application's status tells, without the
          fields.
        </p>
      )}
      {differences.length === 0 && <p>Nothing differs.</p>}
      {differences.map((difference) => (
        <Diff key={title(difference)} title={title(difference)} tone={difference.change}>
          {difference.fields.map((field) => (
            <Field key={field.path} field={field} />
          ))}
        </Diff>
      ))}
    </section>
  );
}

function Tree({ nodes }: { nodes: NonNullable<LiveView["tree"]> }) {
  return (
    <section aria-labelledby="tree">
      <h2 id="tree">Tree of resources</h2>
      {nodes.length === 0 ? (
        <p>None.</p>
      ) : (
        <Table name="Tree of resources" heads={["Resource", "Namespace", "Health", "Message", "Facts"]}>
          {nodes.map(({ depth, kind, namespace, name, health, message, facts }) => (
            <tr key={`${kind}/${namespace}/${name}`}>
              <th scope="row" class={`depth${Math.min(depth, 5)}`}>
                <span class="sr">{depth > 0 && `level ${depth + 1}: `}</span>
                <span class="muted">{kind}</span> {name}
              </th>
              <td>{namespace}</td>
              <td>{health}</td>
              <td class="text">{message}</td>
              <td>{facts.join(", ")}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function Events({ live: { events, noEvents } }: { live: LiveView }) {
  return (
    <section aria-labelledby="events">
      <h2 id="events">Events</h2>
      {noEvents !== undefined && <Notice tone="medium">The events cannot be read: {noEvents}</Notice>}
      {noEvents === undefined && events.length === 0 && <p>None; Kubernetes forgets them after an hour.</p>}
      {events.length > 0 && (
        <Table name="Events" heads={["When", "Type", "Reason", "Object", "Message", "Times"]}>
          {events.map(({ at, type, reason, object, message, count }, index) => (
            <tr key={`${at} ${object} ${index}`}>
              <td>
                <When at={at} />
              </td>
              <td>{type}</td>
              <td>{reason}</td>
              <td>{object}</td>
              <td class="text">{message}</td>
              <td>{count}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
