import type { ApplicationView } from "../views";
import { clusterPath, componentPath, fleetPath } from "./address";
import { Commands, Facts, Link, Notice, StateBadge, Table, Title, When } from "./parts";
import { Actions } from "./actions";
import { Live } from "./live";
import { useView, type Model } from "./store";
import { Values } from "./values";
import { short } from "./words";

/** How often the status of the Application that is open is read again, in milliseconds: its resources change without the fleet's view. */
const every = 5_000;

/** One Application: what it is like, why, and what it has synced. */
export function ApplicationPage({ model, cluster, name }: { model: Model; cluster: string; name: string }) {
  const known = model.clusters.get(cluster);
  const cell = known?.cells.get(name);
  const { data, error } = useView<ApplicationView>(
    `/clusters/${cluster}/applications/${name}`,
    [cell, known?.link.state],
    every,
  );
  const shown = cell ?? data;
  return (
    <>
      <p class="trail">
        <Link to={fleetPath}>Fleet</Link> / <Link to={clusterPath(cluster)}>{cluster}</Link>
      </p>
      <Title name={`${name} in ${cluster}`}>
        {name} <span class="muted">in {cluster}</span> {shown && <StateBadge state={shown.state} />}
      </Title>
      {known?.link.state === "unreachable" ? (
        <Notice tone="high">
          {cluster} has been out of reach for <When at={known.link.since} suffix="" />: {known.link.why}. What is below
          is what it had then.
        </Notice>
      ) : (
        error !== undefined && <Notice tone="medium">{error}</Notice>
      )}
      {data === undefined ? cell?.message && <p class="notice medium">{cell.message}</p> : <Reasons data={data} />}
      <div class="sides">
        {shown && (
          <section aria-labelledby="facts">
            <h2 id="facts">What it is</h2>
            <Facts
              facts={[
                ["sync", shown.sync],
                ["health", shown.health],
                [
                  "component",
                  <Link key="component" to={componentPath(shown.component)}>
                    {shown.component}
                  </Link>,
                ],
                ["version", shown.version],
                ["commit", shown.revision && <code>{shown.revision}</code>],
                ["since", shown.since !== "" && <When at={shown.since} />],
                ["project", data?.project],
                ["namespace", data?.namespace],
                ["images", data?.images.join(", ")],
              ]}
            />
          </section>
        )}
        {data !== undefined && <LastSync data={data} />}
      </div>
      {data === undefined && error === undefined && <p role="status">Asking the cluster…</p>}
      {data !== undefined && <Actions application={data} />}
      {data !== undefined && <Details data={data} />}
    </>
  );
}

function Details({ data }: { data: ApplicationView }) {
  return (
    <>
      <Resources data={data} />
      <Live cluster={data.cluster} name={data.name} reasons={[data.revision, data.sync, data.health, data.phase]} />
      {data.conditions.length > 0 && (
        <section aria-labelledby="conditions">
          <h2 id="conditions">Conditions</h2>
          <Table name="Conditions" heads={["Condition", "Since", "Message"]}>
            {data.conditions.map(({ type, message, at }) => (
              <tr key={`${type} ${message}`}>
                <th scope="row">{type}</th>
                <td>{at !== "" && <When at={at} suffix="" />}</td>
                <td class="text">{message}</td>
              </tr>
            ))}
          </Table>
        </section>
      )}
      <History data={data} />
      <Values cluster={data.cluster} name={data.name} revision={data.revision} />
      <section aria-labelledby="sources">
        <h2 id="sources">Sources</h2>
        <Table name="Sources" heads={["Repository", "Path or chart", "Revision"]}>
          {data.sources.map(({ repository, what, revision }) => (
            <tr key={`${repository} ${what}`}>
              <td class="text">{repository}</td>
              <td>{what}</td>
              <td>{revision}</td>
            </tr>
          ))}
        </Table>
      </section>
      <Commands commands={data.commands} json={`/clusters/${data.cluster}/applications/${data.name}`} />
    </>
  );
}

/** What is wrong, before everything else of it. */
function Reasons({ data: { state, reasons } }: { data: ApplicationView }) {
  if (state === "good" || reasons.length === 0) return null;
  return (
    <section aria-labelledby="why">
      <h2 id="why">Why it is not in order</h2>
      <ul class="troubles">
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  );
}

function LastSync({ data: { lastSync } }: { data: ApplicationView }) {
  return (
    <section aria-labelledby="sync">
      <h2 id="sync">Last sync</h2>
      {lastSync === undefined ? (
        <p>It was never synced.</p>
      ) : (
        <Facts
          facts={[
            ["result", lastSync.phase],
            ["message", lastSync.message],
            ["started", lastSync.startedAt && <When at={lastSync.startedAt} />],
            ["ended", lastSync.finishedAt && <When at={lastSync.finishedAt} />],
            ["commit", lastSync.revision && <code>{short(lastSync.revision)}</code>],
            ["by", lastSync.by],
          ]}
        />
      )}
    </section>
  );
}

function Resources({ data: { resources } }: { data: ApplicationView }) {
  return (
    <section aria-labelledby="resources">
      <h2 id="resources">Resources</h2>
      {resources.length === 0 ? (
        <p>None.</p>
      ) : (
        <Table
          name="Resources"
          heads={["Kind", "Name", "Namespace", "State", "Sync", "Health", "Message", "Last sync"]}
        >
          {resources.map(({ kind, name, namespace, state, sync, health, message, result }) => (
            <tr key={`${kind}/${namespace}/${name}`}>
              <td>{kind}</td>
              <th scope="row">{name}</th>
              <td>{namespace}</td>
              <td>
                <StateBadge state={state} />
              </td>
              <td>{sync}</td>
              <td>{health}</td>
              <td class="text">{message}</td>
              <td class="text">{result}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function History({ data: { history } }: { data: ApplicationView }) {
  if (history.length === 0) return null;
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <Table name="History" heads={["When", "Version", "Commit", "By"]}>
        {history.map(({ at, version, revision, by }) => (
          <tr key={at}>
            <td>
              <When at={at} />
            </td>
            <td>{version}</td>
            <td>
              <code>{short(revision)}</code>
            </td>
            <td>{by}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
