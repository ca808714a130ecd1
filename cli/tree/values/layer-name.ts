import { layers } from "../../../model/layers";
import { roleOf } from "../file-roles";

/** The name of the layer that a file of the tree belongs to. */
export function layerName(path: string): string {
  const { role } = roleOf(path);
  if (["cluster", "stage", "region", "chart"].includes(role)) return role;
  return layers.find((layer) => layer.role === role)?.name ?? "file";
}
