import { layers } from "../../../model/layers";
import { roleOf } from "../file-roles";

/** What people call the layer that a file of the tree is. */
export function layerName(path: string): string {
  const { role } = roleOf(path);
  if (["cluster", "stage", "region", "chart"].includes(role)) return role;
  return layers.find((layer) => layer.role === role)?.name ?? "file";
}
