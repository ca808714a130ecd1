import type { Mapping } from "../../model/mapping";
import type { Image } from "../settings/argocd";

type Requests = [cpu: string, memory: string];

interface Sizes {
  controller: Requests;
  repoServer: Requests;
  server: Requests;
  applicationSet: Requests;
  notifications: Requests;
  redis: Requests;
}

/** What a part asks the scheduler for. Only requests: a limit of memory kills the part in the middle of the largest sync. */
const standard: Sizes = {
  controller: ["100m", "512Mi"],
  repoServer: ["50m", "256Mi"],
  server: ["50m", "128Mi"],
  applicationSet: ["50m", "128Mi"],
  notifications: ["10m", "64Mi"],
  redis: ["25m", "64Mi"],
};

const highlyAvailable: Sizes = {
  controller: ["500m", "1Gi"],
  repoServer: ["250m", "512Mi"],
  server: ["100m", "256Mi"],
  applicationSet: ["100m", "256Mi"],
  notifications: ["50m", "128Mi"],
  redis: ["100m", "256Mi"],
};

const requests = ([cpu, memory]: Requests): Mapping => ({ resources: { requests: { cpu, memory } } });

/** Two of a part, of which one may be away at a time. */
const two: Mapping = { replicas: 2, pdb: { enabled: true, maxUnavailable: 1 } };

/**
 * How many of each part there are, and what they ask for. There is one Application controller in both: more of them share clusters,
 * and each Argo CD has only its own.
 */
export function profileValues(profile: "standard" | "ha", redisImage?: Image): Mapping {
  const isHa = profile === "ha";
  const sizes = isHa ? highlyAvailable : standard;
  const several = isHa ? two : {};
  return {
    controller: requests(sizes.controller),
    repoServer: { ...requests(sizes.repoServer), ...several },
    server: { ...requests(sizes.server), ...several },
    applicationSet: { ...requests(sizes.applicationSet), ...several },
    notifications: requests(sizes.notifications),
    ...(isHa ? redisOfThree(sizes.redis, redisImage) : { redis: requests(sizes.redis) }),
  };
}

function redisOfThree(size: Requests, image: Image | undefined): Mapping {
  const budget = { podDisruptionBudget: { maxUnavailable: 1 } };
  return {
    global: {
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
      ],
    },
    "redis-ha": {
      enabled: true,
      ...(image && { image: { repository: image.repository, tag: image.tag } }),
      redis: requests(size),
      haproxy: { ...requests(["50m", "64Mi"]), ...budget },
      ...budget,
    },
  };
}
