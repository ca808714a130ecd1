import { Figures } from "../../../page/parts";
import type { Cell, ClusterView } from "../views";
import { applicationPath, fleetPath } from "./address";
import { Commands, Facts, Link, Notice, StateBadge, Table, Title, When } from "./parts";
import { useView, type Model } from "./store";
import { figuresOf, linkWords, rankOf, short } from "./words";

/** One cluster: who it is, how to reach it, what it runs. */
export function ClusterPage({ model, name }: { model: Model; name: string }) {
  const cluster = model.clusters.get(name);
  const { data, error } = useView<ClusterView>(`/clusters/${name}`, [cluster?.link.state]);
  if (cluster === undefined) {
    return (
      <>
        <Title name={name}>{name}</Title>
        <p>
          There is no cluster {name} here. <Link to={fleetPath}>The fleet</Link>
        </p>
      </>
    );
  }
  const { link } = cluster;
  const identity = data?.identity ?? {};
  return (
    <>
      <p class="trail">
        <Link to={fleetPath}>Fleet</Link>
      </p>
      <Title name={name}>{name}</Title>
      {link.state === "unreachable" && (
        <Notice tone="high">
          {name} has been out of reach for <When at={link.since} suffix="" />: {link.why}. What is below is what it had
          then. Its API server is asked again without your doing anything.
        </Notice>
      )}
      {error !== undefined && <Notice tone="medium">{error}</Notice>}
      <Figures figures={figuresOf(cluster.cells.values())} />
      <section aria-labelledby="applications">
        <h2 id="applications">Applications</h2>
        {cluster.cells.size > 0 ? (
          <ApplicationTable cluster={name} cells={[...cluster.cells.values()]} />
        ) : (
          <p>{link.state === "live" ? "It has none yet." : "None is known: it has not answered yet."}</p>
        )}
      </section>
      <div class="sides">
        <section aria-labelledby="identity">
          <h2 id="identity">Identity</h2>
          <Facts
            facts={[
              ["stage", cluster.stage],
              ["ring", cluster.ring],
              ["region", cluster.region],
              ["provider", cluster.provider],
              ["Kubernetes", identity.kubernetesVersion],
              ["domain", identity.domain],
              ["capabilities", identity.capabilities?.replaceAll(",", ", ")],
              ["compliance", identity.compliance?.replaceAll(",", ", ")],
              [
                "short-lived",
                data?.ends && `it takes the identity of ${cluster.lifetime?.from}; its time ${data.ends}`,
              ],
              ["connection", linkWords(link)],
            ]}
          />
        </section>
        {data && <Access argocd={data.argocd} />}
      </div>
      {data && <Exceptions exceptions={data.exceptions} />}
      {data && <Commands commands={data.commands} json={`/clusters/${name}`} />}
    </>
  );
}

function ApplicationTable({ cluster, cells }: { cluster: string; cells: Cell[] }) {
  const sorted = cells.sort((a, b) => rankOf(a.state) - rankOf(b.state) || (a.name < b.name ? -1 : 1));
  return (
    <Table
      name={`Applications of ${cluster}`}
      heads={["Application", "State", "Message", "Version", "Since", "Commit", "Sync", "Health"]}
    >
      {sorted.map(({ name, state, sync, health, version, revision, since, message }) => (
        <tr key={name}>
          <th scope="row">
            <Link to={applicationPath(cluster, name)}>{name}</Link>
          </th>
          <td>
            <StateBadge state={state} />
          </td>
          <td class="text">{message}</td>
          <td>{version}</td>
          <td>{since !== "" && <When at={since} suffix="" />}</td>
          <td>
            <code>{short(revision)}</code>
          </td>
          <td>{sync}</td>
          <td>{health}</td>
        </tr>
      ))}
    </Table>
  );
}

function Access({ argocd: { url, login } }: { argocd: ClusterView["argocd"] }) {
  if (url === undefined && login === undefined) return null;
  return (
    <section aria-labelledby="argocd">
      <h2 id="argocd">Argo CD</h2>
      <Facts
        facts={[
          [
            "address",
            url !== undefined && (
              <a key="address" href={url} rel="noreferrer" target="_blank">
                {url}
              </a>
            ),
          ],
          ["log in", login],
        ]}
      />
    </section>
  );
}

function Exceptions({ exceptions }: { exceptions: ClusterView["exceptions"] }) {
  return (
    <section aria-labelledby="exceptions">
      <h2 id="exceptions">Exceptions</h2>
      {exceptions.length === 0 ? (
        <p>None: it has what its stage and region have.</p>
      ) : (
        <Table name="Exceptions" heads={["Component", "What", "Ends", "Owner", "Reason", "Ticket"]}>
          {exceptions.map(({ component, what, expires, daysLeft, owner, reason, ticket }) => (
            <tr key={`${component} ${what}`}>
              <th scope="row">{component}</th>
              <td>{what}</td>
              <td>
                <span class={daysLeft < 0 ? "badge high" : daysLeft < 14 ? "badge medium" : ""}>
                  {endWords(daysLeft)}
                </span>{" "}
                <span class="muted">{expires}</span>
              </td>
              <td>{owner}</td>
              <td class="text">{reason}</td>
              <td>{ticket}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function endWords(daysLeft: number): string {
  if (daysLeft < 0) return `expired ${-daysLeft} d ago`;
  return daysLeft === 0 ? "today is the last day" : `${daysLeft} d left`;
}
