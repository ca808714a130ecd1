import type { Happening } from "../views";
import { applicationPath, clusterPath, useSetting } from "./address";
import { Commands, Filters, Link, StateBadge, Table, Title, When } from "./parts";
import type { Model } from "./store";
import { count, shownStates, wordsOf } from "./words";

/** No other verb knows what happened since the start. Without operands it knows stacks alone. */
const kept = { what: "all views as files, to keep", line: "onebranch ui --export snapshot" };

/** What happened lately over all clusters. */
export function RecentPage({ model }: { model: Model }) {
  const [text, setText] = useSetting("text");
  const words = wordsOf(text);
  const shown = model.recent.filter(({ cluster, application = "", state, what }) => {
    const line = `${cluster} ${application} ${shownStates[state].words} ${what}`.toLowerCase();
    return words.every((word) => line.includes(word));
  });
  return (
    <>
      <Title name="Lately">What happened lately</Title>
      <p class="muted">
        The syncs that the Applications remember, and every change since <code>onebranch ui</code> was started.
      </p>
      <Filters text={text} set={setText} placeholder="cluster, component, what happened">
        <span class="muted" role="status">
          {count(shown.length, "entry").replace("entrys", "entries")}
        </span>
      </Filters>
      {shown.length === 0 && model.recent.length > 0 ? <p>Nothing matches.</p> : <HappeningTable happenings={shown} />}
      <Commands commands={[...model.clusters.values()].some(({ isStack }) => isStack) ? [kept] : []} json="/recent" />
    </>
  );
}

export function HappeningTable({ happenings }: { happenings: readonly Happening[] }) {
  if (happenings.length === 0) return <p>Nothing yet.</p>;
  return (
    <Table name="What happened" heads={["When", "Cluster", "Application", "State", "What"]}>
      {happenings.map(({ at, cluster, application, state, what }, index) => (
        <tr key={`${at} ${cluster} ${application} ${index}`}>
          <td>
            <When at={at} />
          </td>
          <td>
            <Link to={clusterPath(cluster)}>{cluster}</Link>
          </td>
          <td>{application !== undefined && <Link to={applicationPath(cluster, application)}>{application}</Link>}</td>
          <td>
            <StateBadge state={state} />
          </td>
          <td class="text">{what}</td>
        </tr>
      ))}
    </Table>
  );
}
