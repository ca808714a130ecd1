/** A list as a setting has it: JSON, or its entries with commas between them. Undefined where the JSON is not a list of texts. */
export function listOf(text: string): string[] | undefined {
  if (text === "") return [];
  return text.startsWith("[") ? jsonList(text) : text.split(",").map((item) => item.trim());
}

function jsonList(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}
