import type { Place } from "../places";

/** What people call the layer that a file of the tree is. */
export function layerName(place: Place): string {
  switch (place.kind) {
    case "component-values":
      return "component";
    case "stage-values":
    case "stage":
      return "stage";
    case "region-values":
    case "region":
      return "region";
    case "cluster-values":
    case "cluster":
      return "cluster";
    case "cluster-pin":
      return "cluster pin";
    case "pin":
    case "chart":
      return place.kind;
    case "bootstrap":
    case "exceptions":
    case "readme":
    case "stray":
      return "file";
  }
}
