import { render } from "preact";
import { fleetPath, href, planPath, recentPath, useRoute, type Route } from "./address";
import { ApplicationPage } from "./application";
import { ClusterPage } from "./cluster";
import { ComponentPage } from "./component";
import { FleetPage } from "./fleet";
import { When } from "./parts";
import { PlanPage } from "./plan";
import { RecentPage } from "./recent";
import { connect, useModel, type Model } from "./store";

function Page() {
  const model = useModel();
  const route = useRoute();
  return (
    <>
      <a class="skip" href="#main">
        Skip to the view
      </a>
      <header class="bar">
        <b>onebranch</b>
        <nav aria-label="Views">
          <Tab to={fleetPath} current={route.view === "fleet"} name="Fleet" />
          <Tab to={planPath} current={route.view === "plan"} name="Working tree" />
          <Tab to={recentPath} current={route.view === "recent"} name="Lately" />
        </nav>
        <ServerState server={model.server} />
      </header>
      <main id="main" tabIndex={-1}>
        {model.server.state === "connecting" ? (
          <p class="muted">Reading the clusters…</p>
        ) : (
          <View model={model} route={route} />
        )}
      </main>
    </>
  );
}

function Tab({ to, current, name }: { to: string; current: boolean; name: string }) {
  return (
    <a href={href(to)} {...(current && { "aria-current": "page" })}>
      {name}
    </a>
  );
}

function ServerState({ server: { state, since } }: { server: Model["server"] }) {
  if (state === "snapshot") {
    const moment = new Date(since);
    return (
      <span class="server muted">
        snapshot of <time dateTime={moment.toISOString()}>{moment.toLocaleString()}</time>
      </span>
    );
  }
  return (
    <span class={`server ${state === "lost" ? "high" : `muted ${state}`}`} role="status">
      {state === "lost" ? (
        <>
          <code>onebranch ui</code> has not answered for <When at={since} suffix="" />; start it again
        </>
      ) : state === "live" ? (
        "live"
      ) : (
        "connecting"
      )}
    </span>
  );
}

function View({ model, route }: { model: Model; route: Route }) {
  switch (route.view) {
    case "fleet":
      return <FleetPage model={model} />;
    case "recent":
      return <RecentPage model={model} />;
    case "plan":
      return <PlanPage />;
    case "component":
      return <ComponentPage model={model} name={route.component} key={route.component} />;
    case "cluster":
      return <ClusterPage model={model} name={route.cluster} key={route.cluster} />;
    case "application": {
      const { cluster, application } = route;
      return <ApplicationPage model={model} cluster={cluster} name={application} key={`${cluster}/${application}`} />;
    }
  }
}

/** As on many pages, a slash leads to the search. */
function search(event: KeyboardEvent): void {
  if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "")) return;
  const field = document.querySelector<HTMLInputElement>('input[type="search"]');
  if (field === null) return;
  event.preventDefault();
  field.focus();
}

connect();
addEventListener("keydown", search);
const place = document.getElementById("page")!;
place.replaceChildren();
render(<Page />, place);
